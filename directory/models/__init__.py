from .actors import Actor, ActorTerm, ActorTheme
from .listings import Listing, ListingChange, ListingText
from .structures import Membership, Structure
from .terms import Term, Vocabulary

__all__ = [
    "Actor",
    "ActorTerm",
    "ActorTheme",
    "Listing",
    "ListingChange",
    "ListingText",
    "Membership",
    "Structure",
    "Term",
    "Vocabulary",
]
