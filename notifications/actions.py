"""Saying something to someone. `tell` and `post` are called inside the transaction of what causes them."""

from __future__ import annotations

import datetime
import hashlib
import logging
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.transaction import atomic
from django.utils import timezone
from django.utils.translation import get_language
from kombu.exceptions import OperationalError

from accounts.models import User

from . import kinds
from .models import Message, Notice, Preference
from .words import Words, words

logger = logging.getLogger(__name__)

#: How many mails that a stranger can cause one address gets in a day, whatever causes them.
MAILS_A_DAY_FROM_ANYONE = 5
TOO_MANY = f"Cette adresse a déjà reçu {MAILS_A_DAY_FROM_ANYONE} messages en un jour : un abus est possible."


@atomic
def tell(
    user: User, kind: str, *, about: models.Model | None = None, period: str = "", **context: object
) -> Notice | None:
    """Leave a notice in someone's space, and mail it at the pace she chose; at once where it is mandatory.

    kind, about, period: what makes it said once; saying it again does nothing.
    context: what the template of the kind reads; `link` is where it leads, a path of this site.
    Returns the notice, or None when it was already said.
    """
    said = kinds.kind(kind)
    spoken = words(said, user.language, context)
    notice, created = Notice.objects.get_or_create(
        key=key_of(kind, about, f"user {user.pk}", period),
        defaults={
            **_about(about),
            "user": user,
            "kind": kind,
            "subject": spoken.subject,
            "link": spoken.link,
        },
    )
    if not created:
        return None
    if said.mandatory or Preference.paces_of(user)[said.family] == Preference.Pace.AT_ONCE:
        notice.message = write(
            said,
            key=notice.key,
            to=user,
            address=user.email,
            spoken=spoken,
            language=user.language,
            about=about,
        )
        notice.save(update_fields=["message"])
    return notice


@atomic
def post(
    to: User | str, kind: str, *, about: models.Model | None = None, period: str = "", **context: object
) -> Message | None:
    """Mail something that always goes, to an account or to an address without one.

    An address gets it in the language of the page that causes it. Same arguments as `tell`.
    Returns the message, or None when it was already said.
    """
    said = kinds.kind(kind)
    account, address = (to, to.email) if isinstance(to, User) else (None, to)
    language = account.language if account else (get_language() or "fr")
    return write(
        said,
        key=key_of(kind, about, f"user {account.pk}" if account else f"address {address.lower()}", period),
        to=account,
        address=address,
        spoken=words(said, language, context),
        language=language,
        about=about,
    )


def write(
    kind: kinds.MailKind,
    *,
    key: str,
    to: User | None,
    address: str,
    spoken: Words,
    language: str,
    about: models.Model | None = None,
) -> Message | None:
    """Put one mail in the outbox; it starts on commit. None when the outbox has this key already."""
    row = {
        **_about(about),
        "kind": kind.code,
        "recipient": to,
        "address": address,
        "language": language,
        "subject": spoken.subject,
        "text": spoken.text,
        "button": spoken.button,
        "link": spoken.link,
        "sensitive": kind.sensitive,
    }
    with atomic():
        if kind.from_anyone and _too_many(address):
            row |= {"state": Message.State.WITHHELD, "failure": TOO_MANY}
            row |= dict.fromkeys(Message.BODY, "") if kind.sensitive else {}
        message, created = Message.objects.get_or_create(key=key, defaults=row)
    if not created:
        return None
    if message.state == Message.State.QUEUED:
        transaction.on_commit(partial(_start, message.pk))
    return message


def key_of(kind: str, about: models.Model | None, recipient: str, period: str) -> str:
    """What two sayings of the same thing to the same person have in common."""
    what = f"{about._meta.label_lower} {about.pk}" if about is not None else ""
    return hashlib.sha256("\n".join([kind, what, recipient, period]).encode()).hexdigest()


def _about(about: models.Model | None) -> dict[str, object]:
    if about is None:
        return {}
    return {"about_type": ContentType.objects.get_for_model(about), "about_id": about.pk}


def _too_many(address: str) -> bool:
    """Whether this address has had its share of today. Others who write to it wait for our answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"outbox {address.lower()}"])
    since = timezone.now() - datetime.timedelta(days=1)
    counted = Message.objects.filter(
        address__iexact=address, created_at__gt=since, kind__in=kinds.codes(from_anyone=True)
    ).exclude(state=Message.State.WITHHELD)
    return counted.count() >= MAILS_A_DAY_FROM_ANYONE


def _start(message_id: int) -> None:
    from .tasks import send

    try:
        send.apply_async((message_id,), retry=False)
    except OperationalError:
        # The broker is away: beat finds the row within the minute.
        logger.warning("Mail %s waits for the next sweep: no broker.", message_id)
