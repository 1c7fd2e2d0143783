"""The pages measured: where they are, who looks, and how many reference pages each may cost."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from directory.demo.bulk import COMMON_WORD, bulk_fragments
from directory.models import Actor, Listing, Structure
from moderation.models import Status
from territories.models import Territory

#: Half the width and height, in degrees, of a screen of 1,000 by 800 pixels at zoom 13.
HALF_SCREEN = (0.086, 0.047)
#: As someone types them, with a slip, a postal code, a name with its département.
PLACES = ("tou", "saint-girons", "st girons", "toulous", "09200", "tarascon ariege", "mnotpellier", "paris")
COMMON_WORDS = ("équipe", "patients", "soins", "projet", "partenaire")
TOWN, CITY = "com-65440", "com-31555"


@dataclass(frozen=True)
class Page:
    """`urls` are visited in turn. `goal` is in reference pages seen by the same viewer; None: to know.

    `first_look`: the searches that the index keeps are forgotten before each visit.
    """

    name: str
    urls: tuple[str, ...]
    goal: float | None = None
    member: bool = False
    rounds: float = 1.0
    first_look: bool = True


def pages() -> list[Page]:
    """Every page measured, on the data as they are."""
    role_theme = {"role": "patient-partenaire", "theme": "diabete"}
    rare = bulk_fragments().rare_surnames[:8]
    return [
        Page("People, first page with facets", ("/acteurs/",), 2.5),
        Page("People, first page, as htmx asks it", ("/acteurs/#htmx",)),
        Page("People, département and theme", _at("/acteurs/", territoire="dep-31", theme="diabete"), 2.5),
        Page("People, région, role and theme", _at("/acteurs/", territoire="reg-76", **role_theme), 2.5),
        Page("People, 20 km around a town", _at("/acteurs/", autour=TOWN, km=20)),
        Page("People, last page (about 1,900 at 100k)", _at("/acteurs/", page=2000), 2.5),
        Page("People, search: a word of two people in five", _at("/acteurs/", q=COMMON_WORD), 3),
        Page("People, search: another common word each time", _each("/acteurs/", "q", COMMON_WORDS), 3),
        Page(
            "People, search: the same word again, page 2",
            _at("/acteurs/", q=COMMON_WORD, page=2),
            first_look=False,
        ),
        Page("People, search and région", _at("/acteurs/", q="soins", territoire="reg-76"), 3),
        Page("People, search: a rare name", _each("/acteurs/", "q", rare), 3),
        Page(
            "People, search: a slip in a name",
            _each("/acteurs/", "q", [f"{name[:4]}{name[5:]}" for name in rare]),
        ),
        Page("People, by name", _at("/acteurs/", tri="nom"), 2.5),
        Page("People, by name, page 100", _at("/acteurs/", tri="nom", page=100), rounds=0.3),
        Page("Structures, first page with facets", ("/structures/",), 2.5),
        Page("A person", _actors(), 1.5),
        Page("A structure", _structures(), 1.5),
        Page("Home", ("/",)),
        Page("A département", ("/territoires/dep-31/",)),
        Page("A région", ("/territoires/reg-76/",)),
        Page("Place box, as one types", _each("/territoires/recherche/", "q", PLACES), 0.5),
        Page("Map page", ("/carte/",)),
        Page("Map data, whole country", _at("/carte/donnees.geojson", bbox="-6,41,10,51.5", zoom=6), 2),
        Page("Map data, country, role and theme", _at("/carte/donnees.geojson", zoom=6, **role_theme), 2),
        Page("Map data, a town (zoom 13)", _at("/carte/donnees.geojson", bbox=_screen(TOWN), zoom=13), 1),
        Page(
            "Map data, a large city (zoom 13)", _at("/carte/donnees.geojson", bbox=_screen(CITY), zoom=13), 1
        ),
        Page("Export, 1,000 lines", ("/acteurs/export.csv",), rounds=0.2),
        Page("Member: people, first page with facets", ("/acteurs/",), 2.5, member=True),
        Page("Member: people, page 2,000", _at("/acteurs/", page=2000), 2.5, member=True),
        Page("Member: search, a word of two people in five", _at("/acteurs/", q=COMMON_WORD), 3, member=True),
        Page("Member: search, another common word", _each("/acteurs/", "q", COMMON_WORDS), 3, member=True),
        Page("Member: a person", _actors(), 1.5, member=True),
    ]


def _at(path: str, **values: object) -> tuple[str, ...]:
    return (f"{path}?{urlencode(values)}",)


def _each(path: str, name: str, values) -> tuple[str, ...]:
    return tuple(url for value in values for url in _at(path, **{name: value}))


def _screen(ref: str) -> str:
    town, (width, height) = Territory.objects.by_ref(ref), HALF_SCREEN
    return f"{town.lon - width:.4f},{town.lat - height:.4f},{town.lon + width:.4f},{town.lat + height:.4f}"


def _actors() -> tuple[str, ...]:
    """People whose page has something of everything."""
    found = Actor.objects.filter(status=Status.PUBLISHED, audience=0, themes_audience=0).exclude(
        memberships=None
    )
    return tuple(actor.get_absolute_url() for actor in found.order_by("-pk").distinct()[:8])


def _structures() -> tuple[str, ...]:
    listed = Listing.objects.filter(kind=Listing.STRUCTURE).values("object_id")
    found = Structure.objects.filter(pk__in=listed, pk__gt=0).exclude(memberships=None)
    return tuple(structure.get_absolute_url() for structure in found.order_by("-pk").distinct()[:8])
