"""Where a map opens: frames as addresses write them, west,south,east,north in degrees."""

from __future__ import annotations

import math
from collections.abc import Mapping

from territories.models import Territory

from .filters import DEFAULT_KM
from .index.grid import Box

#: Mainland France and Corsica.
FRANCE: Box = (-5.2, 41.3, 9.6, 51.1)
#: Around a commune, which has a centre and no border of its own.
COMMUNE_KM = 6
KM_PER_DEGREE = 111.2


def frame_of(place: Territory) -> Box:
    """The frame that holds a territory; around its centre when its border is not known."""
    if place.west is None:
        return around(place, COMMUNE_KM)
    return place.west, place.south, place.east, place.north


def around(place: Territory, km: float) -> Box:
    """The frame that holds what lies within `km` of the centre of `place`."""
    tall = km / KM_PER_DEGREE
    wide = tall / math.cos(math.radians(place.lat))
    return place.lon - wide, place.lat - tall, place.lon + wide, place.lat + tall


def opening(cleaned: Mapping[str, object]) -> Box | None:
    """The frame of the place these filters ask for; None when they ask for none."""
    if box := cleaned.get("bbox"):
        return box
    if commune := cleaned.get("autour"):
        return around(commune, cleaned.get("km") or DEFAULT_KM)
    if place := cleaned.get("territoire"):
        return frame_of(place)
    return None


def written(frame: Box | None) -> str:
    """The frame as an address or a data attribute carries it, whatever the language of the page."""
    return ",".join(f"{side:.5f}" for side in frame) if frame else ""
