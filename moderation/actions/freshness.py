"""Asking whether pages are still true, and what follows when nobody answers."""

from __future__ import annotations

import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from notifications.actions import post

from ..freshness import STEPS, Stage, due
from ..links import confirm_path
from ..models import Case, FreshnessStep, Publishable, Rule, Verb
from ..registry import kind_of, kinds
from ..workflow import Hand, apply
from .cases import drop, open_case
from .deciding import tell_owners

#: Pages handled by one run of the task for each step of each kind; the next run takes the rest.
BATCH = 500


def advance(now: datetime.datetime) -> int:
    """Take each step that has come for each published page. Returns how many steps this run took.

    Safe to run twice, and by two workers at once: a step belongs to whoever writes its row.
    """
    taken = 0
    for kind in kinds():
        for number, step in enumerate(STEPS):
            for item in due(kind, number, now)[:BATCH]:
                taken += _take(item, step.stage, now)
    return taken


@transaction.atomic
def _take(item: Publishable, stage: str, now: datetime.datetime) -> bool:
    owners = [owner for owner in kind_of(item).owners(item) if owner.is_active]
    # Silence means something only from people who were asked: without them the team's case goes on waiting.
    if stage == Stage.ARCHIVED and not owners:
        return False
    row = {
        "content_type": ContentType.objects.get_for_model(item),
        "object_id": item.pk,
        "confirmed_at": item.confirmed_at,
        "stage": stage,
    }
    _step, mine = FreshnessStep.objects.get_or_create(**row, defaults={"at": now})
    if not mine:
        return False
    if stage == Stage.ARCHIVED:
        drop(item, Case.Nature.STALE, Case.Nature.REVIEW)
        decision = apply(item, Verb.ARCHIVE, hand=Hand.SITE, rule=Rule.STALE)
        if decision:
            tell_owners(decision)
        return True
    if stage == Stage.FADED or not owners:
        open_case(Case.Nature.STALE, item, rule=Rule.STALE)
    for owner in owners:
        post(
            owner,
            f"moderation.fresh_{stage}",
            about=item,
            period=item.confirmed_at.isoformat(),
            nature=kind_of(item).label,
            item=str(item),
            confirmed_at=item.confirmed_at,
            link=confirm_path(item, owner),
        )
    return True
