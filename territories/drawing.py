"""Territories as drawings: SVG paths made from the simplified contours, for pages that need no script."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.core.cache import cache

from .models import Containment, Contour, Level, Territory

#: The longer side of a drawing. Coordinates are whole numbers: finer would weigh more and show nothing.
SIZE = 600
MARGIN = 8
#: Contours change once a year, when they are loaded.
KEPT_SECONDS = 3600
#: To be raised when the classes below change, so that what an older version kept is not read.
FORM = 1
#: How many heights are tried to find where a shape is widest.
SCANS = 15

Point = tuple[int, int]
Ring = list[Point]


@dataclass(frozen=True)
class Label:
    """The middle of the widest place of a shape, how wide it is there, where the shape begins and ends."""

    x: int
    y: int
    width: int
    low: int
    high: int


@dataclass(frozen=True)
class Shape:
    """A territory inside the drawn one."""

    ref: str
    name: str
    url: str
    path: str
    label: Label


@dataclass(frozen=True)
class Drawing:
    """A territory as paths in a frame of `width` by `height`; `dots` are zero-length strokes."""

    width: int
    height: int
    ground: str
    shapes: tuple[Shape, ...]
    dots: str


def drawing_of(place: Territory) -> Drawing | None:
    """The drawing of a territory, kept an hour; None where no contour is known.

    A commune is a dot in its EPCI, a health territory the dots of its communes in their départements.
    """
    key = f"territories.drawn.{FORM}.{place.ref}"
    kept = cache.get(key)
    if kept is None:
        kept = _draw(place) or False
        cache.set(key, kept, KEPT_SECONDS)
    return kept or None


def parts_of(place: Territory) -> list[Territory]:
    """The territories a place is told by: a région's départements, a département's intercommunalités."""
    inner = Territory.objects.inside(place)
    if place.level == Level.REGION:
        departements = list(inner.filter(level=Level.DEPARTEMENT))
        # A région of one département says nothing by it.
        return departements if len(departements) > 1 else list(inner.filter(level=Level.EPCI))
    return list(inner.filter(level=Level.EPCI)) if place.level == Level.DEPARTEMENT else []


def _draw(place: Territory) -> Drawing | None:
    grounds = _contours(_ground(place))
    if not grounds:
        return None
    frame = _Frame([contour.geometry for contour in grounds])
    return Drawing(
        width=frame.width,
        height=frame.height,
        ground="".join(_path(frame.rings(contour.geometry)) for contour in grounds),
        shapes=tuple(_shape(contour, frame) for contour in _contours(part.pk for part in parts_of(place))),
        dots="".join(f"M{x} {y}h0" for x, y in _dots(place, frame)),
    )


def _contours(ids: Iterable[int]) -> list[Contour]:
    found = Contour.objects.filter(territory__in=list(ids)).select_related("territory")
    return list(found.order_by("territory__sort_key"))


def _ground(place: Territory) -> list[int]:
    """What the frame is made of: the territory itself, or what holds it when it has no contour."""
    if place.level == Level.COMMUNE:
        outers = Territory.objects.covering(place).filter(contour__isnull=False, level__in=["epci", "dep"])
        # An intercommunalité, else a département: "epci" comes after "dep".
        return [outer.pk for outer in outers.order_by("-level")[:1]]
    if place.level == Level.HEALTH:
        held = Containment.objects.filter(inner=place, outer__level=Level.DEPARTEMENT)
        holding = Containment.objects.filter(outer=place, inner__level=Level.DEPARTEMENT)
        return [*held.values_list("outer", flat=True), *holding.values_list("inner", flat=True)]
    return [place.pk]


def _dots(place: Territory, frame: _Frame) -> Iterator[Point]:
    if place.level == Level.COMMUNE:
        yield frame.point(place.lon, place.lat)
    elif place.level == Level.HEALTH:
        for lon, lat in Territory.objects.communes().inside(place).order_by("pk").values_list("lon", "lat"):
            yield frame.point(lon, lat)


class _Frame:
    """From degrees to the frame of a drawing: flat, as wide as the parallel of its middle."""

    def __init__(self, geometries: Sequence[dict]) -> None:
        points = [point for geometry in geometries for ring in _outlines(geometry) for point in ring]
        lons, lats = [point[0] for point in points], [point[1] for point in points]
        self.west, self.north = min(lons), max(lats)
        self.narrowing = math.cos(math.radians((min(lats) + self.north) / 2))
        wide, tall = (max(lons) - self.west) * self.narrowing, self.north - min(lats)
        self.scale = SIZE / max(wide, tall)
        self.width = round(wide * self.scale) + 2 * MARGIN
        self.height = round(tall * self.scale) + 2 * MARGIN

    def point(self, lon: float, lat: float) -> Point:
        x = (lon - self.west) * self.narrowing * self.scale
        y = (self.north - lat) * self.scale
        return round(x) + MARGIN, round(y) + MARGIN

    def rings(self, geometry: dict) -> list[Ring]:
        """The outlines on the grid of the drawing; what is too small to be seen there is left out."""
        found = []
        for outline in _outlines(geometry):
            ring: Ring = []
            for lon, lat in outline:
                point = self.point(lon, lat)
                if not ring or point != ring[-1]:
                    ring.append(point)
            if len(ring) > 3:
                found.append(ring)
        return found


def _outlines(geometry: dict) -> Iterator[list[list[float]]]:
    for polygon in geometry["coordinates"]:
        yield from polygon


def _path(rings: list[Ring]) -> str:
    return "".join(_ring_path(ring) for ring in rings)


def _ring_path(ring: Ring) -> str:
    # The last point is the first one again: "z" says it.
    steps = [f"{x - px} {y - py}" for (px, py), (x, y) in pairwise(ring[:-1])]
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps)}z".replace(" -", "-")


def _shape(contour: Contour, frame: _Frame) -> Shape:
    rings = frame.rings(contour.geometry)
    territory = contour.territory
    return Shape(
        ref=territory.ref,
        name=territory.name,
        url=territory.get_absolute_url(),
        path=_path(rings),
        label=_widest(rings),
    )


def _widest(rings: list[Ring]) -> Label:
    """Where a word fits best: the widest stretch, a little nearer to the middle than to the ends."""
    ring = max(rings, key=lambda ring: max(x for x, _ in ring) - min(x for x, _ in ring), default=[(0, 0)])
    ys = [y for _, y in ring]
    low, high = min(ys), max(ys)
    best = Label(*ring[0], width=0, low=low, high=high)
    best_score = -math.inf
    for step in range(1, SCANS):
        y = low + (high - low) * step / SCANS
        for left, right in _stretches(ring, y):
            score = right - left - abs(y - (low + high) / 2)
            if score > best_score:
                best_score = score
                best = Label(round((left + right) / 2), round(y), round(right - left), low, high)
    return best


def _stretches(ring: Ring, y: float) -> Iterator[tuple[float, float]]:
    """The parts of a horizontal line that are inside a ring."""
    crossings = sorted(
        x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (y1 <= y) != (y2 <= y)
    )
    return zip(crossings[::2], crossings[1::2], strict=True)
