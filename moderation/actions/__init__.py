"""Every change to what is contributed and to the queue."""

from .appeals import answer_appeal, appeal
from .cases import claim, close, drop, open_case, release, settle, write_note
from .contributions import archive, confirm, delete_draft, drop_revision, revise, submit, take_back
from .deciding import confirm_for_team, decide, keep, tell_owners
from .freshness import advance
from .reports import report
from .standing import lift, lift_due, suspend, vouch, warn, withdraw_trust

__all__ = [
    "advance",
    "answer_appeal",
    "appeal",
    "archive",
    "claim",
    "close",
    "confirm",
    "confirm_for_team",
    "decide",
    "delete_draft",
    "drop",
    "drop_revision",
    "keep",
    "lift",
    "lift_due",
    "open_case",
    "release",
    "report",
    "revise",
    "settle",
    "submit",
    "suspend",
    "take_back",
    "tell_owners",
    "vouch",
    "warn",
    "withdraw_trust",
    "write_note",
]
