from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task
def tend_conversations() -> None:
    """Remind, close, forget. Safe to run twice."""
    now = timezone.now()
    actions.remind_unanswered(now)
    actions.expire_unanswered(now)
    actions.forget_old_letters(now)
