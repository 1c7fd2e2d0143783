"""Very many invented people and structures at once, to measure the site at scale.

Not through the actions, which take a few milliseconds a page: rows are composed here and copied in blocks.
The listing comes from the same `listings.describe` as any other page's, and a test holds the two together.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate
from operator import attrgetter
from random import Random

from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models, transaction
from psycopg.types.json import Jsonb

from accounts.actions import CONSENT_TEXT_VERSION
from accounts.audience import Audience
from accounts.models import Consent, User
from moderation.models import Status
from territories.models import Containment, Level, Territory

from . import listings
from .demo.bulk import COMMON_WORD, bulk_fragments
from .models import (
    Actor,
    ActorTerm,
    ActorTheme,
    Listing,
    ListingText,
    Membership,
    Structure,
    Term,
    Vocabulary,
)

SEED = 8_421
#: Structures for each hundred actors.
STRUCTURES = 20
BLOCK = 5_000
NOW = datetime.datetime(2026, 11, 1, 9, tzinfo=datetime.UTC)

#: Circles a page is open to, in hundredths: two in five to everyone, half to members.
AUDIENCES = {
    Audience.EVERYONE: 40,
    Audience.MEMBERS: 50,
    Audience.PROFESSIONALS: 5,
    Audience.TEAM: 3,
    Audience.ME: 2,
}
#: Three people in five name health themes, each consenting to one of these circles.
WITH_THEMES = 0.6
THEMES_AUDIENCES = {Audience.EVERYONE: 40, Audience.MEMBERS: 45, Audience.ME: 15}
PURPOSES = {
    Audience.EVERYONE: (Consent.Purpose.STORE, Consent.Purpose.EVERYONE),
    Audience.MEMBERS: (Consent.Purpose.STORE, Consent.Purpose.MEMBERS),
    Audience.ME: (Consent.Purpose.STORE,),
}
#: How many terms of each vocabulary a person bears: one of these numbers, drawn evenly.
TERMS = {
    Vocabulary.ROLE: (1, 1, 2),
    Vocabulary.DOMAIN: (1, 2, 3),
    Vocabulary.COMPETENCE: (0, 1, 2, 3),
    Vocabulary.PUBLIC: (0, 1, 2),
    Vocabulary.RECOGNITION: (0, 0, 1),
    Vocabulary.LANGUAGE: (0, 0, 1),
    Vocabulary.AVAILABILITY: (0, 1, 2),
}
STRUCTURE_TERMS = {Vocabulary.DOMAIN: (1, 2, 3), Vocabulary.PUBLIC: (0, 1, 2), Vocabulary.FIELD: (0, 1, 2)}

WORDS = [f"{circle}_{weight}" for circle in ("everyone", "members") for weight in "abc"]
COLUMNS = ", ".join(f"{name} text" for name in WORDS)
MAKE_WORDS = f"CREATE TEMPORARY TABLE IF NOT EXISTS fabricated (listing bigint, {COLUMNS}) ON COMMIT DROP"
#: No words at all for members means the same as for everyone: the vector is then made once.
MAKE_TEXTS = """
INSERT INTO directory_listingtext (listing_id, position, everyone, members)
SELECT id, position, everyone, CASE WHEN members_a IS NULL THEN everyone ELSE {members} END FROM (
  SELECT *, CASE WHEN everyone_a IS NOT NULL THEN {everyone} END AS everyone
    FROM fabricated JOIN directory_listing ON directory_listing.id = listing OFFSET 0) AS words
