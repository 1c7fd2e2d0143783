"""What the map draws: clusters from afar, things themselves from near, of exactly what the list holds."""

from __future__ import annotations

from django.urls import reverse

from .filters import DirectoryFilter
from .index.grid import LEVELS, Box
from .listed import listed_kinds
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
    `everywhere` is what the same filters give without a frame: how many results, and the frame they need.
    A cluster's `bbox` is the frame of what it holds; None when it opens no further: it names its commune.
    """
    box = box or EVERYWHERE
    groups = _points(filterset, box) if zoom >= POINTS_FROM else None
    if groups is None:
        groups = _cells(filterset, box, zoom)
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
    return {
        "type": "FeatureCollection",
        "total": len(filterset.qs),
        "everywhere": _everywhere(filterset),
        "features": features,
    }


def _everywhere(filterset: DirectoryFilter) -> dict[str, object]:
    positions = filterset.qs.positions_without("bbox")
    frame = filterset.qs.index.grid.frame(positions)
    return {"count": len(positions), "bbox": _rounded(frame) if frame else None}


def _rounded(frame: Box) -> list[float]:
    return [round(side, 5) for side in frame]


def _cells(filterset: DirectoryFilter, box: Box, zoom: int) -> list[tuple]:
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
            extent = _rounded(grid.extent(level, cell, found))
            if len(found) == 1:
                # A cluster keeps still in its cell while one filters; a thing is where it is.
                lon, lat = extent[:2]
            groups.append((found, lat, lon, extent))
    return groups


def _points(filterset: DirectoryFilter, box: Box) -> list[tuple] | None:
    """What is at each point of the frame; None when that is too much to draw: cells can hold it all."""
    index, selected = filterset.qs.index, filterset.qs.positions
    groups = []
    for lat, lon in index.grid.points_in(box):
        if found := index.points[lat, lon] & selected:
            groups.append((found, lat, lon, None))
            if len(groups) > MAX_CELLS:
                return None
    return groups


def _name_communes(clusters: dict[int, Feature]) -> None:
    """Tell which commune a cluster that opens no further is in, so that the map leads to its list.

    `clusters` are known by the position of one of the things they hold.
    """
    for listing in Listing.objects.at(list(clusters)).select_related("commune"):
        commune = listing.commune
        clusters[listing.position]["properties"] |= {"territoire": commune.ref, "name": commune.label}


def _items(filterset: DirectoryFilter, places: dict[int, tuple[float, float]]) -> list[Feature]:
    # One address is worked out for each kind: five hundred would cost more than all the rest.
    addresses = {
        listed.slug: reverse(listed.route, args=["-"]).removesuffix("-/") for listed in listed_kinds()
    }
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
                "url": f"{addresses[kind]}{slug}/",
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
