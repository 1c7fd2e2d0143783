"""The filters as a page shows them: each choice with its count, each choice made with a way back."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.querystring import with_values

from .filters import DEFAULT_KM, TERM_FILTERS, DirectoryFilter
from .listed import Listed, listed_kinds, listed_named
from .models import Term

#: The filters of the map, which shows things of every kind.
MAP_FILTERS = ("role", "categorie", "domaine", "theme", "public")
#: What has no meaning left once another filter is taken off.
TOGETHER = {"autour": ("km", "lieu"), "territoire": ("lieu",), "bbox": ("zoom",)}


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Facet:
    """One group of choices. `options` keeps those that would give something, and those already chosen."""

    name: str
    label: str
    options: list[Option]

    @property
    def selected(self) -> int:
        return sum(option.selected for option in self.options)


@dataclass(frozen=True)
class Chip:
    """A choice made, and the address without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Problem:
    """A filter that could not be understood: its name, and why."""

    label: str
    message: str


@dataclass(frozen=True)
class Sort:
    """An order of the results, and its address."""

    label: str
    url: str
    current: bool


def facets(filterset: DirectoryFilter, kind: Listed | None) -> list[Facet]:
    """The groups of choices that fit `kind`, or the map, with what each choice would give."""
    groups = [_term_facet(filterset, name) for name in (kind.filters if kind else MAP_FILTERS)]
    if kind is None:
        groups.insert(0, _kind_facet(filterset))
    return [group for group in groups if group.options]


def chips(filterset: DirectoryFilter, params: QueryDict) -> list[Chip]:
    """The choices made, in words."""
    cleaned, made = filterset.cleaned, []
    if cleaned.get("q"):
        made.append(Chip(_("« %(text)s »") % {"text": cleaned["q"]}, _without(params, "q")))
    if cleaned.get("territoire"):
        made.append(Chip(cleaned["territoire"].label, _without(params, "territoire", "lieu")))
    if cleaned.get("autour"):
        label = _("à %(km)s km de %(place)s") % {
            "km": cleaned.get("km") or DEFAULT_KM,
            "place": cleaned["autour"].name,
        }
        made.append(Chip(label, _without(params, "autour", "km", "lieu")))
    if cleaned.get("bbox"):
        made.append(Chip(_("dans le cadre de la carte"), _without(params, "bbox", "zoom")))
    for kind in cleaned.get("nature") or []:
        made.append(Chip(str(listed_named(kind).label), _one_less(params, "nature", kind)))
    for name in TERM_FILTERS:
        made += [Chip(term.label, _one_less(params, name, term.slug)) for term in cleaned.get(name) or []]
    return made


def problems(filterset: DirectoryFilter) -> list[Problem]:
    """Why the address cannot be understood, filter by filter; empty when it can."""
    return [
        Problem(str(filterset.filters[name].label), message)
        for name, messages in filterset.form.errors.items()
        for message in messages
    ]


def mended(filterset: DirectoryFilter, params: QueryDict) -> str:
    """The address without what could not be understood."""
    changes: dict[str, list[str] | None] = {}
    for name in filterset.form.errors:
        changes |= dict.fromkeys(TOGETHER.get(name, ()))
        changes[name] = filterset.valid_values(name)
    return with_values(params, **{"page": None, **changes})


def sorts(filterset: DirectoryFilter, params: QueryDict) -> list[Sort]:
    """The orders one may ask for; the first, unasked, is named after what it does with these filters."""
    cleaned = filterset.cleaned
    usual = _("ordre du jour")
    if cleaned.get("q"):
        usual = _("pertinence")
    elif cleaned.get("autour"):
        usual = _("du plus proche au plus loin")
    asked = cleaned.get("tri") or ""
    named = [("", usual), ("nom", _("par nom")), ("recent", _("les plus récents"))]
    return [Sort(label, with_values(params, page=None, tri=value), value == asked) for value, label in named]


def _term_facet(filterset: DirectoryFilter, name: str) -> Facet:
    vocabulary, selection = TERM_FILTERS[name], filterset.understood
    terms = list(selection.index.vocabularies[vocabulary].values())
    counts = selection.facet(name, [term.pk for term in terms])
    chosen: list[Term] = filterset.cleaned.get(name) or []
    options = [
        Option(term.slug, term.label, counts[term.pk], term in chosen)
        for term in terms
        if counts[term.pk] or term in chosen
    ]
    return Facet(name, str(vocabulary.label), options)


def _kind_facet(filterset: DirectoryFilter) -> Facet:
    counts, chosen = filterset.understood.facet_kinds(), filterset.cleaned.get("nature") or []
    options = [
        Option(kind.slug, str(kind.label), counts.get(kind.slug, 0), kind.slug in chosen)
        for kind in listed_kinds()
        if counts.get(kind.slug) or kind.slug in chosen
    ]
    return Facet("nature", _("Nature"), options)


def _without(params: QueryDict, *names: str) -> str:
    return with_values(params, page=None, **dict.fromkeys(names))


def _one_less(params: QueryDict, name: str, value: str) -> str:
    return with_values(params, page=None, **{name: [kept for kept in params.getlist(name) if kept != value]})
