"""Very many invented people and structures at once, to measure the site at scale.

Not through the actions, at a few milliseconds a page: a factory composes rows, which are copied in blocks.
The listing comes from the same `listings.describe` as any other page's, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from operator import attrgetter

from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models, transaction
from psycopg.types.json import Jsonb

from accounts.audience import Audience
from accounts.consents import current
from accounts.models import Consent, User
from moderation.models import Status

from .. import listings
from ..models import Actor, ActorTerm, ActorTheme, Listing, ListingText, Membership, Structure
from .factory import NOW, Factory, Made, Page

#: Structures for each hundred actors.
STRUCTURES = 20
BLOCK = 5_000
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

WRITTEN = (User, Consent, Actor, ActorTerm, ActorTheme, Structure, Membership, Listing, ListingText)
Rows = Iterable[tuple]


@transaction.atomic
def fabricate(count: int, say: Callable[[str], object] = lambda _text: None) -> None:
    """Add `count` actors, and a fifth as many structures, to what is there: always the same ones."""
    with connection.cursor() as cursor:
        # Checked at each block: a queue to check at the end would fill the memory, and hold the indexes.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(MAKE_WORDS)
    factory, users, actors = Factory(), _reserve(User, count), _reserve(Actor, count)
    structures = _reserve(Structure, count * STRUCTURES // 100)
    with _without_word_indexes(), _Words() as words:
        for block in _blocks(structures):
            _write_structures([factory.structure(pk) for pk in block], words)
        say(f"  {len(structures)} structures")
        surnames = _rare_surnames(factory, actors)
        for block in _blocks(actors):
            made = [factory.actor(pk, users[pk - actors.start], surnames.get(pk, "")) for pk in block]
            memberships = list(factory.memberships(made, structures))
            _write_actors(made, memberships, words)
            say(f"  {block.stop - actors.start} acteurs")
    with connection.cursor() as cursor:
        for model in WRITTEN:
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    listings.everything_changed()


def _rare_surnames(factory: Factory, actors: range) -> dict[int, str]:
    """Who bears one: each rare surname once, spread over everyone."""
    rare = factory.fragments.rare_surnames
    return dict(zip(actors[:: max(1, len(actors) // len(rare))], rare, strict=False))


def _write_structures(made: list[Made], words: _Words) -> None:
    words.wait()
    _copy_objects(Structure, (each.page for each in made))
    _copy_made(Structure.terms.through, "structure_id", "term_id", made, "terms")
    _copy_made(Structure.themes.through, "structure_id", "term_id", made, "themes")
    _copy_made(Structure.zones.through, "structure_id", "territory_id", made, "zones")
    words.write(_list(made))


def _write_actors(made: list[Made], memberships: Rows, words: _Words) -> None:
    words.wait()
    _copy_objects(User, (each.user for each in made))
    _copy_objects(Actor, (each.page for each in made))
    _copy_made(Actor.zones.through, "actor_id", "territory_id", made, "zones")
    _copy_made(ActorTheme, "actor_id", "theme_id", made, "themes")
    _copy(
        ActorTerm,
        "actor_id term_id since",
        (
            (each.page.pk, term.pk, since)
            for each in made
            for term, since in zip(each.terms, each.years, strict=True)
        ),
    )
    read = {purpose: (current(purpose).version, current(purpose).digest) for purpose in Consent.Purpose}
    _copy(
        Consent,
        "subject_id purpose granted text_version text_digest channel recorded_at",
        (
            (each.page.user_id, purpose.value, True, *read[purpose], Consent.Channel.DEMO.value, NOW)
            for each in made
            for purpose in each.purposes
        ),
    )
    _copy(Membership, "actor_id structure_id function", memberships)
    words.write(_list(made))


class _Words:
    """Writes the vectors of a block while the next one is being composed."""

    def __enter__(self) -> _Words:
        self.behind, self.pending = ThreadPoolExecutor(1), None
        names = dict(zip(WORDS, WORDS, strict=True))
        circles = ("everyone", "members")
        self.make = MAKE_TEXTS.format(
            **{name: listings.VECTOR.format(circle=name) % names for name in circles}
        )
        return self

    def __exit__(self, *_error: object) -> None:
        self.wait()
        self.behind.shutdown()

    def wait(self) -> None:
        """Until nothing is being written: before anything else is asked of the connection."""
        if self.pending:
            self.pending.result()
            self.pending = None

    def write(self, rows: Rows) -> None:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE fabricated")
            _copy_into(cursor, "fabricated", ["listing", *WORDS], rows)
        self.pending = self.behind.submit(connection.connection.execute, self.make)


def _list(made: list[Made]) -> Rows:
    """Write the listing of these pages, as `listings.refresh` does one by one; return their words."""
    listed = [each for each in made if _is_listed(each.page)]
    ids = _reserve(Listing, len(listed))
    with connection.cursor() as cursor:
        cursor.execute(listings.NEXT_POSITIONS, [len(listed)])
        positions = [row[0] for row in cursor.fetchall()]
    words = [_describe(*row) for row in zip(listed, ids, positions, strict=True)]
    _copy_objects(Listing, (each.listing for each in listed))
    return words


def _is_listed(page: Page) -> bool:
    return page.status == Status.PUBLISHED and getattr(page, "audience", Audience.EVERYONE) < Audience.ME


def _describe(made: Made, pk: int, position: int) -> tuple:
    listing, page = made.listing, made.page
    listing.pk, listing.position, listing.object_id = pk, position, page.pk
    listing.kind = Listing.ACTOR if isinstance(page, Actor) else Listing.STRUCTURE
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


def _blocks(ids: range) -> Iterator[range]:
    for first in range(0, len(ids), BLOCK):
        yield ids[first : first + BLOCK]


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
