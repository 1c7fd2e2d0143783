"""What follows when an account closes or opens again, filled in by the apps above in their `apps.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .models import User


@dataclass(frozen=True)
class Showing:
    """What an app shows of people. Both run in the transaction of the caller.

    hide: take everything of hers out of sight; gets the person, why, by whose hand (None: the site's, or her
        own), and the reason in words.
    show_again: bring back what `hide` took away, once nothing keeps the account closed any more.
    """

    hide: Callable[[User, User.Closed, User | None, str], None]
    show_again: Callable[[User], None]


_showings: list[Showing] = []


def register(showing: Showing) -> None:
    _showings.append(showing)


def hide(user: User, why: User.Closed, by: User | None, reason: str) -> None:
    for showing in _showings:
        showing.hide(user, why, by, reason)


def show_again(user: User) -> None:
    for showing in _showings:
        showing.show_again(user)
