import datetime

from django.db import transaction
from django.utils import timezone

from .models import Publishable, Status


@transaction.atomic
def publish(item: Publishable, at: datetime.datetime | None = None) -> None:
    """Make `item` visible to its audience, dated and confirmed now, or `at` when it comes from elsewhere.

    Publishing twice changes nothing.
    """
    locked = type(item)._default_manager.select_for_update().get(pk=item.pk)
    if locked.status == Status.PUBLISHED:
        return
    item.status = Status.PUBLISHED
    item.published_at = item.confirmed_at = at or timezone.now()
    item.save(update_fields=["status", "published_at", "confirmed_at"])


@transaction.atomic
def archive(item: Publishable) -> None:
    """Take `item` out of sight without deleting anything."""
    item.status = Status.ARCHIVED
    item.save(update_fields=["status"])
