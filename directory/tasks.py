from celery import shared_task

from . import listings


@shared_task
def forget_old_changes() -> None:
    """Keep the journal of the listing short: processes read it at each request, none needs a day of it."""
    listings.forget_old_changes()
