from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task
def forget_unverified() -> None:
    """Erase the accounts that nobody finished making. Safe to run twice."""
    actions.forget_unverified(timezone.now())
