"""In whose name mails leave. The instance lives on a higher floor, which says here how to ask for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Letterhead:
    name: str = "Partenariat en santé"
    bearer_line: str = ""
    contact_email: str = ""


_ask: Callable[[], Letterhead] = Letterhead


def answer_with(ask: Callable[[], Letterhead]) -> None:
    """Say how to know the instance of today. Called once, from the `apps.py` of the app that holds it."""
    global _ask
    _ask = ask


def letterhead() -> Letterhead:
    return _ask()
