from celery import shared_task

from . import actions, terms
from .models import Closure, DataExport


@shared_task
def make_export(export_id: str) -> None:
    """Write the file of a copy that someone asked for."""
    actions.make_export(export_id)


@shared_task
def erase_closed(closure_id: int) -> None:
    """Erase an account closed without a delay."""
    actions.erase_due(Closure.objects.due().filter(pk=closure_id))


@shared_task
def apply_terms() -> None:
    """Apply every term, and make the copies that no task came for."""
    for export in DataExport.objects.filter(state=DataExport.State.WAITING).order_by("requested_at"):
        make_export.delay(str(export.pk))
    actions.note_erasures()
    terms.apply_all()
