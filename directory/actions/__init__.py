"""Every change to the directory."""

from .actors import consent_to_themes, create_actor, join_structure, set_audience, set_themes
from .duplicates import look_for_duplicates, propose_duplicates, tell_apart
from .keeping import (
    LastReferent,
    answer_claim,
    answer_invitation,
    cancel_invitation,
    claim_structure,
    drop_claim,
    invite_referent,
    remove_referent,
    step_down,
    verify_structure,
)
from .members import answer_proposal, ask_to_be_named, drop_proposal, leave_structure, propose_member
from .publishing import publish, withdraw
from .structures import create_structure, delete_draft, start_structure

__all__ = [
    "LastReferent",
    "answer_claim",
    "answer_invitation",
    "answer_proposal",
    "ask_to_be_named",
    "cancel_invitation",
    "claim_structure",
    "consent_to_themes",
    "create_actor",
    "create_structure",
    "delete_draft",
    "drop_claim",
    "drop_proposal",
    "invite_referent",
    "join_structure",
    "leave_structure",
    "look_for_duplicates",
    "propose_duplicates",
    "propose_member",
    "publish",
    "remove_referent",
    "set_audience",
    "set_themes",
    "start_structure",
    "step_down",
    "tell_apart",
    "verify_structure",
    "withdraw",
]
