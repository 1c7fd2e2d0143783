"""Kinds of messages for the tests, and mails in every state."""

from __future__ import annotations

import datetime
import hashlib
import itertools

from django.utils import timezone

from accounts.models import User
from notifications import actions
from notifications.kinds import Family, MailKind, register
from notifications.models import Message, Notice

register(
    Family("trial", "Essais"),
    MailKind("trial.news", "Nouvelle d’essai"),
    MailKind("trial.decision", "Décision d’essai", mandatory=True),
    MailKind("trial.receipt", "Accusé d’essai", mandatory=True, from_anyone=True),
    MailKind("trial.code", "Code d’essai", mandatory=True, sensitive=True, from_anyone=True),
)

_numbers = itertools.count(1)
WORDS = {"title": "Du nouveau", "words": "bonne lecture", "link": "/acteurs/"}


def reader(pace: str = "", **fields: object) -> User:
    """Someone to write to, with her pace for the trial family."""
    user = User.objects.create_user(f"reader{next(_numbers)}@example.org", **fields)
    if pace:
        actions.choose_paces(user, {"trial": pace})
    return user


def told(user: User, kind: str = "trial.news", **context: object) -> Notice | None:
    """A notice, about nothing, said once per call unless `period` says otherwise."""
    period = context.pop("period", str(next(_numbers)))
    return actions.tell(user, kind, period=period, **{**WORDS, **context})


def posted(to: User | str, kind: str = "trial.receipt", **context: object) -> Message | None:
    period = context.pop("period", str(next(_numbers)))
    return actions.post(to, kind, period=period, **{**WORDS, **context})


def queued(number: int = 1, **fields: object) -> list[Message]:
    """Mails that wait, with no task on its way for them."""
    return Message.objects.bulk_create(
        Message(
            **{
                "key": hashlib.sha256(str(next(_numbers)).encode()).hexdigest(),
                "kind": "trial.receipt",
                "address": f"reader{next(_numbers)}@example.org",
                "language": "fr",
                "subject": "Du nouveau",
                "text": "Bonjour,\n\nbonne lecture",
                **fields,
            }
        )
        for _each in range(number)
    )


def stuck(**fields: object) -> Message:
    """A mail that a worker took an hour ago and said nothing about since."""
    taken = {"state": Message.State.SENDING, "claimed_at": timezone.now() - datetime.timedelta(hours=1)}
    return queued(**{"attempts": 1, **taken, **fields})[0]


def failed(**fields: object) -> Message:
    return queued(state=Message.State.FAILED, failure="550 no such user here", attempts=1, **fields)[0]
