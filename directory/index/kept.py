"""The hits of the last searches, kept by each web process beside its index.

Who searches looks at the next page, adds a filter, opens the map. The words are the same, and so are the hits
but for what changed meanwhile: that is all the database is asked again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from pyroaring import BitMap

#: How many searches are kept: of a hundred thousand rows, a dozen kilobytes each at most.
KEPT = 32


@dataclass(frozen=True)
class Found:
    """The hits of a search, as they were when the journal of changes stood at `last_change`."""

    positions: BitMap
    last_change: int
    capped: bool


class KeptHits:
    """The last searches of each circle. Threads share it."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[str, str], Found] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, query: str, column: str) -> Found | None:
        """What was found for a query among the words of a circle, if it is still kept."""
        with self._lock:
            if (query, column) in self._found:
                self._found.move_to_end((query, column))
            return self._found.get((query, column))

    def keep(self, query: str, column: str, found: Found) -> None:
        """Keep these hits; the search that nobody asked for the longest is let go."""
        with self._lock:
            self._found[query, column] = found
            self._found.move_to_end((query, column))
            while len(self._found) > KEPT:
                self._found.popitem(last=False)

    def forget(self) -> None:
        """Let everything go."""
        with self._lock:
            self._found.clear()
