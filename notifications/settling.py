"""What becomes of the mails that nobody knows the fate of, and of those that failed."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from .models import Message


def reconcile() -> None:
    """Ask the relay's log about each stuck mail. Without a log, or an answer, they wait for someone."""
    if not settings.OUTBOX_RELAY_LOG:
        return
    took = import_string(settings.OUTBOX_RELAY_LOG)
    for message in Message.objects.stuck(timezone.now()):
        reached = took(message.message_id)
        if reached is not None:
            settle(message, reached=reached)


def settle(message: Message, *, reached: bool, by=None) -> bool:
    """Say of a stuck mail whether it left; if not, it goes again. Whether this settled it.

    by: the member of the team who decides; None when the relay's log does.
    """
    fate = {"settled_by": by}
    if reached:
        fate |= {"state": Message.State.SENT, "sent_at": message.claimed_at}
        fate |= dict.fromkeys(Message.BODY, "") if message.sensitive else {}
    else:
        fate |= {"state": Message.State.QUEUED, "next_try_at": timezone.now()}
    stuck = Message.objects.stuck(timezone.now()).filter(pk=message.pk, claimed_at=message.claimed_at)
    return stuck.order_by().update(**fate) == 1
