"""What this app takes out of sight when an account closes, and brings back if it opens again."""

from __future__ import annotations

import datetime

from accounts.models import User
from moderation.models import Decision, Status, Verb
from moderation.workflow import Hand, apply
from privacy.registry import Showing, register

from .models import Actor


def hide(user: User) -> None:
    """Archive her page, whatever its state: it leaves lists, map and search in this transaction."""
    for actor in Actor.objects.filter(user=user).exclude(status=Status.ARCHIVED):
        apply(actor, Verb.ARCHIVE, hand=Hand.SITE, by=user)


def show_again(user: User, since: datetime.datetime) -> None:
    """Publish her page again, if it was published when it was hidden."""
    for actor in Actor.objects.filter(user=user, status=Status.ARCHIVED):
        last = Decision.objects.of(actor).first()
        if last and last.at >= since and last.before == Status.PUBLISHED:
            apply(actor, Verb.PUBLISH, hand=Hand.SITE, by=user)


def declare() -> None:
    register(Showing(hide=hide, show_again=show_again))
