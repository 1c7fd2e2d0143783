"""From the outbox to the relay: one worker takes a row, and nobody takes it again without knowing its fate.

The row is `sending`, and that is committed, before the first byte leaves. Then the relay answers and the row
says what; or the worker dies, or the connection, in the middle. What the relay took is not known here then,
so the row stays as it is until the relay's log, or someone of the team, settles it (`settling.py`).
"""

from __future__ import annotations

import datetime
import logging
import smtplib
from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.transaction import atomic
from django.utils import timezone

from .dress import dressed
from .letterhead import Letterhead, letterhead
from .models import Message
from .wanted import reason_to_withhold

logger = logging.getLogger(__name__)

#: Mails that one task sends on one connection.
BATCH = 50
#: Minutes before each new try; after the last one the row is failed.
BACK_OFF = (1, 5, 30, 120, 480)

State = Message.State

#: One statement, so that taking costs one answer of the database. Whoever else looks skips the locked row.
TAKE = """
UPDATE notifications_message SET state = 'sending', claimed_at = %(now)s, attempts = attempts + 1
WHERE id = (
    SELECT id FROM notifications_message
    WHERE state = 'queued' AND next_try_at <= %(now)s AND (%(only)s::bigint IS NULL OR id = %(only)s)
    ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING *
"""


def send(message_id: int | None = None) -> int:
    """Send this mail if it still waits, then those due behind it, up to a batch, on one connection.

    Returns how many were taken.
    """
    taken, sender = 0, letterhead()
    transport = get_connection(settings.OUTBOX_TRANSPORT)
    try:
        for message in _claimed(message_id):
            taken += 1
            if not deliver(message, sender, transport):
                break
    finally:
        _hang_up(transport)
    return taken


def _claimed(first: int | None) -> Iterator[Message]:
    """Rows taken one by one, each when the one before is done with: a death costs one doubt."""
    if first is not None and (message := claim(first)):
        yield message
    for _number in range(BATCH):
        message = claim()
        if message is None:
            return
        yield message


def claim(only: int | None = None) -> Message | None:
    """Take the first row that is due and that nobody takes, or this one only.

    It is ours, and committed, when this returns. What is no longer wanted is withheld on the way.
    """
    while True:
        with atomic(durable=True):
            now = timezone.now()
            taken = list(Message.objects.raw(TAKE, {"now": now, "only": only}))
        if not taken:
            return None
        message = taken[0]
        if not (reason := reason_to_withhold(message)):
            return message
        end(message, State.WITHHELD, reason)


def deliver(message: Message, sender: Letterhead, transport: BaseEmailBackend) -> bool:
    """Hand one claimed mail over and write down what the relay said. Whether to go on with others."""
    try:
        transport.open()
    except OSError as error:
        put_back(message, _said("Le serveur d’envoi ne répond pas", error))
        return False
    try:
        taken = transport.send_messages([dressed(message, sender)])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        _refused(message, code, words, State.BOUNCED)
    except smtplib.SMTPResponseException as error:
        _refused(message, error.smtp_code, error.smtp_error, State.FAILED)
    except smtplib.SMTPNotSupportedError as error:
        end(message, State.FAILED, _said("Le serveur d’envoi ne sait pas écrire à cette adresse", error))
    except OSError as error:
        if getattr(transport, "in_doubt", True):
            logger.warning("Mail %s: connection lost while it left, to be settled.", message.pk)
        else:
            put_back(message, _said("La connexion au serveur d’envoi s’est coupée", error))
    else:
        if taken:
            end(message, State.SENT)
            return True
        end(message, State.FAILED, "Le serveur d’envoi n’a rien pris.")
    # After a refusal smtplib may have closed the line without telling: the next mail gets a new one.
    _hang_up(transport)
    return True


def end(message: Message, state: str, reason: str = "") -> None:
    """Write down the fate of a mail. A sensitive one loses its words at the same moment."""
    fate = {"state": state, "failure": reason}
    if state == State.SENT:
        fate["sent_at"] = timezone.now()
    if message.sensitive:
        fate |= dict.fromkeys(Message.BODY, "")
    Message.objects.filter(pk=message.pk, state=State.SENDING).update(**fate)


def put_back(message: Message, reason: str) -> None:
    """Try again later, each time longer after; fail after the last try. Only where nothing left."""
    if message.attempts > len(BACK_OFF):
        end(message, State.FAILED, reason)
        return
    later = timezone.now() + datetime.timedelta(minutes=BACK_OFF[message.attempts - 1])
    Message.objects.filter(pk=message.pk, state=State.SENDING).update(
        state=State.QUEUED, next_try_at=later, failure=reason
    )


def _refused(message: Message, code: int, words: bytes | str, fate: str) -> None:
    reason = _said("Le serveur d’envoi a refusé", f"{code} {_text(words)}")
    if 400 <= code < 500:
        put_back(message, reason)
    else:
        end(message, fate, reason)


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _said(what: str, detail: object) -> str:
    return f"{what} : {detail}".replace("\0", "")[:500]


def _hang_up(transport: BaseEmailBackend) -> None:
    with suppress(OSError):
        transport.close()
