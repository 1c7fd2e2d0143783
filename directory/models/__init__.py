from .actors import Actor, ActorTerm, ActorTheme
from .addresses import OldAddress
from .duplicates import Duplicate
from .joining import Charter, CharterSignature, Invitation, Origin, Poster
from .keeping import Answer, ClaimRequest, MembershipProposal, ReferentInvitation
from .listings import Listing, ListingChange, ListingText
from .structures import KEYS, Membership, Structure
from .terms import Term, Vocabulary

__all__ = [
    "KEYS",
    "Actor",
    "ActorTerm",
    "ActorTheme",
    "Answer",
    "Charter",
    "CharterSignature",
    "ClaimRequest",
    "Duplicate",
    "Invitation",
    "Listing",
    "ListingChange",
    "ListingText",
    "Membership",
    "MembershipProposal",
    "OldAddress",
    "Origin",
    "Poster",
    "ReferentInvitation",
    "Structure",
    "Term",
    "Vocabulary",
]
