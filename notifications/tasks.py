"""What a worker does for the outbox."""

from celery import shared_task
from django.utils import timezone

from . import digest, settling
from .models import Message
from .sending import BATCH
from .sending import send as send_some

#: Tasks that one sweep starts at most; each takes a batch.
TASKS_A_SWEEP = 20


@shared_task
def send(message_id: int | None = None) -> None:
    """Send this mail, and some of those that wait behind it."""
    if send_some(message_id) >= BATCH:
        send.delay()


@shared_task
def build_digests() -> None:
    """Write the digests of the day, and have them sent."""
    digest.build_all(timezone.now())
    sweep.delay()


@shared_task
def sweep() -> None:
    """Find out about what a worker left in the middle, then send what no task came for."""
    settling.reconcile()
    due = Message.objects.due(timezone.now()).order_by()[: BATCH * TASKS_A_SWEEP].count()
    for _batch in range(-(-due // BATCH)):
        send.delay()
