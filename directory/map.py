"""What the map draws: clusters from afar, things themselves from near, of exactly what the list holds."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from .filters import DirectoryFilter
from .index.grid import LEVELS, Box, bounds
from .models import Listing

#: Every French territory, overseas included.
EVERYWHERE: Box = (-180, -85, 180, 85)
DEFAULT_ZOOM, MAX_ZOOM = 6, 18
#: From this zoom on, points stand for themselves; before it, cells of 64 pixels gather them.
POINTS_FROM = LEVELS[-1] - 1
#: From this zoom on, the things at one point are drawn one by one around it…
ITEMS_FROM = 12
#: …unless there are too many to tell apart, at the point or in the frame.
ITEMS_PER_POINT, ITEMS_IN_FRAME = 60, 500
#: Clusters drawn at most: a frame far larger than a screen gets wider cells.
MAX_CELLS = 1_500

Feature = dict[str, object]


def feature_collection(filterset: DirectoryFilter, box: Box | None, zoom: int) -> dict[str, object]:
    """GeoJSON of the results in `box`: items (`kind`, `id`, `name`, `url`…) and clusters (`count`…).

    `total` is the number of results they stand for, which is what the list with the same address counts.
    """
    selected = filterset.qs.positions
    box = box or EVERYWHERE
    groups = _points(filterset, box) if zoom >= POINTS_FROM else _cells(filterset, box, zoom)
    split = zoom >= ITEMS_FROM and sum(len(found) for found, *_ in groups) <= ITEMS_IN_FRAME
    features: list[Feature] = []
    singles: dict[int, tuple[float, float]] = {}
    crowded: dict[int, Feature] = {}
    for found, lat, lon, extent in groups:
        if len(found) == 1 or (split and len(found) <= ITEMS_PER_POINT):
            singles |= dict.fromkeys(found, (lat, lon))
            continue
        cluster = _feature(lat, lon, {"count": len(found), "bbox": extent})
        if extent is None:
            crowded[found[0]] = cluster
        features.append(cluster)
    _name_communes(crowded)
    features += _items(filterset, singles)
    return {"type": "FeatureCollection", "total": len(selected), "features": features}


def _cells(filterset: DirectoryFilter, box: Box, zoom: int) -> Iterable[tuple]:
    grid, selected = filterset.qs.index.grid, filterset.qs.positions
    level = min(max(zoom + 2, LEVELS[0]), LEVELS[-1])
    cells = grid.cells_in(level, box)
    while len(cells) > MAX_CELLS and level > LEVELS[0]:
        level -= 1
        cells = grid.cells_in(level, box)
    sets = grid.sets(level)
    groups = []
    for cell in cells:
        positions, lat, lon = sets[cell]
        if found := positions & selected:
            groups.append((found, lat, lon, [round(x, 4) for x in bounds(cell, level)]))
    return groups


def _points(filterset: DirectoryFilter, box: Box) -> Iterable[tuple]:
    index, selected = filterset.qs.index, filterset.qs.positions
    groups = []
    for lat, lon in index.grid.points_in(box):
        if found := index.points[lat, lon] & selected:
            groups.append((found, lat, lon, None))
    return groups[:MAX_CELLS]


def _name_communes(clusters: dict[int, Feature]) -> None:
    """Tell which commune a cluster that opens no further is in, so that the map leads to its list.

    `clusters` are known by the position of one of the things they hold.
    """
    for listing in Listing.objects.at(list(clusters)).select_related("commune"):
        commune = listing.commune
        clusters[listing.position]["properties"] |= {"territoire": commune.ref, "name": commune.label}


def _items(filterset: DirectoryFilter, places: dict[int, tuple[float, float]]) -> list[Feature]:
    routes = {Listing.Kind.ACTOR.value: "actor", Listing.Kind.STRUCTURE.value: "structure"}
    rows = (
        Listing.objects.open_to(filterset.qs.clearance)
        .at(list(places))
        .order_by("position")
        .values_list("position", "kind", "slug", "name", "mark", "headline", "commune__name")
    )
    return [
        _feature(
            *places[position],
            {
                "kind": kind,
                "id": slug,
                "name": name,
                "url": reverse(routes[kind], args=[slug]),
                "mark": mark,
                "headline": headline,
                "place": place,
            },
        )
        for position, kind, slug, name, mark, headline, place in rows
    ]


def _feature(lat: float, lon: float, properties: dict[str, object]) -> Feature:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": properties,
    }
