"""One page of results: which rows, in which order, with what is said of each."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import groupby

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.querystring import with_values
from moderation.freshness import is_long_ago
from moderation.registry import kind_named
from territories.models import Territory

from .filters import DirectoryFilter
from .index.order import walk_by
from .index.text import RANKED_CAP, rank
from .listed import listed_named
from .models import Listing, Term

PAGE_SIZE = 20
#: Nobody reads so far; a machine that copies the directory does.
MAX_PAGE = 2_500
#: Domains and themes named on a card, of each; the page says the rest.
WORDS_SHOWN = 3
EARTH_KM = 6_371.0


@dataclass(frozen=True)
class Card:
    """A result as a list, the map or an export shows it: nothing its reader may not see.

    What a card says is put in words here rather than in the template, which is drawn twenty times a page.
    """

    listing: Listing
    terms: list[Term]
    themes: list[Term]
    covers: bool
    km: int | None = None

    def named(self, vocabulary: str) -> list[Term]:
        return [term for term in self.terms if term.vocabulary == vocabulary]

    @cached_property
    def roles(self) -> list[Term]:
        return self.named("role")

    @property
    def category(self) -> Term | None:
        return next(iter(self.named("category")), None)

    @cached_property
    def domains(self) -> list[Term]:
        return self.named("domain")

    @cached_property
    def url(self) -> str:
        return reverse(listed_named(self.listing.kind).route, args=[self.listing.slug])

    @cached_property
    def words(self) -> str:
        """What stands above the name, as its kind says it."""
        return listed_named(self.listing.kind).kicker(self)

    @cached_property
    def shown_domains(self) -> list[str]:
        return [term.label for term in self.domains[:WORDS_SHOWN]]

    @cached_property
    def shown_themes(self) -> list[str]:
        return [term.label for term in self.themes[:WORDS_SHOWN]]

    @cached_property
    def hidden(self) -> int:
        """How many other domains and themes there are."""
        return sum(max(0, len(found) - WORDS_SHOWN) for found in (self.domains, self.themes))

    @cached_property
    def more(self) -> str:
        """The same in words; empty when all are shown."""
        return _("et %(more)s de plus") % {"more": self.hidden} if self.hidden else ""

    @cached_property
    def distance(self) -> str:
        if self.km is None:
            return ""
        return _("à %(km)s km") % {"km": self.km} if self.km else _("sur place")

    @cached_property
    def confirmed(self) -> str:
        """When what the page says was last confirmed, to the month; empty if it never was."""
        if self.listing.confirmed_at is None:
            return ""
        long_ago = is_long_ago(self.listing.confirmed_at, kind_named(self.listing.kind))
        words = _("Pas confirmé depuis %(month)s") if long_ago else _("Confirmé en %(month)s")
        return words % {"month": date_format(localtime(self.listing.confirmed_at), "F Y")}


@dataclass(frozen=True)
class Section:
    """Results that follow one another: in the place asked for, or covering it from outside."""

    covers: bool
    cards: list[Card]


@dataclass(frozen=True)
class PageLink:
    """A page to go to; without a number, a gap; without an address, this one."""

    number: int | None
    url: str = ""


@dataclass
class ResultPage:
    """The page `number` of what `filterset` selects; out of range, the nearest page there is."""

    filterset: DirectoryFilter
    params: QueryDict
    asked: int = 1
    size: int = PAGE_SIZE
    number: int = field(init=False)

    def __post_init__(self) -> None:
        self.number = max(1, min(self.asked, self.pages))

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
    def links(self) -> list[PageLink]:
        """The first page, the neighbours of this one, the last."""
        kept = sorted({1, self.pages, *range(max(1, self.number - 1), min(self.pages, self.number + 1) + 1)})
        links: list[PageLink] = []
        for previous, number in zip([0, *kept], kept, strict=False):
            if number > previous + 1:
                links.append(PageLink(None))
            links.append(PageLink(number, "" if number == self.number else self._url(number)))
        return links

    @cached_property
    def is_parted(self) -> bool:
        """Whether what is inside the place comes before what covers it, and there is some of both kinds."""
        cleaned, selection = self.filterset.cleaned, self.filterset.qs
        ordered = not cleaned.get("tri") and not cleaned.get("q")
        return ordered and bool(selection.covering & selection.positions)

    @property
    def sections(self) -> list[Section]:
        if not self.is_parted:
            return [Section(False, self.cards)] if self.cards else []
        return [
            Section(covers, list(found)) for covers, found in groupby(self.cards, lambda card: card.covers)
        ]

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
    centre = filterset.cleaned.get("autour")
    return [
        Card(
            listing=by_position[place],
            terms=[terms[pk] for pk in by_position[place].tags],
            themes=[terms[pk] for pk in by_position[place].themes]
            if by_position[place].themes_audience <= selection.clearance
            else [],
            covers=selection.covers(place),
            km=km_between(centre, by_position[place].commune) if centre else None,
        )
        for place in places
        if place in by_position
    ]


def km_between(one: Territory, other: Territory) -> int:
    """Kilometres between two centres, as the crow flies."""
    half = math.sin(math.radians(other.lat - one.lat) / 2) ** 2
    half += (
        math.cos(math.radians(one.lat))
        * math.cos(math.radians(other.lat))
        * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    )
    return round(2 * EARTH_KM * math.asin(math.sqrt(half)))
