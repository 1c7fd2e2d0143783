"""What the apps above do when an account closes or opens again, filled in by their `apps.py`."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Showing:
    """What an app shows of people.

    hide: take everything of hers out of sight, in the transaction of the caller.
    show_again: bring back what `hide` took away at or after a moment.
    """

    hide: Callable[[User], None]
    show_again: Callable[[User, datetime.datetime], None]


_showings: list[Showing] = []


def register(showing: Showing) -> None:
    _showings.append(showing)


def hide(user: User) -> None:
    for showing in _showings:
        showing.hide(user)


def show_again(user: User, since: datetime.datetime) -> None:
    for showing in _showings:
        showing.show_again(user, since)
