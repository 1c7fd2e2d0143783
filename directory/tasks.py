from celery import shared_task

from . import actions, listings


@shared_task
def forget_old_changes() -> None:
    """Keep the journal of the listing short: processes read it at each request, none needs a day of it."""
    listings.forget_old_changes()


@shared_task
def look_for_duplicates() -> None:
    """Put before the team the pages that came to look alike since the last time."""
    actions.look_for_duplicates()
