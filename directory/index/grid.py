"""The map's side of the index: what is drawn where, and clusters for any zoom.

Points are few: all the people of a commune share its centre. Cells are squares of the usual web projection;
each holds the set of positions in it, so that a cluster counts any selection by one intersection.
"""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Set
from operator import itemgetter

from pyroaring import BitMap

#: From the widest to the finest; a map asks for the one two steps finer than its own zoom (64-pixel cells).
LEVELS = (7, 8, 9, 10, 11, 12)

#: Up to so many things in a cell, each is asked where it is; beyond, its points are, from each side.
FEW_POSITIONS = 200
#: Kept by thing: where it is, in hundred-thousandths of a degree (a metre).
PRECISION = 100_000

#: Where the web projection stops.
MAX_LAT = 85.05

Cell = tuple[int, int]
#: Latitude and longitude, in degrees.
Point = tuple[float, float]
Box = tuple[float, float, float, float]


class Grid:
    """Cells of several sizes over the points where something is."""

    def __init__(self, points: dict[Point, BitMap]) -> None:
        self._points = points
        self._lats, self._lons = array("i"), array("i")
        self._known: set[Point] = set()
        self._cells: dict[int, dict[Cell, list[Point]]] = {level: defaultdict(list) for level in LEVELS}
        self._sets: dict[int, dict[Cell, tuple[BitMap, float, float]]] = {}
        #: The points of a cell from west to east, then from south to north; made when first asked for.
        self._ordered: dict[tuple[int, Cell], tuple[list[Point], list[Point]]] = {}
        self.follow(points.keys())

    def follow(self, changed: Set[Point]) -> None:
        """Take in those of the points that are new, and count anew the cells of them all."""
        for point in changed - self._known:
            self._known.add(point)
            for level in LEVELS:
                self._cells[level][cell_at(*point, level)].append(point)
        for point in changed:
            self._place(point)
        for level, sets in self._sets.items():
            for cell in {cell_at(*point, level) for point in changed}:
                sets[cell] = self._gather(self._cells[level][cell])

    def sets(self, level: int) -> dict[Cell, tuple[BitMap, float, float]]:
        """For each cell of a level: the positions in it, then the latitude and longitude of their middle.

        The middle does not depend on the filters, so a cluster stays where it is while one filters.
        """
        if level not in self._sets:
            self._sets[level] = {cell: self._gather(points) for cell, points in self._cells[level].items()}
        return self._sets[level]

    def cells_in(self, level: int, box: Box) -> list[Cell]:
        """The cells of a level that touch a frame and hold something."""
        west, south, east, north = box
        left, top = cell_at(min(north, MAX_LAT), west, level)
        right, bottom = cell_at(max(south, -MAX_LAT), east, level)
        cells = self._cells[level]
        if (right - left + 1) * (bottom - top + 1) < len(cells):
            wanted = ((x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))
            return [cell for cell in wanted if cell in cells]
        # A copy: another thread may take in a new cell meanwhile.
        return [(x, y) for x, y in list(cells) if left <= x <= right and top <= y <= bottom]

    def points_in(self, box: Box) -> list[Point]:
        """The points in a frame, edges included."""
        return [
            point
            for cell in self.cells_in(LEVELS[-1], box)
            for point in self._cells[LEVELS[-1]][cell]
            if _is_in(point, box)
        ]

    def in_box(self, box: Box) -> BitMap:
        """The positions drawn in a frame, edges included."""
        west, south, east, north = box
        level = LEVELS[0]
        whole, border = [], []
        for cell in self.cells_in(level, box):
            cell_west, cell_south, cell_east, cell_north = bounds(cell, level)
            if west <= cell_west and cell_east <= east and south <= cell_south and cell_north <= north:
                whole.append(self.sets(level)[cell][0])
            else:
                border += [self._points[point] for point in self._cells[level][cell] if _is_in(point, box)]
        return BitMap.union(BitMap(), *whole, *border)

    def extent(self, level: int, cell: Cell, positions: BitMap) -> Box:
        """The smallest frame that holds where these positions are: one at least, all of them in the cell."""
        if len(positions) <= FEW_POSITIONS:
            lats = [self._lats[position] for position in positions]
            lons = [self._lons[position] for position in positions]
            sides = min(lons), min(lats), max(lons), max(lats)
            return tuple(side / PRECISION for side in sides)
        points, ordered = self._cells[level][cell], self._ordered.get((level, cell))
        # Points only ever come: as many as before, and they are the same.
        if ordered is None or len(ordered[0]) != len(points):
            ordered = self._ordered[level, cell] = (sorted(points, key=itemgetter(1)), sorted(points))
        eastward, northward = ordered
        return (
            self._first(eastward, positions)[1],
            self._first(northward, positions)[0],
            self._first(eastward[::-1], positions)[1],
            self._first(northward[::-1], positions)[0],
        )

    def frame(self, positions: BitMap) -> Box | None:
        """The smallest frame that holds where these positions are; None when there are none."""
        level = LEVELS[0]
        cells = self.sets(level).copy().items()
        held = {cell: found for cell, (there, *_) in cells if (found := there & positions)}
        if not held:
            return None
        columns, rows = {x for x, _ in held}, {y for _, y in held}
        edges = {min(columns), max(columns)}, {min(rows), max(rows)}
        extents = [
            self.extent(level, (x, y), found)
            for (x, y), found in held.items()
            if x in edges[0] or y in edges[1]
        ]
        west, south, east, north = zip(*extents, strict=True)
        return min(west), min(south), max(east), max(north)

    def _first(self, points: list[Point], positions: BitMap) -> Point:
        # Another thread may move the last of these positions meanwhile: then any point of the cell will do.
        return next((point for point in points if self._points[point].intersect(positions)), points[-1])

    def _place(self, point: Point) -> None:
        """Note of everything at a point that it is there."""
        there = self._points[point]
        if there and there.max() >= len(self._lats):
            missing = there.max() + 1 - len(self._lats)
            for coordinates in (self._lats, self._lons):
                coordinates.extend(array("i", bytes(4 * missing)))
        lat, lon = (round(degrees * PRECISION) for degrees in point)
        for position in there:
            self._lats[position], self._lons[position] = lat, lon

    def _gather(self, points: list[Point]) -> tuple[BitMap, float, float]:
        sets = [self._points[point] for point in points]
        total = sum(len(found) for found in sets) or 1
        lat = sum(lat * len(found) for (lat, _), found in zip(points, sets, strict=True)) / total
        lon = sum(lon * len(found) for (_, lon), found in zip(points, sets, strict=True)) / total
        return BitMap.union(BitMap(), *sets), round(lat, 5), round(lon, 5)


def _is_in(point: Point, box: Box) -> bool:
    lat, lon = point
    west, south, east, north = box
    return west <= lon <= east and south <= lat <= north


def cell_at(lat: float, lon: float, level: int) -> Cell:
    """The cell of a level that holds a point, in the web projection (level 0 is one cell for the world)."""
    count = 1 << level
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return min(int((lon + 180) / 360 * count), count - 1), min(int(y * count), count - 1)


def bounds(cell: Cell, level: int) -> tuple[float, float, float, float]:
    """West, south, east and north of a cell, in degrees."""
    count = 1 << level
    x, y = cell

    def latitude(row: int) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / count))))

    return x / count * 360 - 180, latitude(y + 1), (x + 1) / count * 360 - 180, latitude(y)
