from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from pyroaring import BitMap

from accounts.audience import Audience

from ..models import ListingChange, Term
from ..models.listings import GROUP_BITS
from .grid import Grid, Point
from .kept import KeptHits

#: The circles a viewer can belong to. ME is nobody's clearance.
CLEARANCES = tuple(circle for circle in Audience if circle != Audience.ME)

#: Beyond this many changes, building anew is quicker than applying them one by one.
REBUILD_AFTER = 2_000

ROWS = """
SELECT position, l.kind, mark, commune_id, audience, themes_audience, zones, tags, themes,
       coalesce(l.lat, commune.lat), coalesce(l.lon, commune.lon)
  FROM directory_listing AS l JOIN territories_territory AS commune ON commune.id = commune_id
"""
PLACES = "SELECT DISTINCT commune_id FROM directory_listing UNION SELECT unnest(zones) FROM directory_listing"
LAST_CHANGE = "SELECT coalesce(max(id), 0) FROM directory_listingchange"
CHANGES = "SELECT id, position FROM directory_listingchange WHERE id > %s ORDER BY id LIMIT %s"
OLDEST_CHANGE = "SELECT coalesce(min(id), 0) FROM directory_listingchange"
OUTERS = (
    "SELECT inner_id, array_agg(outer_id) FROM territories_containment WHERE inner_id = ANY(%s) GROUP BY 1"
)

Sets = dict[int, BitMap]


