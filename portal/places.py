"""What the pages say of places: how many are there, as far as the viewer may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from pyroaring import BitMap

from directory.index import Selection
from territories.models import Containment, Level, Territory

#: Communes named on the page of a territory; the search box finds the others.
MAX_COMMUNES = 24
#: Up to so many, the communes where nobody is are named too, folded.
MAX_EMPTY_COMMUNES = 160
#: How long the number of communes is kept; it changes with each publication anyway.
KEPT_SECONDS = 600


@dataclass(frozen=True)
class Figures:
    """How many of each mark: people by the side they speak from, structures."""

    user: int = 0
    professional: int = 0
    both: int = 0
    other: int = 0
    structure: int = 0

    @classmethod
    def of(cls, selection: Selection, positions: BitMap) -> Figures:
        """The figures of these positions."""
        marks = selection.index.marks
        return cls(
            **{
                mark: marks[mark].intersection_cardinality(positions) if mark in marks else 0
                for mark in cls.__dataclass_fields__
            }
        )

    @classmethod
    def inside(cls, selection: Selection, territory_id: int) -> Figures:
        """The figures of what sits or acts in a territory, without what covers it from outside."""
        inside, _ = selection.index.territory(territory_id, [])
        return cls.of(selection, inside & selection.positions)

    @property
    def people(self) -> int:
        return self.user + self.professional + self.both + self.other

    @property
    def total(self) -> int:
        return self.people + self.structure


Counted = tuple[Territory, Figures]


@dataclass(frozen=True)
class Communes:
    """The communes of a territory: those where most is, how many have something, and the others' names."""

    total: int
    inhabited: int
    shown: list[Counted]
    empty: list[Territory]

    @property
    def not_shown(self) -> int:
        """Communes where there is somebody, but that are not named on the page."""
        return self.inhabited - len(self.shown)

    @property
    def without(self) -> int:
        return self.total - self.inhabited


def counted(selection: Selection, places: Iterable[Territory]) -> list[Counted]:
    """Each place with its figures."""
    return [(place, Figures.inside(selection, place.pk)) for place in places]


def totals(places: list[Counted]) -> dict[str, int]:
    """How many there are by reference, as a drawing shows them."""
    return {place.ref: figures.total for place, figures in places}


def communes(selection: Selection, place: Territory) -> Communes | None:
    """What is known of the communes of a territory; None for a région, which has thousands, and a commune."""
    if place.level not in (Level.DEPARTEMENT, Level.EPCI, Level.HEALTH):
        return None
    links = Containment.objects.filter(outer=place, inner__level=Level.COMMUNE)
    ids = set(links.values_list("inner", flat=True))
    sets, base = selection.index.communes, selection.positions
    counts = {pk: sets[pk].intersection_cardinality(base) for pk in ids if pk in sets}
    inhabited = sorted((pk for pk, count in counts.items() if count), key=lambda pk: (-counts[pk], pk))
    top = set(inhabited[:MAX_COMMUNES])
    empty = ids.difference(inhabited) if len(ids) <= MAX_EMPTY_COMMUNES else set()
    found = Territory.objects.filter(pk__in=top | empty)
    named = list(found)
    return Communes(
        total=len(ids),
        inhabited=len(inhabited),
        shown=[(one, Figures.of(selection, sets[one.pk] & base)) for one in named if one.pk in top],
        empty=[one for one in named if one.pk in empty],
    )


def communes_reached(selection: Selection) -> int:
    """How many communes have something the viewer may see. Kept until something is published."""
    index = selection.index
    where = "-".join(sorted(selection.filters)) or "everywhere"
    key = f"portal.communes.{selection.clearance}.{where}.{index.last_change}"
    kept = cache.get(key)
    if kept is None:
        kept = sum(found.intersect(selection.positions) for found in index.communes.values())
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def way_down(outers: list[Territory]) -> list[tuple[str, str]]:
    """Names and addresses of the région, the département, the intercommunalité, where there is only one."""
    way = []
    for level in (Level.REGION, Level.DEPARTEMENT, Level.EPCI):
        holding = [outer for outer in outers if outer.level == level]
        if len(holding) == 1:
            way.append((holding[0].name, holding[0].get_absolute_url()))
    return way
