"""The mail of the day: what was said to a person lately, and that she neither read nor was sent."""

from __future__ import annotations

import datetime

from django.db.transaction import atomic
from django.urls import reverse
from django.utils import timezone

from accounts.models import User

from . import kinds
from .models import Message, Notice, Preference
from .outbox import key_of, write
from .words import Words, words

KIND = "notifications.digest"
#: Days after which what was not sent is no longer news: it stays in her space.
REACH = 7


def build_all(now: datetime.datetime) -> int:
    """Write the digest of everyone who has something to read. Run twice in a day, it writes nothing more."""
    waiting = Notice.objects.waiting_for_a_digest(now - datetime.timedelta(days=REACH))
    people = waiting.order_by().values_list("user", flat=True).distinct()
    return sum(
        build(user, now) is not None
        for user in User.objects.filter(is_active=True, pk__in=people).order_by("pk")
    )


@atomic
def build(user: User, now: datetime.datetime) -> Message | None:
    """One person's digest of the day. None when there is nothing in it, or when she had one already."""
    paces = Preference.paces_of(user)
    since = now - datetime.timedelta(days=REACH)
    waiting = user.notices.waiting_for_a_digest(since).select_for_update().order_by("pk")
    wanted = [notice for notice in waiting if paces[notice.family] == Preference.Pace.DAILY]
    if not wanted:
        return None
    message = write(
        kinds.kind(KIND),
        key=key_of(KIND, None, f"user {user.pk}", timezone.localdate(now).isoformat()),
        to=user,
        address=user.email,
        spoken=_said(wanted, user.language),
        language=user.language,
        optional=True,
    )
    if message:
        Notice.objects.filter(pk__in=[notice.pk for notice in wanted]).update(message=message)
    return message


def rewrite(message: Message, notices: list[Notice]) -> None:
    """Say only these notices in a digest about to leave."""
    message.text = _said(notices, message.language).text
    message.save(update_fields=["text"])


def _said(notices: list[Notice], language: str) -> Words:
    return words(kinds.kind(KIND), language, {"notices": notices, "link": reverse("notices")})
