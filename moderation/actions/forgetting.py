"""Deleting contributions when their term comes. What was decided of them stays, for its own term."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from ..models import Case, FreshnessStep, Publishable, Revision, Sanction
from ..registry import kind_of, kinds


def forget_drafts(rows: QuerySet[Publishable]) -> None:
    """Delete drafts that their authors left."""
    for item in rows:
        _forget_what_is_about(item)
        kind_of(item).forget_draft(item)


def empty_accounts(rows: QuerySet[Sanction]) -> None:
    """Delete what people suspended for good alone showed. Their accounts stay, closed."""
    for sanction in rows.select_related("user"):
        for kind in kinds():
            for item in kind.shown_by(sanction.user):
                _forget_what_is_about(item)
                item.delete()
    rows.update(emptied_at=timezone.now())


def _forget_what_is_about(item: Publishable) -> None:
    Revision.objects.of(item).delete()
    FreshnessStep.objects.of(item).delete()
    Case.objects.of(item).open().update(closed_at=timezone.now(), outcome="dropped")