"""

Page = Actor | Structure
Rows = Iterable[tuple]


@transaction.atomic
def fabricate(count: int, say: Callable[[str], object] = lambda _text: None) -> None:
    """Add `count` actors, and a fifth as many structures, to what is there: always the same ones."""
    with connection.cursor() as cursor:
        # Checked at each block: a queue to check at the end would fill the memory, and hold the indexes.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(MAKE_WORDS)
    factory = Factory()
    with _without_word_indexes():
        structures = [
            pk for block in _blocks(count * STRUCTURES // 100) for pk in _add_structures(factory, *block)
        ]
        say(f"  {len(structures)} structures")
        for first, size in _blocks(count):
            _add_actors(factory, first, size, count, structures)
            say(f"  {first + size} acteurs")
    with connection.cursor() as cursor:
        for model in (
            User,
            Consent,
            Actor,
            ActorTerm,
            ActorTheme,
            Structure,
            Membership,
            Listing,
            ListingText,
        ):
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    listings.everything_changed()


def _add_structures(factory: Factory, _first: int, size: int) -> range:
    ids = _reserve(Structure, size)
    made = [factory.structure(pk) for pk in ids]
    _copy_objects(Structure, (each.page for each in made))
    _copy_made(Structure.terms.through, "structure_id", "term_id", made, "terms")
    _copy_made(Structure.themes.through, "structure_id", "term_id", made, "themes")
    _copy_made(Structure.zones.through, "structure_id", "territory_id", made, "zones")
    _list(made)
    return ids


def _add_actors(factory: Factory, first: int, size: int, count: int, structures: list[int]) -> None:
    users, ids = _reserve(User, size), _reserve(Actor, size)
    rare = factory.fragments.rare_surnames
    every = max(1, count // len(rare))
    made = []
    for rank, (user, pk) in enumerate(zip(users, ids, strict=True), first):
        rarity = rare[rank // every] if rank % every == 0 and rank // every < len(rare) else ""
        made.append(factory.actor(pk, user, rarity))
    _copy_objects(User, (factory.user(user) for user in users))
    _copy_objects(Actor, (each.page for each in made))
    _copy(
        ActorTerm,
        "actor_id term_id since",
        ((each.page.pk, term.pk, factory.year()) for each in made for term in each.terms),
    )
    _copy_made(ActorTheme, "actor_id", "theme_id", made, "themes")
    _copy_made(Actor.zones.through, "actor_id", "territory_id", made, "zones")
    _copy(
        Consent,
        "subject_id purpose granted text_version channel recorded_at",
        (
            (each.page.user_id, purpose.value, True, CONSENT_TEXT_VERSION, Consent.Channel.DEMO.value, NOW)
            for each in made
            for purpose in each.purposes
        ),
    )
    _copy(Membership, "actor_id structure_id function", factory.memberships(made, structures))
    _list(made)


@dataclass
class Made:
    """A page and what is tied to it."""

    page: Page
    terms: list[Term]
    themes: list[Term]
    zones: list[Territory]
    purposes: tuple[Consent.Purpose, ...] = ()
    listing: Listing = field(default_factory=Listing)


class Factory:
    """Draws pages: places by their population, terms and names unevenly, as life does."""

    def __init__(self) -> None:
        self.draw = Random(SEED)  # noqa: S311 invented people need no secret
        self.fragments = bulk_fragments()
        #: What is written beside the presentation leaves its common word as common as it is.
        self.others = [text for text in self.fragments.presentations if COMMON_WORD not in text.lower()]
        self.vocabularies: dict[str, list[Term]] = {name: [] for name in Vocabulary.values}
        for term in Term.objects.order_by("rank", "pk"):
            self.vocabularies[term.vocabulary].append(term)
        self.weights = {
            name: list(accumulate(1 / (rank + 2) for rank in range(len(terms))))
            for name, terms in self.vocabularies.items()
        }
        self.communes = list(Territory.objects.filter(level=Level.COMMUNE).order_by("pk").only("pk", "name"))
        by_pk = dict(Territory.objects.filter(level=Level.COMMUNE).values_list("pk", "population"))
        self.populations = list(accumulate(by_pk[commune.pk] + 1 for commune in self.communes))
        self.around: dict[int, list[Territory]] = {}
        outers = Territory.objects.exclude(level=Level.COMMUNE).only("pk").in_bulk()
        pairs = Containment.objects.filter(inner__level=Level.COMMUNE).order_by("inner_id", "outer_id")
        for inner, outer in pairs.values_list("inner_id", "outer_id"):
            self.around.setdefault(inner, []).append(outers[outer])

    def user(self, pk: int) -> User:
        verified = self.draw.random() < 0.1
        return User(
            pk=pk,
            email=f"fabrique-{pk}@example.org",
            password="!",  # noqa: S106 no password opens such an account
            is_verified_professional=verified,
            date_joined=NOW,
        )

    def actor(self, pk: int, user: int, rare_surname: str = "") -> Made:
        """A person. One with a rare surname is published, and shows it to everyone."""
        draw, texts = self.draw, self.fragments
        audience = Audience.EVERYONE if rare_surname else self._circle(AUDIENCES)
        themes = self._terms(Vocabulary.THEME, draw.randint(1, 3)) if draw.random() < WITH_THEMES else []
        themes_audience = self._circle(THEMES_AUDIENCES) if themes else Audience.ME
        commune = self._commune()
        page = Actor(
            pk=pk,
            user_id=user,
            slug=f"fabrique-{pk}",
            name_style=Actor.NameStyle.FULL
            if rare_surname or draw.random() < 0.3
            else Actor.NameStyle.INITIAL,
            first_name=draw.choice(texts.first_names),
            last_name=rare_surname or draw.choice(texts.surnames),
            headline=draw.choice(texts.headlines),
            presentation=f"{draw.choice(texts.presentations)} {self._prose(4)}",
            experience=self._prose(3) if draw.random() < 0.4 else "",
            offers=self._prose(2) if draw.random() < 0.3 else "",
            needs=self._prose(1) if draw.random() < 0.2 else "",
            commune=commune,
            audience=int(audience),
            audiences={"experience": int(Audience.EVERYONE)} if draw.random() < 0.2 else {},
            themes_audience=int(themes_audience),
            **self._publication(bool(rare_surname)),
        )
        return Made(
            page,
            sorted(
                (term for name, numbers in TERMS.items() for term in self._terms(name, draw.choice(numbers))),
                key=_rank,
            ),
            themes,
            self._zones(commune, 0.15),
            PURPOSES[themes_audience] if themes else (),
        )

    def structure(self, pk: int) -> Made:
        draw, commune = self.draw, self._commune()
        category = self._terms(Vocabulary.CATEGORY, 1)[0]
        page = Structure(
            pk=pk,
            slug=f"fabrique-{pk}",
            name=f"{category.name} {draw.choice(self.fragments.surnames)} – {commune.name}"[:160],
            category=category,
            commune=commune,
            description=self._prose(4),
            **self._publication(),
        )
        terms = (
            term
            for name, numbers in STRUCTURE_TERMS.items()
            for term in self._terms(name, draw.choice(numbers))
        )
        themes = self._terms(Vocabulary.THEME, draw.randint(0, 2))
        return Made(page, sorted(terms, key=_rank), themes, self._zones(commune, 0.5))

    def memberships(self, made: list[Made], structures: list[int]) -> Iterator[tuple]:
        """One actor in five belongs to a structure; a few structures gather many."""
        for each in made:
            if structures and self.draw.random() < 0.2:
                rank = int(len(structures) * self.draw.random() ** 2)
                yield each.page.pk, structures[rank], self.draw.choice(("Membre", "Bénévole", "Salariée"))

    def year(self) -> int | None:
        return self.draw.randint(1995, 2026) if self.draw.random() < 0.2 else None

    def _circle(self, weights: dict[Audience, int]) -> Audience:
        return self.draw.choices(list(weights), list(weights.values()))[0]

    def _commune(self) -> Territory:
        return self.draw.choices(self.communes, cum_weights=self.populations)[0]

    def _terms(self, vocabulary: str, number: int) -> list[Term]:
        drawn = self.draw.choices(
            self.vocabularies[vocabulary], cum_weights=self.weights[vocabulary], k=number
        )
        return sorted(set(drawn), key=_rank)

    def _zones(self, commune: Territory, share: float) -> list[Territory]:
        around = self.around.get(commune.pk)
        return [self.draw.choice(around)] if around and self.draw.random() < share else []

    def _prose(self, sentences: int) -> str:
        return " ".join(self.draw.choices(self.others, k=sentences))

    def _publication(self, surely: bool = False) -> dict[str, object]:
        if self.draw.random() < 0.04 and not surely:
            return {"status": Status.DRAFT}
        day = NOW - datetime.timedelta(minutes=self.draw.randrange(3 * 365 * 24 * 60))
        return {"status": Status.PUBLISHED, "published_at": day, "confirmed_at": day}


def _rank(term: Term) -> tuple[int, int]:
    return term.rank, term.pk


def _list(made: list[Made]) -> None:
    """Write the listing of these pages, as `listings.refresh` does one by one."""
    listed = [each for each in made if _is_listed(each.page)]
    ids = _reserve(Listing, len(listed))
    with connection.cursor() as cursor:
        cursor.execute(listings.NEXT_POSITIONS, [len(listed)])
        positions = [row[0] for row in cursor.fetchall()]
    words = [_describe(*row) for row in zip(listed, ids, positions, strict=True)]
    _copy_objects(Listing, (each.listing for each in listed))
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE fabricated")
        _copy_into(cursor, "fabricated", ["listing", *WORDS], words)
        vectors = {
            name: listings.VECTOR.format(circle=name) % dict(zip(WORDS, WORDS, strict=True))
            for name in ("everyone", "members")
        }
        cursor.execute(MAKE_TEXTS.format(**vectors))


def _is_listed(page: Page) -> bool:
    return page.status == Status.PUBLISHED and getattr(page, "audience", Audience.EVERYONE) < Audience.ME


def _describe(made: Made, pk: int, position: int) -> tuple:
    listing, page = made.listing, made.page
    listing.pk, listing.position, listing.object_id = pk, position, page.pk
    listing.kind = Listing.Kind.ACTOR if isinstance(page, Actor) else Listing.Kind.STRUCTURE
    listing.zones = [zone.pk for zone in made.zones]
    words = listings.describe(page, listing, made.terms, made.themes)
    nothing = (None, None, None)
    everyone = words[Audience.EVERYONE] if listing.audience <= Audience.EVERYONE else nothing
    members = words[Audience.MEMBERS]
    return pk, *everyone, *(nothing if members == everyone else members)


@contextmanager
def _without_word_indexes() -> Iterator[None]:
    """Word and trigram indexes are several times quicker to build once than to keep at each row."""
    indexes = [
        (model, index)
        for model in (Listing, ListingText)
        for index in model._meta.indexes
        if isinstance(index, GinIndex)
    ]
    with connection.schema_editor(atomic=False) as editor:
        for model, index in indexes:
            editor.remove_index(model, index)
    yield
    with connection.schema_editor(atomic=False) as editor:
        for model, index in indexes:
            editor.add_index(model, index)


def _blocks(count: int) -> Iterator[tuple[int, int]]:
    """First rank and size of each block."""
    for first in range(0, count, BLOCK):
        yield first, min(BLOCK, count - first)


def _reserve(model: type[models.Model], number: int) -> range:
    """So many primary keys that nobody else will draw."""
    if not number:
        return range(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        sequence = cursor.fetchone()[0]
        cursor.execute("SELECT nextval(%s)", [sequence])
        first = cursor.fetchone()[0]
        cursor.execute("SELECT setval(%s, %s)", [sequence, first + number - 1])
    return range(first, first + number)


def _copy_objects(model: type[models.Model], objects: Iterable[models.Model]) -> None:
    fields = [each for each in model._meta.concrete_fields if not each.generated]
    values = attrgetter(*(each.attname for each in fields))
    rows = (tuple(Jsonb(v) if isinstance(v, dict) else v for v in values(each)) for each in objects)
    with connection.cursor() as cursor:
        _copy_into(cursor, model._meta.db_table, [each.column for each in fields], rows)


def _copy_made(model: type[models.Model], page: str, other: str, made: list[Made], name: str) -> None:
    """Tie each page to what it has under `name`."""
    _copy(
        model, f"{page} {other}", ((each.page.pk, tied.pk) for each in made for tied in getattr(each, name))
    )


def _copy(model: type[models.Model], columns: str, rows: Rows) -> None:
    with connection.cursor() as cursor:
        _copy_into(cursor, model._meta.db_table, columns.split(), rows)


def _copy_into(cursor, table: str, columns: list[str], rows: Rows) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
