"""The kinds of things that lists, map and search hold: this app's two, and those of the apps above.

Each app registers its own in its `apps.py`; nothing here names one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.audience import Audience

if TYPE_CHECKING:
    from moderation.models import Publishable

    from .models import Listing, Term
    from .pages import Card

#: What finds a thing: the words that weigh most, those that weigh less, all the others.
Words = tuple[str, str, str]


@dataclass(frozen=True)
class Counted:
    """How a number of things reads."""

    none: str | Promise
    some: Callable[[int], str]
    more_than: str | Promise

    def say(self, total: int, is_capped: bool) -> str:
        """`total` of them in words; `is_capped` when there may be more."""
        if not total:
            return str(self.none)
        return str(self.more_than if is_capped else self.some(total)) % {"shown": intcomma(total)}


#: Of several kinds at once.
RESULTS = Counted(
    none=_("Aucun résultat"),
    some=lambda total: ngettext("%(shown)s résultat", "%(shown)s résultats", total),
    more_than=_("Plus de %(shown)s résultats"),
)


@dataclass(frozen=True)
class Listed:
    """One kind of thing. Its model is Publishable, with a slug, a commune, and `terms`, `themes`, `zones`."""

    model: type[Publishable]
    #: In addresses and in `Listing.kind`: "acteur".
    slug: str
    #: « Acteurs ».
    label: str | Promise
    #: The names of its addresses: the page of one, the list of all, the list as a file.
    route: str
    list_route: str
    export_route: str
    #: The filters that make sense for it, in the order they are shown.
    filters: tuple[str, ...]
    #: What stands above the name on a card.
    kicker: Callable[[Card], str]
    #: Fills a listing from a thing with its terms and themes, and gives the words that find it, by circle.
    #: Asks nothing of the database.
    describe: Callable[[Publishable, Listing, list[Term], list[Term]], dict[Audience, Words]]
    counted: Counted
    #: Names the search form, and what one may type in it.
    search_label: str | Promise
    search_hint: str | Promise
    #: Whether some are shown to members alone: visitors are then told so.
    has_circles: bool = False


_listed: dict[str, Listed] = {}


def register(listed: Listed) -> None:
    """Make a kind known."""
    _listed[listed.slug] = listed


def listed_kinds() -> list[Listed]:
    """Every kind, in the order the apps were loaded: the lowest first."""
    return list(_listed.values())


def listed_named(slug: str) -> Listed:
    """The kind that bears this name in addresses. Raises KeyError for any other."""
    return _listed[slug]


def listed_as(thing: Publishable) -> Listed:
    """The kind of a thing. Raises KeyError for what is not listed."""
    return next(listed for listed in _listed.values() if isinstance(thing, listed.model))
