"""Pairs of structures that may be one: put before the team, and told apart. Never merged by themselves."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from moderation.actions import drop, open_case
from moderation.models import Case, Status
from moderation.workflow import Impossible

from ..duplicates import FOR_THE_DESK, Description, alike
from ..models import Duplicate, Structure

#: The states in which a page may be one of a pair.
SEEN = (Status.PUBLISHED, Status.SUBMITTED)


@transaction.atomic
def propose_duplicates(structure: Structure) -> int:
    """Put before the team the pages that may be of the same structure. A pair already known is left alone,
    whatever was said of it; one that had no object any more has one again. Returns how many are to look at.
    """
    if structure.status not in SEEN:
        _forget_pairs_of(structure)
        return 0
    new = 0
    found = alike(Description.of(structure), least=FOR_THE_DESK, among=SEEN, but=structure.pk)
    for likeness in found:
        first, second = sorted((structure, likeness.structure), key=lambda one: one.pk)
        pair, created = Duplicate.objects.get_or_create(
            first=first,
            second=second,
            defaults={"score": min(likeness.score, 999), "reasons": list(likeness.reasons)},
        )
        if created or Duplicate.objects.filter(pk=pair.pk, state=Duplicate.State.GONE).update(
            state=Duplicate.State.OPEN
        ):
            open_case(Case.Nature.DUPLICATE, pair)
            new += 1
    return new


def look_for_duplicates() -> int:
    """Compare all structures with each other. Safe to run twice: a known pair is left alone."""
    everything = Structure.objects.filter(status__in=SEEN).select_related("commune").order_by("pk")
    return sum(propose_duplicates(structure) for structure in everything.iterator(chunk_size=500))


@transaction.atomic
def tell_apart(pair: Duplicate) -> None:
    """Say that the two pages are of two structures: the pair is never proposed again."""
    settle_pair(pair, Duplicate.State.DIFFERENT)


def settle_pair(pair: Duplicate, state: Duplicate.State) -> None:
    """Write down what became of a pair, once. Raises Impossible when it was settled meanwhile."""
    if not Duplicate.objects.open().filter(pk=pair.pk).update(state=state):
        raise Impossible(_("Cette paire est déjà réglée. Rechargez la page."))
    pair.state = state


def _forget_pairs_of(structure: Structure) -> None:
    """Close the pairs of a page that is no more to be seen."""
    for pair in Duplicate.objects.open().of(structure):
        settle_pair(pair, Duplicate.State.GONE)
        drop(pair, Case.Nature.DUPLICATE)
