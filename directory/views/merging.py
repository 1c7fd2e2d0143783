"""Two pages side by side: what differs, what stays, and one button."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from moderation.models import Case, Status
from moderation.registry import kind_of
from moderation.workflow import Impossible

from .. import actions
from ..actions.merging import SHARED, SINGLE
from ..contributions import read_structure
from ..duplicates import words_of
from ..models import Duplicate, Structure


@dataclass(frozen=True)
class Line:
    """One field of both pages, and which of the two is kept."""

    name: str
    label: str
    kept: str
    other: str
    takes_other: bool

    @property
    def differs(self) -> bool:
        return self.kept != self.other


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare the two pages of a pair, choose, and make one of them. For the team; never done by itself."""
    pairs = Duplicate.objects.decidable_by(request.user)
    pair = get_object_or_404(
        pairs.select_related("first__commune", "first__category", "second__commune", "second__category"),
        pk=pk,
    )
    chosen = request.POST if request.method == "POST" else request.GET
    survivor, absorbed = _order(pair, chosen.get("reste", ""))
    lines = _lines(survivor, absorbed, chosen)
    # What is about to happen was said of one direction: choosing the other says it again first.
    announced = chosen.get("annonce", str(survivor.pk)) == str(survivor.pk)
    if request.method == "POST" and "fusionner" in request.POST and announced:
        try:
            return _merged(request, pair, survivor, {line.name: line.takes_other for line in lines})
        except Impossible as refused:
            messages.error(request, str(refused))
    context = {
        "pair": pair,
        "trail": [(_("Modération"), reverse("moderation_desk")), *_way_back(pair, request.user)],
        "reasons": words_of(pair.reasons),
        "survivor": survivor,
        "absorbed": absorbed,
        "lines": lines,
        "shared": _shared(survivor, absorbed),
        "people": absorbed.memberships.count(),
        "keepers": absorbed.referents.count(),
    }
    return render(request, "directory/structure_merge.html", context)


def _way_back(pair: Duplicate, user: User) -> list[tuple[str, str]]:
    """The case of the pair on the desk, where saying that they are two is done."""
    cases = Case.objects.of(pair).open().for_moderator(user)[:1]
    return [(case.label, case.get_absolute_url()) for case in cases]


def _order(pair: Duplicate, wanted: str) -> tuple[Structure, Structure]:
    """The page that stays, then the other: as asked, else the published, else the one seen first."""
    both = sorted(
        (pair.first, pair.second),
        key=lambda one: (str(one.pk) != wanted, one.status != Status.PUBLISHED, one.pk),
    )
    return both[0], both[1]


def _lines(survivor: Structure, absorbed: Structure, chosen) -> list[Line]:
    kind = kind_of(survivor)
    kept, other = read_structure(survivor), read_structure(absorbed)
    lines = []
    for name in SINGLE:
        if kept[name] or other[name]:
            side = chosen.get(f"garde-{name}", "" if kept[name] else str(absorbed.pk))
            takes_other = bool(other[name]) and side == str(absorbed.pk)
            shown = (kind.show(name, page[name]) for page in (kept, other))
            lines.append(Line(name, str(kind.labels[name]), *shown, takes_other))
    return lines


def _shared(survivor: Structure, absorbed: Structure) -> list[tuple[str, str]]:
    """What is put together, as it will read."""
    kind, values = kind_of(survivor), actions.merged_values(survivor, absorbed)
    together = [(str(kind.labels[name]), kind.show(name, values[name])) for name in SHARED]
    return [(label, shown) for label, shown in together if shown]


def _merged(
    request: HttpRequest, pair: Duplicate, survivor: Structure, from_absorbed: dict[str, bool]
) -> HttpResponse:
    page = actions.merge_structures(
        pair, survivor_pk=survivor.pk, from_absorbed=from_absorbed, by=request.user
    )
    messages.success(request, _("C’est fait : il ne reste qu’une page, et l’ancienne adresse y conduit."))
    return redirect(page)
