"""Showing a page and taking it away: the site's own hand, for the demo, imports and the team's data pages."""

from __future__ import annotations

import datetime

from accounts.models import User
from moderation.workflow import Hand, Verb, apply

from ..models import Actor, Structure


def publish(page: Actor | Structure, at: datetime.datetime | None = None, by: User | None = None) -> None:
    """Show a page to its audience: in its list, on the map, in searches. `at` keeps an earlier date.

    Publishing twice changes nothing.
    """
    apply(page, Verb.PUBLISH, hand=Hand.SITE, by=by, at=at)


def withdraw(page: Actor | Structure, by: User | None = None) -> None:
    """Take a page out of everything; it is archived, not deleted."""
    apply(page, Verb.ARCHIVE, hand=Hand.SITE, by=by)
