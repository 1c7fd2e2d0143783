"""The region this site is for: known to an app above, useful to those below."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Territory

_ask: Callable[[], Territory | None] | None = None


def answer_with(ask: Callable[[], Territory | None]) -> None:
    """Say how to know the region of today. Called once, from the `apps.py` of the app that holds it."""
    global _ask
    _ask = ask


def home_region() -> Territory | None:
    """The region of this site; None where it is for the whole country."""
    return _ask() if _ask else None
