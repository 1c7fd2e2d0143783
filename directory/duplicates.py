"""Structures that may be one and the same: which they are, how much alike, and why.

Used where a name is typed, so that a page is not made twice, and by the desk, which is shown pairs. Nothing
is ever merged by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import CharField, F, Func, Q
from django.utils.translation import gettext_lazy as _

from core.text import plain
from moderation.models import Status
from territories.models import Territory

from .models import KEYS, Structure
from .pages import km_between

#: The share of groups of three letters two names have in common, to be looked at, and to be called alike.
LOOKED_AT, ALIKE = 0.4, 0.6
NEAR_KM = 20
#: From how much on a pair is put before the team, and before who types a name.
FOR_THE_DESK, WHILE_TYPING = 70, 35
CANDIDATES, SHOWN = 60, 6

#: What each reason weighs, and how it is said.
REASONS = {
    "siret": (100, _("même SIRET")),
    "finess": (100, _("même FINESS")),
    "rna": (100, _("même numéro RNA")),
    "same_name": (60, _("même nom")),
    "name": (45, _("nom très proche")),
    "close_name": (30, _("nom ressemblant")),
    "acronym": (30, _("même sigle")),
    "site": (35, _("même site")),
    "commune": (30, _("même commune")),
    "near": (15, _("à moins de 20 km")),
}


@dataclass(frozen=True)
class Likeness:
    """A structure that resembles what is described, and in what."""

    structure: Structure
    reasons: tuple[str, ...]

    @property
    def score(self) -> int:
        return sum(REASONS[reason][0] for reason in self.reasons)

    @property
    def words(self) -> list[str]:
        return words_of(self.reasons)


@dataclass(frozen=True)
class Description:
    """What is known of a structure that is being typed, or compared."""

    name: str = ""
    acronym: str = ""
    commune: Territory | None = None
    website: str = ""
    keys: Mapping[str, str] | None = None

    @classmethod
    def of(cls, structure: Structure) -> Description:
        return cls(
            name=structure.name,
            acronym=structure.acronym,
            commune=structure.commune,
            website=structure.website,
            keys={key: getattr(structure, key) for key in KEYS},
        )


def words_of(reasons: Iterable[str]) -> list[str]:
    """Reasons as they are said."""
    return [str(REASONS[reason][1]) for reason in reasons if reason in REASONS]


def alike(
    described: Description, *, least: int, among: Iterable[Status], but: int | None = None
) -> list[Likeness]:
    """The structures in one of these states that resemble what is described, the most alike first."""
    found = Structure.objects.filter(status__in=list(among)).exclude(pk=but)
    found = found.filter(_worth_a_look(described)).select_related("commune", "category")
    name = Func(F("name"), function="fr_sort_key", output_field=CharField())
    key = plain(described.name)
    found = found.annotate(likeness=TrigramSimilarity(name, key)).order_by("-likeness", "pk")
    likenesses = [Likeness(one, tuple(_reasons(described, one, key))) for one in found[:CANDIDATES]]
    kept = [one for one in likenesses if one.score >= least]
    return sorted(kept, key=lambda one: (-one.score, one.structure.pk))


def while_typing(described: Description) -> list[Likeness]:
    """The published structures that someone who makes a page may in fact mean."""
    return alike(described, least=WHILE_TYPING, among=[Status.PUBLISHED])[:SHOWN]


def _worth_a_look(described: Description) -> Q:
    """What the indexes find at once: a number, a name with enough letters in common, an acronym, a site."""
    wanted = Q(pk__in=[])
    for key, number in (described.keys or {}).items():
        if number:
            wanted |= Q(**{key: number})
    if len(plain(described.name)) > 2:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_limit(%s)", [LOOKED_AT])
        wanted |= Q(name__fr_sort_key__trigram_similar=plain(described.name))
    if plain(described.acronym):
        wanted |= Q(acronym__fr_sort_key=plain(described.acronym))
    if site := site_of(described.website):
        wanted |= Q(website__icontains=site)
    return wanted


def _reasons(described: Description, other: Structure, key: str) -> Iterable[str]:
    for name, number in (described.keys or {}).items():
        if number and getattr(other, name) == number:
            yield name
    if key and key == plain(other.name):
        yield "same_name"
    elif other.likeness >= ALIKE:
        yield "name"
    elif other.likeness >= LOOKED_AT:
        yield "close_name"
    if plain(described.acronym) and plain(described.acronym) == plain(other.acronym):
        yield "acronym"
    if (site := site_of(described.website)) and site == site_of(other.website):
        yield "site"
    if described.commune is not None:
        if described.commune.pk == other.commune_id:
            yield "commune"
        elif km_between(described.commune, other.commune) <= NEAR_KM:
            yield "near"


def site_of(website: str) -> str:
    """The site of an address, without what varies between ways of writing it."""
    try:
        return (urlsplit(website).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
