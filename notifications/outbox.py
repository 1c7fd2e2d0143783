"""The outbox itself: one row per mail, unique by its key."""

from __future__ import annotations

import datetime
import hashlib
import logging
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.transaction import atomic
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import User

from . import kinds
from .models import Message
from .words import Words

logger = logging.getLogger(__name__)

#: How many mails that a stranger can cause one address gets in a day, whatever causes them.
MAILS_A_DAY_FROM_ANYONE = 5
TOO_MANY = f"Cette adresse a déjà reçu {MAILS_A_DAY_FROM_ANYONE} messages en un jour : un abus est possible."


def write(
    kind: kinds.MailKind,
    *,
    key: str,
    to: User | None,
    address: str,
    spoken: Words,
    language: str,
    about: models.Model | None = None,
    optional: bool = False,
) -> Message | None:
    """Put one mail in the outbox. None when the outbox has this key already.

    optional: the person may stop such mails, and her preferences are read again when it leaves.
    """
    row = {
        **about_fields(about),
        "kind": kind.code,
        "recipient": to,
        "address": address.lower(),
        "language": language,
        "subject": spoken.subject,
        "text": spoken.text,
        "button": spoken.button,
        "link": spoken.link,
        "sensitive": kind.sensitive,
        "optional": optional,
    }
    with atomic():
        if kind.from_anyone and _too_many(row["address"]):
            row |= {"state": Message.State.WITHHELD, "failure": TOO_MANY}
            row |= dict.fromkeys(Message.BODY, "") if kind.sensitive else {}
        message, created = Message.objects.get_or_create(key=key, defaults=row)
    return message if created else None


def start(message: Message) -> None:
    """Have a worker send this mail as soon as the transaction is committed."""
    if message.state == Message.State.QUEUED:
        transaction.on_commit(partial(_call_a_worker, message.pk))


def key_of(kind: str, about: models.Model | None, recipient: str, period: str) -> str:
    """What two sayings of the same thing to the same person have in common."""
    what = f"{about._meta.label_lower} {about.pk}" if about is not None else ""
    return hashlib.sha256("\n".join([kind, what, recipient, period]).encode()).hexdigest()


def about_fields(about: models.Model | None) -> dict[str, object]:
    if about is None:
        return {}
    return {"about_type": ContentType.objects.get_for_model(about), "about_id": about.pk}


def _too_many(address: str) -> bool:
    """Whether this address has had its share of today. Others who write to it wait for our answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"outbox {address}"])
    since = timezone.now() - datetime.timedelta(days=1)
    counted = Message.objects.filter(
        address=address, created_at__gt=since, kind__in=kinds.codes(from_anyone=True)
    ).exclude(state=Message.State.WITHHELD)
    return counted.count() >= MAILS_A_DAY_FROM_ANYONE


def _call_a_worker(message_id: int) -> None:
    from .tasks import send

    try:
        send.apply_async((message_id,), retry=False)
    except OperationalError:
        # The broker is away: beat finds the row within the minute.
        logger.warning("Mail %s waits for the next sweep: no broker.", message_id)
