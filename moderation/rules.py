"""Which contributions are looked at before they appear, and why: the one place that says it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.utils import timezone

from accounts.models import User

from .models import Case, Publishable, Rule, Trust
from .registry import kind_of

#: Accepted contributions after which the next ones appear at once…
TRUST_AFTER = 3
#: …unless one was refused or hidden in that time.
TRUST_NEEDS_CALM = datetime.timedelta(days=90)
ACCEPTED = ("publish", "accept_edit")
BLAMED = ("refuse", "refuse_edit", "hide")


def is_trusted(user: User) -> bool:
    """Whether what `user` contributes appears at once."""
    return user.is_team or Trust.objects.in_force().filter(user=user).exists()


def holding_rule(item: Publishable, by: User, changes: Mapping[str, object] | None = None) -> Rule | None:
    """The rule that keeps a contribution, or an edit of it, from appearing at once; None if none."""
    if by.is_team:
        return None
    kind = kind_of(item)
    if doubt := kind.doubt(item, changes or {}):
        return doubt
    if kind.sensitive.intersection(changes or ()):
        return Rule.SENSITIVE
    return None if is_trusted(by) else Rule.NEWCOMER


def has_earned_trust(user: User) -> bool:
    """Whether enough was accepted of what `user` contributed, and nothing refused lately."""
    settled = Case.objects.filter(author=user, closed_at__isnull=False)
    lately = settled.filter(closed_at__gte=timezone.now() - TRUST_NEEDS_CALM)
    if lately.filter(outcome__in=BLAMED).exists():
        return False
    return settled.filter(outcome__in=ACCEPTED).count() >= TRUST_AFTER
