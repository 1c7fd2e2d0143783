"""Every change to the directory."""

from .actors import consent_to_themes, create_actor, join_structure, set_audience, set_themes
from .publishing import publish, withdraw
from .structures import create_structure

__all__ = [
    "consent_to_themes",
    "create_actor",
    "create_structure",
    "join_structure",
    "publish",
    "set_audience",
    "set_themes",
    "withdraw",
]
