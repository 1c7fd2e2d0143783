from .cases import Case
from .decisions import Decision, Revision, Rule, Verb
from .publishable import Publishable, PublishableQuerySet, Status
from .standing import Trust

__all__ = [
    "Case",
    "Decision",
    "Publishable",
    "PublishableQuerySet",
    "Revision",
    "Rule",
    "Status",
    "Trust",
    "Verb",
]
