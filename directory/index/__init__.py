"""The directory's index: sets of positions, one per term, territory and circle, held by each web process.

Any combination of filters, with its total and the counts of every facet, is an intersection of sets. The
sets are built from `Listing`, and follow it change by change (see `docs/decisions/004-bitmap-index.md`).
"""

from .bitmaps import CLEARANCES, Index, current_index, forget_index
from .selection import Selection

__all__ = ["CLEARANCES", "Index", "Selection", "current_index", "forget_index"]
