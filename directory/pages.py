"""One page of results: which rows, in which order, with what is said of each."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.functional import cached_property

from core.querystring import with_values

from .filters import DirectoryFilter
from .index.order import walk_by
from .index.text import RANKED_CAP, rank
from .models import Listing, Term

PAGE_SIZE = 20
#: Nobody reads so far; a machine that copies the directory does.
MAX_PAGE = 2_500


@dataclass(frozen=True)
class Card:
    """A result as a list, the map or an export shows it: nothing its reader may not see."""

    listing: Listing
    terms: list[Term]
    themes: list[Term]
    covers: bool

    def named(self, vocabulary: str) -> list[Term]:
        return [term for term in self.terms if term.vocabulary == vocabulary]

    @property
    def roles(self) -> list[Term]:
        return self.named("role")

    @property
    def category(self) -> Term | None:
        return next(iter(self.named("category")), None)

    @property
    def domains(self) -> list[Term]:
        return self.named("domain")


@dataclass
class ResultPage:
    """The page `number` of what `filterset` selects; out of range, the nearest page there is."""

    filterset: DirectoryFilter
    params: QueryDict
    asked: str = "1"
    size: int = PAGE_SIZE
    number: int = field(init=False)

    def __post_init__(self) -> None:
        digits = self.asked if self.asked.isascii() and self.asked.isdigit() else "1"
        self.number = max(1, min(int(digits[:9]), self.pages))

    @property
    def total(self) -> int:
        return len(self.filterset.qs)

    @property
    def is_capped(self) -> bool:
        """Whether there may be more than `total`: the words searched for are very common."""
        return bool(self.filterset.hits and self.filterset.hits.capped)

    @property
    def pages(self) -> int:
        return max(1, min(-(-self.total // self.size), MAX_PAGE))

    @cached_property
    def cards(self) -> list[Card]:
        return cards(self.filterset, positions(self.filterset, (self.number - 1) * self.size, self.size))

    @property
    def previous_url(self) -> str:
        return self._url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self._url(self.number + 1) if self.number < self.pages else ""

    @property
    def first_url(self) -> str:
        return self._url(1)

    @property
    def last_url(self) -> str:
        return self._url(self.pages)

    def _url(self, number: int) -> str:
        return with_values(self.params, page=None if number == 1 else str(number))


def positions(filterset: DirectoryFilter, start: int, count: int) -> list[int]:
    """`count` positions from rank `start` in the order asked for: the same for list, map and export."""
    selection, order = filterset.qs, filterset.cleaned.get("tri")
    if order:
        return walk_by(order, selection, start, count)
    if filterset.hits and filterset.hits.query and start < RANKED_CAP:
        first = rank(selection.walk(0, RANKED_CAP), filterset.hits.query, selection.clearance)
        shown = first[start : start + count]
        return shown + selection.walk(len(first), count - len(shown)) if len(shown) < count else shown
    return selection.walk(start, count)


def cards(filterset: DirectoryFilter, places: list[int]) -> list[Card]:
    """The cards at these positions, in this order."""
    selection = filterset.qs
    found = Listing.objects.open_to(selection.clearance).at(places).select_related("commune")
    by_position = {listing.position: listing for listing in found}
    terms = selection.index.terms
    return [
        Card(
            listing=by_position[place],
            terms=[terms[pk] for pk in by_position[place].tags],
            themes=[terms[pk] for pk in by_position[place].themes]
            if by_position[place].themes_audience <= selection.clearance
            else [],
            covers=selection.covers(place),
        )
        for place in places
        if place in by_position
    ]
