from celery import shared_task
from celery.signals import worker_ready
from django.core.cache import cache
from django.utils import timezone

HEARTBEAT_KEY = "portal.worker-heartbeat"
#: Seconds without a sign of life after which the worker counts as stopped; beat writes one every 30.
HEARTBEAT_TOLERANCE = 120


@shared_task
def record_heartbeat() -> None:
    """Leave a trace that beat, broker and worker all work. `/sante/` reads it."""
    cache.set(HEARTBEAT_KEY, timezone.now().timestamp(), HEARTBEAT_TOLERANCE)


@worker_ready.connect
def beat_once(**kwargs) -> None:
    """A worker that has just come up says so at once, without waiting for beat."""
    record_heartbeat.delay()
