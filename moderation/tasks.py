from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task
def advance_freshness() -> int:
    """Ask, remind, mark and archive what its term says."""
    return actions.advance(timezone.now())


@shared_task
def lift_suspensions() -> int:
    """End the suspensions whose term has come, and show again what they hid."""
    return actions.lift_due(timezone.now())
