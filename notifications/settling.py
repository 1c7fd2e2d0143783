"""What becomes of the mails that nobody knows the fate of, and of those that failed."""

from __future__ import annotations

from django.conf import settings
from django.db.transaction import atomic
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import User

from .models import Message
from .outbox import start


def reconcile() -> None:
    """Ask the relay's log about each stuck mail. Without a log, or an answer, they wait for someone."""
    if not settings.OUTBOX_RELAY_LOG:
        return
    took = import_string(settings.OUTBOX_RELAY_LOG)
    for message in Message.objects.stuck(timezone.now()).order_by("pk"):
        reached = took(message.message_id)
        if reached is not None:
            settle(message, reached=reached)


@atomic
def settle(message: Message, *, reached: bool, by: User | None = None) -> bool:
    """Say of a stuck mail whether it left; if not, it goes again. Whether this settled it.

    by: the member of the team who decides; None when the relay's log does.
    """
    fate = {"settled_by": by}
    if reached:
        fate |= {"state": Message.State.SENT, "sent_at": message.claimed_at}
        fate |= dict.fromkeys(Message.BODY, "") if message.sensitive else {}
    else:
        fate |= {"state": Message.State.QUEUED, "next_try_at": timezone.now()}
    # The date says that it is the same taking: a worker may have taken it again since the page was read.
    stuck = Message.objects.stuck(timezone.now()).filter(pk=message.pk, claimed_at=message.claimed_at)
    return _change(message, stuck, fate)


@atomic
def retry(message: Message) -> bool:
    """Send again a mail that failed. Whether it goes: what was erased cannot, nor what did not fail."""
    failed = Message.objects.on_shelf("echoues").filter(pk=message.pk, sensitive=False)
    return _change(
        message, failed, {"state": Message.State.QUEUED, "attempts": 0, "next_try_at": timezone.now()}
    )


def _change(message: Message, among, fate: dict[str, object]) -> bool:
    changed = among.order_by().update(**fate) == 1
    if changed:
        message.refresh_from_db()
        start(message)
    return changed
