"""The place asked for: in words or by reference, alone or with a distance around it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.querystring import with_values
from territories.home import home_region
from territories.models import Level, Territory
from territories.search import normalise

from .filters import DEFAULT_KM

#: The distances proposed; an address may ask for any other.
DISTANCES = (10, 20, 50, 100)
#: What takes part in saying where, in an address.
NAMES = ("lieu", "territoire", "autour", "km")
CANDIDATES = 8
#: A place so many times more populated than its near namesakes is the one meant: Toulouse, not
#: Toulouse-le-Château; but Tarascon may be Tarascon-sur-Ariège.
FAR_LARGER = 100
Link = tuple[str, str]


@dataclass(frozen=True)
class AskedPlace:
    """How an address says where.

    `plain` is the same question by reference alone, where the words typed or the distance chosen allow
    it; "" when it already is so. `candidates` are the places that the words may mean, each with its
    address.
    """

    plain: str = ""
    candidates: list[tuple[Territory, str]] = field(default_factory=list)


def asked_place(params: QueryDict) -> AskedPlace:
    """Read the place of an address. A form without JavaScript sends `lieu`, and what was chosen before."""
    text = params.get("lieu", "").strip()[:100]
    ref = params.get("territoire") or params.get("autour") or ""
    if "lieu" in params and ref and not text:
        return AskedPlace(plain=with_values(params, page=None, **dict.fromkeys(NAMES)))
    both = params.get("territoire") and params.get("autour")
    if not text and (both or not (params.get("territoire") and _distance(params))):
        return AskedPlace()
    chosen = _by_ref(ref)
    if text and not (chosen and chosen.label == text):
        return _named(params, text)
    if chosen and (text or chosen.level == Level.COMMUNE):
        return AskedPlace(plain=address_of(params, chosen))
    return AskedPlace()


def _named(params: QueryDict, text: str) -> AskedPlace:
    found = Territory.objects.search(text, limit=CANDIDATES)
    if meant := found[0] if len(found) == 1 else sure(found, normalise(text)):
        return AskedPlace(plain=address_of(params, meant))
    return AskedPlace(candidates=[(place, address_of(params, place)) for place in ours_first(found)])


def ours_first(found: list[Territory]) -> list[Territory]:
    """The same, those of the region of this site before the others."""
    region = home_region()
    if region is None or not found:
        return found
    inside = Territory.objects.inside(region).filter(pk__in=[place.pk for place in found])
    ours = {region.pk, *inside.values_list("pk", flat=True)}
    return sorted(found, key=lambda place: place.pk not in ours)


def sure(found: list[Territory], typed: str) -> Territory | None:
    """The one of several places that `typed` can only mean, if there is one."""
    labelled = [place for place in found if normalise(place.label) == typed != normalise(place.name)]
    named = [place for place in found if typed in (normalise(place.name), place.search_key)]
    if len(labelled) == 1:
        return labelled[0]
    if len(named) != 1:
        return None
    place = named[0]
    longer = [other for other in found if other.search_key.startswith(f"{place.search_key} ")]
    rivals = [
        other
        for other in longer
        if other.level == Level.COMMUNE and (other.population or 0) * FAR_LARGER > (place.population or 0)
    ]
    return None if rivals else place


def address_of(params: QueryDict, place: Territory) -> str:
    """`params` at `place`; around it when a distance is asked for, which only a commune can have."""
    around = _distance(params) and place.level == Level.COMMUNE
    return with_values(
        params,
        page=None,
        lieu=None,
        bbox=None,
        territoire=None if around else place.ref,
        autour=place.ref if around else None,
    )


def distances(asked: int | None) -> list[int]:
    """The distances to choose from, the one asked for among them."""
    return sorted({*DISTANCES, *([asked] if asked else [])})


def wider(params: QueryDict, cleaned: dict) -> list[Link]:
    """Larger places to look in when there is nothing here: words and address."""
    if place := cleaned.get("autour"):
        larger = [km for km in DISTANCES if km > (cleaned.get("km") or DEFAULT_KM)][:2]
        return [
            (
                _("Chercher à %(km)s km de %(place)s") % {"km": km, "place": place.name},
                with_values(params, page=None, km=str(km)),
            )
            for km in larger
        ]
    place = cleaned.get("territoire")
    if not place or place.level not in (Level.COMMUNE, Level.EPCI):
        return []
    outers = Territory.objects.covering(place).filter(level=Level.DEPARTEMENT).order_by("sort_key")[:2]
    return [
        (
            _("Chercher dans tout le département : %(place)s") % {"place": outer.name},
            with_values(params, page=None, km=None, territoire=outer.ref),
        )
        for outer in outers
    ]


def _distance(params: QueryDict) -> bool:
    """Whether a distance is asked for; one that cannot be understood is left for the filter to refuse."""
    return bool(params.get("km", "").strip())


def _by_ref(ref: str) -> Territory | None:
    try:
        return Territory.objects.by_ref(ref)
    except Territory.DoesNotExist:
        return None
