from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task
def tend_conversations() -> None:
    """Remind, then close. Safe to run twice."""
    now = timezone.now()
    actions.remind_unanswered(now)
    actions.expire_unanswered(now)
