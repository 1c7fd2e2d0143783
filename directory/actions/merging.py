"""Making one page of two. The page that goes is archived as it was, and its address leads to the other."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import refusal_as
from moderation.actions import claim as take_in_hand
from moderation.actions import close, drop, drop_revision
from moderation.models import Case, Status, Verb
from moderation.workflow import Hand, Impossible, apply
from notifications.actions import tell

from .. import contributions
from ..models import Answer, Duplicate, Membership, OldAddress, Structure
from .duplicates import SEEN, settle_pair

#: What each of the two says once; the rest (terms, territories, people) is put together.
SINGLE = (
    "name",
    "acronym",
    "category",
    "description",
    "certification",
    "address",
    "postal_code",
    "commune",
    "website",
    "email",
    "phone",
    "siret",
    "finess",
    "rna",
)
SHARED = ("zones", "terms", "themes")
#: What waits about a page that goes: nothing is left to decide of it.
MOOT = (Case.Nature.CONTENT, Case.Nature.EDIT, Case.Nature.REVIEW, Case.Nature.STALE)


def merged_values(
    survivor: Structure, absorbed: Structure, from_absorbed: Mapping[str, bool] | None = None
) -> dict[str, object]:
    """What the page that stays will say, as `write_structure` takes it.

    A field left empty is filled from the other page; `from_absorbed` says otherwise, field by field.
    """
    kept, other = (contributions.read_structure(page) for page in (survivor, absorbed))
    chosen = from_absorbed or {}
    values: dict[str, object] = {}
    for name in SINGLE:
        takes = chosen.get(name, not kept[name])
        values[name] = other[name] if takes else kept[name]
    if values["commune"] != kept["commune"] or (kept["lat"] is None and other["commune"] == kept["commune"]):
        values |= {"lat": other["lat"], "lon": other["lon"]}
    for name in SHARED:
        values[name] = sorted({*kept[name], *other[name]})
    return values


@transaction.atomic
def merge_structures(
    pair: Duplicate,
    *,
    survivor_pk: int,
    from_absorbed: Mapping[str, bool] | None = None,
    by: User,
) -> Structure:
    """Make one page of two: `survivor_pk` stays, the other is archived and its address leads to it.

    Both are locked in the order of their numbers, so that two merges that cross wait for each other. Raises
    Impossible when the pair was settled meanwhile, or when the page that would stay is not the published one.
    """
    locked = {
        one.pk: one
        for one in Structure.objects.select_for_update()
        .filter(pk__in=[pair.first_id, pair.second_id])
        .order_by("pk")
    }
    survivor = locked.pop(survivor_pk, None)
    if survivor is None or len(locked) != 1:
        raise Impossible(_("Choisissez laquelle des deux pages reste."))
    (absorbed,) = locked.values()
    settle_pair(pair, Duplicate.State.MERGED)
    if {survivor.status, absorbed.status} - set(SEEN):
        raise Impossible(_("L’une des deux pages n’est plus dans le répertoire."))
    if absorbed.status == Status.PUBLISHED != survivor.status:
        raise Impossible(_("C’est la page publiée qui reste."))
    for case in Case.objects.of(pair).open().filter(nature=Case.Nature.DUPLICATE):
        take_in_hand(case, by=by)
        close(case, by=by, outcome="merge")
    values = merged_values(survivor, absorbed, from_absorbed)
    _retire(absorbed, survivor, by)
    with refusal_as(Impossible, Structure):
        contributions.write_structure(survivor, values)
    _move_people(absorbed, survivor)
    return survivor


def _retire(absorbed: Structure, survivor: Structure, by: User) -> None:
    """Archive the page that goes, with the decision that says why; what waits about it waits no more."""
    drop_revision(absorbed, by=by)
    reason = _("Fusionnée avec « %(name)s » (%(path)s).") % {
        "name": survivor.name,
        "path": survivor.get_absolute_url(),
    }
    apply(absorbed, Verb.ARCHIVE, hand=Hand.MODERATOR, by=by, reason=reason)
    drop(absorbed, *MOOT)
    kind = ContentType.objects.get_for_model(Structure)
    led_here = OldAddress.objects.filter(content_type=kind, object_id=absorbed.pk)
    led_here.update(object_id=survivor.pk)
    OldAddress.objects.update_or_create(
        path=absorbed.get_absolute_url().lower(),
        defaults={"content_type": kind, "object_id": survivor.pk},
    )


def _move_people(absorbed: Structure, survivor: Structure) -> None:
    """Those who keep the page that goes keep the one that stays; those named on it are named there.

    Names are copied: the archived page is left as it was, should the two have to be told apart again.
    """
    keepers = list(absorbed.referents.all())
    already = set(survivor.referents.values_list("pk", flat=True))
    survivor.referents.add(*keepers)
    absorbed.referents.clear()
    Membership.objects.bulk_create(
        [
            Membership(actor_id=tie.actor_id, structure=survivor, function=tie.function)
            for tie in absorbed.memberships.all()
        ],
        ignore_conflicts=True,
    )
    for requests in (absorbed.proposals, absorbed.claims, absorbed.invitations):
        for request in requests.filter(state=Answer.OPEN):
            drop(request, Case.Nature.CLAIM)
        requests.filter(state=Answer.OPEN).update(state=Answer.DROPPED, settled_at=timezone.now())
    for keeper in keepers:
        if keeper.pk not in already and keeper.is_active:
            tell(
                keeper,
                "directory.structures_merged",
                about=absorbed,
                structure=survivor.name,
                link=survivor.get_absolute_url(),
            )
