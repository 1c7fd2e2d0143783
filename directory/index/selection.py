from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping

from django.utils import timezone
from pyroaring import BitMap

from accounts.audience import Audience

from ..models import Listing
from ..models.listings import POSITION_BITS
from .bitmaps import Index
from .grid import Box

#: Filters that share a dimension are alternatives; those of different dimensions add up.
Dimension = str


def daily_start(day: datetime.date | None = None) -> int:
    """The position today's lists begin at: everyone comes first some day, and stays put within a day."""
    day = day or timezone.localdate()
    digest = hashlib.blake2b(day.isoformat().encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") % 2**POSITION_BITS


class Selection:
    """What a viewer of some clearance gets with some filters: immutable, each filter gives a new one.

    Results come in today's shuffle; `tiers` are disjoint sets to be walked one after the other before
    the rest: what is inside a territory before what covers it, the nearest commune before the next.
    """

    #: What a filter set is told it filters.
    model = Listing

    def __init__(self, index: Index, clearance: Audience) -> None:
        self.index = index
        self.clearance = clearance
        self.filters: dict[Dimension, BitMap] = {}
        self.tiers: tuple[BitMap, ...] = ()
        self.covering = BitMap()
        self.invalid = False

    def all(self) -> Selection:
        """Itself: what a filter set starts from."""
        return self

    def narrowed(self, dimension: Dimension, positions: BitMap) -> Selection:
        """The same, within `positions`."""
        new = self._copy()
        new.filters[dimension] = self.filters.get(dimension, positions) & positions
        return new

    def having(self, dimension: Dimension, term_ids: Iterable[int]) -> Selection:
        """The same, among what bears at least one of these terms."""
        sets = self._term_sets()
        found = [sets[dimension == "theme"][term] for term in term_ids if term in sets[dimension == "theme"]]
        return self.narrowed(dimension, BitMap.union(BitMap(), *found))

    def of_kind(self, kinds: Iterable[str]) -> Selection:
        """The same, among things of these kinds."""
        found = [self.index.kinds[kind] for kind in kinds if kind in self.index.kinds]
        return self.narrowed("kind", BitMap.union(BitMap(), *found))

    def in_territory(self, territory_id: int, outers: Iterable[int]) -> Selection:
        """The same, inside a territory, then what covers it; `covers()` tells them apart."""
        inside, covering = self.index.territory(territory_id, outers)
        new = self.narrowed("place", inside | covering)
        new.covering, new.tiers = covering, (inside, covering)
        return new

    def near(self, communes: Iterable[int]) -> Selection:
        """The same, at these communes, given from the nearest to the farthest."""
        tiers = tuple(self.index.communes[commune] for commune in communes if commune in self.index.communes)
        new = self.narrowed("place", BitMap.union(BitMap(), *tiers))
        new.tiers = tiers
        return new

    def in_box(self, box: Box) -> Selection:
        """The same, within a frame of the map."""
        return self.narrowed("bbox", self.index.grid.in_box(box))

    def nothing(self) -> Selection:
        """What an invalid request gets: nothing, rather than everything."""
        new = self.narrowed("invalid", BitMap())
        new.invalid = True
        return new

    @property
    def positions(self) -> BitMap:
        """Everything selected. Computed once."""
        if not hasattr(self, "_positions"):
            self._positions = self._without(None)
        return self._positions

    def positions_without(self, dimension: Dimension) -> BitMap:
        """Everything selected, had this dimension not been filtered."""
        return self._without(dimension) if dimension in self.filters else self.positions

    def __len__(self) -> int:
        return len(self.positions)

    def covers(self, position: int) -> bool:
        """Whether a result is there because it covers the place asked for, from outside."""
        return position in self.covering

    def facet(self, dimension: Dimension, term_ids: Iterable[int]) -> dict[int, int]:
        """For each term, how many results one would get with it, the other dimensions kept."""
        base = self._without(dimension)
        sets = self._term_sets()[dimension == "theme"]
        return {term: base.intersection_cardinality(sets[term]) if term in sets else 0 for term in term_ids}

    def facet_kinds(self) -> dict[str, int]:
        """How many results there are of each kind, the other dimensions kept."""
        base = self._without("kind")
        return {kind: base.intersection_cardinality(found) for kind, found in self.index.kinds.items()}

    def walk(self, start: int, count: int, first: int | None = None) -> list[int]:
        """`count` positions from rank `start` in today's order (or the order that begins at `first`)."""
        first = (daily_start() if first is None else first) % self.index.extent
        taken: list[int] = []
        for tier in self._walked_tiers():
            size = len(tier)
            if start >= size:
                start -= size
                continue
            taken += _rotated_slice(tier, start, count - len(taken), first)
            start = 0
            if len(taken) >= count:
                break
        return taken

    def _walked_tiers(self) -> Iterator[BitMap]:
        if not self.tiers:
            yield self.positions
            return
        rest = self.positions
        for tier in self.tiers:
            shown = tier & self.positions
            if shown:
                rest = rest - shown
                yield shown
        if rest:
            yield rest

    def _without(self, dimension: Dimension | None) -> BitMap:
        kept = [positions for name, positions in self.filters.items() if name != dimension]
        # A copy even without a filter: another thread may bring the index up to date meanwhile.
        return BitMap.intersection(BitMap(self.index.open_to[self.clearance]), *kept)

    def _term_sets(self) -> tuple[Mapping[int, BitMap], Mapping[int, BitMap]]:
        return self.index.tags, self.index.themes[self.clearance]

    def _copy(self) -> Selection:
        new = Selection(self.index, self.clearance)
        new.filters = dict(self.filters)
        new.tiers, new.covering, new.invalid = self.tiers, self.covering, self.invalid
        return new


def _rotated_slice(positions: BitMap, start: int, count: int, first: int) -> list[int]:
    """`count` members from rank `start`, in increasing order from `first` on, then from zero."""
    size = len(positions)
    offset = positions.rank(first - 1) if first else 0
    begin = (offset + start) % size
    end = min(start + count, size) - start
    taken = list(positions[begin : begin + end])
    if len(taken) < end:
        taken += list(positions[: end - len(taken)])
    return taken
