"""How long a page stays true without a word, and what is done then: the one place that says it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from .models import FreshnessStep, Publishable, Status
from .registry import Kind, kind_of

Stage = FreshnessStep.Stage


@dataclass(frozen=True)
class Step:
    stage: str
    #: Counted from the end of the term of the kind (a year by default).
    after: datetime.timedelta


ASK_AFTER = datetime.timedelta(0)
REMIND_AFTER = datetime.timedelta(days=30)
FADE_AFTER = datetime.timedelta(days=60)
ARCHIVE_AFTER = datetime.timedelta(days=150)
STEPS = (
    Step(Stage.ASKED, ASK_AFTER),
    Step(Stage.REMINDED, REMIND_AFTER),
    Step(Stage.FADED, FADE_AFTER),
    Step(Stage.ARCHIVED, ARCHIVE_AFTER),
)


def is_faded(item: Publishable) -> bool:
    """Whether a page is shown as not confirmed for long."""
    return is_long_ago(item.confirmed_at, kind_of(item))


def is_long_ago(confirmed_at: datetime.datetime | None, kind: Kind) -> bool:
    """Whether what was confirmed then is shown as not confirmed for long; never confirmed is not that."""
    return confirmed_at is not None and timezone.now() >= confirmed_at + kind.term + FADE_AFTER


def due(kind: Kind, number: int, now: datetime.datetime) -> QuerySet[Publishable]:
    """The published pages of a kind for which step `number` has come and was not taken.

    A step waits for the one before it, and as long after it as the calendar says: a site that slept for six
    months asks first, and leaves everyone the same time to answer.
    """
    step = STEPS[number]
    taken = FreshnessStep.objects.about(kind.model).filter(
        object_id=OuterRef("pk"), confirmed_at=OuterRef("confirmed_at")
    )
    found = kind.model.objects.filter(
        status=Status.PUBLISHED, confirmed_at__lte=now - kind.term - step.after
    ).exclude(Exists(taken.filter(stage=step.stage)))
    if number:
        before = STEPS[number - 1]
        waited = now - (step.after - before.after)
        found = found.filter(Exists(taken.filter(stage=before.stage, at__lte=waited)))
    return found.order_by("confirmed_at", "pk")