class Index:
    """Sets of positions. All of them hold only what somebody may see: ME is never indexed."""

    def __init__(self) -> None:
        self.last_change = 0
        #: By clearance: what that circle may see. Cumulative: members' holds everyone's.
        self.open_to: dict[Audience, BitMap] = {circle: BitMap() for circle in CLEARANCES}
        self.kinds: dict[str, BitMap] = defaultdict(BitMap)
        self.marks: dict[str, BitMap] = defaultdict(BitMap)
        self.tags: Sets = defaultdict(BitMap)
        #: By clearance, then theme: cumulative as `open_to`, so a theme counts only for its circle.
        self.themes: dict[Audience, Sets] = {circle: defaultdict(BitMap) for circle in CLEARANCES}
        #: By commune: what sits there.
        self.communes: Sets = defaultdict(BitMap)
        #: By point (latitude, longitude): what is drawn there. People are at the centre of their commune.
        self.points: dict[Point, BitMap] = defaultdict(BitMap)
        #: By territory of the other levels: what sits in one of its communes.
        self.within: Sets = defaultdict(BitMap)
        #: By territory of any level: what declares it as a zone of action…
        self.zones: Sets = defaultdict(BitMap)
        #: …and what declares it, or one of the territories in it, even in part.
        self.acting: Sets = defaultdict(BitMap)
        self.terms = {term.pk: term for term in Term.objects.all()}
        self.vocabularies: dict[str, dict[str, Term]] = defaultdict(dict)
        for term in self.terms.values():
            self.vocabularies[term.vocabulary][term.slug] = term
        self.grid = Grid(self.points)
        #: The last searches, which follow what `changed_since` tells.
        self.hits = KeptHits()
        self._outers: dict[int, list[int]] = {}
        self._changes: deque[tuple[int, int]] = deque(maxlen=REBUILD_AFTER)

    @classmethod
    def build(cls) -> Index:
        """Read everything once."""
        index = cls()
        with connection.cursor() as cursor:
            cursor.execute(LAST_CHANGE)
            index.last_change = cursor.fetchone()[0]
            cursor.execute(PLACES)
            index._learn_outers([row[0] for row in cursor.fetchall()])
        # Read by portions: held at once, the rows would take more memory than the sets.
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            cursor.execute(ROWS)
            while rows := cursor.fetchmany(10_000):
                index._add_rows(rows)
        for sets in index._all_sets():
            for bitmap in sets.values():
                bitmap.shrink_to_fit()
        index.grid = Grid(index.points)
        return index

    def catch_up(self) -> bool:
        """Apply what changed since the last look. False when too much did: then build anew."""
        with connection.cursor() as cursor:
            cursor.execute(CHANGES, [self.last_change, REBUILD_AFTER])
            changes = cursor.fetchall()
            if not changes:
                return True
            cursor.execute(OLDEST_CHANGE)
            positions = list({position for _, position in changes})
            forgotten = cursor.fetchone()[0] > self.last_change + 1
            if forgotten or len(changes) >= REBUILD_AFTER or ListingChange.EVERYTHING in positions:
                return False
            cursor.execute(ROWS + " WHERE position = ANY(%s)", [positions])
            rows = cursor.fetchall()
        left = self._discard(positions)
        places = {place for row in rows for place in (row[3], *row[6])}
        self._learn_outers([place for place in places if place not in self._outers])
        self._add_rows(rows)
        self.grid.follow({*left, *((lat, lon) for *_, lat, lon in rows)} & self.points.keys())
        self._changes.extend(changes)
        self.last_change = changes[-1][0]
        return True

    def changed_since(self, number: int) -> list[int] | None:
        """The positions changed after this number of the journal; None when that is too far back to tell."""
        changes = list(self._changes)
        if len(changes) == REBUILD_AFTER and number < changes[0][0]:
            return None
        return [position for change, position in changes if change > number]

    @property
    def extent(self) -> int:
        """The end of the last group of positions given out."""
        everything = self.open_to[Audience.TEAM]
        return ((everything.max() >> GROUP_BITS) + 1 << GROUP_BITS) if everything else 1

    def territory(self, territory_id: int, outers: Iterable[int]) -> tuple[BitMap, BitMap]:
        """What lies inside a territory, and what lies elsewhere but covers it.

        `outers` are the territories that contain it. What declares a zone inside it counts as inside.
        """
        here = self.within.get(territory_id) or self.communes.get(territory_id) or BitMap()
        inside = here | self.acting.get(territory_id, BitMap())
        covering = BitMap.union(BitMap(), *(self.zones[outer] for outer in outers if outer in self.zones))
        return inside, covering - inside

    def _learn_outers(self, places: list[int]) -> None:
        if not places:
            return
        with connection.cursor() as cursor:
            cursor.execute(OUTERS, [places])
            found = dict(cursor.fetchall())
        for place in places:
            self._outers[place] = [place, *found.get(place, [])]

    def _add_rows(self, rows: Iterable[tuple]) -> None:
        """Add each position to the sets it belongs to, through lists: sets are quicker to fill at once."""
        pending: dict[int, tuple[BitMap, list[int]]] = {}

        def add(bitmap: BitMap, position: int) -> None:
            pending.setdefault(id(bitmap), (bitmap, []))[1].append(position)

        for position, kind, mark, commune, audience, themes_audience, zones, tags, themes, *point in rows:
            if audience >= Audience.ME:
                continue
            add(self.kinds[kind], position)
            add(self.marks[mark], position)
            add(self.communes[commune], position)
            add(self.points[tuple(point)], position)
            for outer in self._outers[commune][1:]:
                add(self.within[outer], position)
            for zone in zones:
                add(self.zones[zone], position)
            for outer in {outer for zone in zones for outer in self._outers[zone]}:
                add(self.acting[outer], position)
            for tag in tags:
                add(self.tags[tag], position)
            for circle in CLEARANCES:
                if audience <= circle:
                    add(self.open_to[circle], position)
                if themes_audience <= circle:
                    for theme in themes:
                        add(self.themes[circle][theme], position)
        for bitmap, positions in pending.values():
            bitmap.update(positions)

    def _discard(self, positions: list[int]) -> list[Point]:
        """Take these out of every set. Returns the points where they were."""
        gone = BitMap(positions)
        left: list[Point] = []
        for sets in self._all_sets():
            # Asking first: nearly all of the thousands of sets hold none of them.
            held = [key for key, bitmap in sets.items() if bitmap.intersect(gone)]
            for key in held:
                sets[key].difference_update(gone)
            if sets is self.points:
                left = held
        return left

    def _all_sets(self) -> Iterator[dict]:
        yield from (self.open_to, self.kinds, self.marks, self.tags, *self.themes.values())
        yield from (self.communes, self.points, self.within, self.zones, self.acting)


_lock = threading.Lock()
_index: Index | None = None


def current_index() -> Index:
    """The index of this process, brought up to the last committed change: one small query."""
    global _index
    with _lock:
        if _index is None or not _index.catch_up():
            _index = Index.build()
        return _index


def forget_index() -> None:
    """Drop the index of this process; the next request builds it anew."""
    global _index
    with _lock:
        _index = None
