"""Every change to the directory."""

from .actors import consent_to_themes, create_actor, join_structure, set_audience, set_themes
from .charter import sign_charter
from .duplicates import look_for_duplicates, propose_duplicates, tell_apart
from .invitations import confirm_page, enter_for, invite, make_poster, refuse_page
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
from .merging import merge_structures, merged_values
from .pages import (
    answer_for_themes,
    choose_circles,
    edit_page,
    page_as_edited,
    set_paused,
    start_page,
)
from .publishing import publish, withdraw
from .structures import create_structure, start_structure

__all__ = [
    "LastReferent",
    "answer_claim",
    "answer_for_themes",
    "answer_invitation",
    "answer_proposal",
    "ask_to_be_named",
    "cancel_invitation",
    "choose_circles",
    "claim_structure",
    "confirm_page",
    "consent_to_themes",
    "create_actor",
    "create_structure",
    "drop_claim",
    "drop_proposal",
    "edit_page",
    "enter_for",
    "invite",
    "invite_referent",
    "join_structure",
    "leave_structure",
    "look_for_duplicates",
    "make_poster",
    "merge_structures",
    "merged_values",
    "page_as_edited",
    "propose_duplicates",
    "propose_member",
    "publish",
    "refuse_page",
    "remove_referent",
    "set_audience",
    "set_paused",
    "set_themes",
    "sign_charter",
    "start_page",
    "start_structure",
    "step_down",
    "tell_apart",
    "verify_structure",
    "withdraw",
]
