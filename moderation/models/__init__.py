from .cases import Case
from .decisions import URGENT_RULES, Decision, Revision, Rule, Verb
from .publishable import Publishable, PublishableQuerySet, Status
from .standing import Trust

__all__ = [
    "URGENT_RULES",
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
