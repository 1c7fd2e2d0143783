from .appeals import CONTESTABLE_FOR, Appeal
from .cases import CLAIM_LAPSES, Case
from .decisions import CLOSING_RULES, URGENT_GROUNDS, URGENT_RULES, Decision, Ground, Revision, Rule, Verb
from .desk import AnswerTemplate, Note
from .freshness import FreshnessStep
from .publishable import Publishable, PublishableQuerySet, Status
from .reports import Report
from .standing import Sanction, Trust

__all__ = [
    "CLAIM_LAPSES",
    "CLOSING_RULES",
    "CONTESTABLE_FOR",
    "URGENT_GROUNDS",
    "URGENT_RULES",
    "AnswerTemplate",
    "Appeal",
    "Case",
    "Decision",
    "FreshnessStep",
    "Ground",
    "Note",
    "Publishable",
    "PublishableQuerySet",
    "Report",
    "Revision",
    "Rule",
    "Sanction",
    "Status",
    "Trust",
    "Verb",
]
