"""More rows than one would wait for: what was fabricated, copied many times over by the database.

A million people take an hour to compose, most of it to make the vectors of their words. Copies have the
words, terms and communes of the first, and accounts, addresses and positions of their own: a list, a facet,
a map and a search read as many rows as if all were different.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, models, transaction

from accounts.models import Consent, User
from directory import listings
from directory.fabricate import _without_word_indexes as without_word_indexes
from directory.models import Actor, ActorTerm, ActorTheme, Listing, Membership, Structure

COPIED: tuple[type[models.Model], ...] = (
    *(User, Consent, Actor, ActorTerm, ActorTheme, Actor.zones.through),
    *(Structure, Structure.terms.through, Structure.themes.through, Structure.zones.through),
    *(Membership, Listing),
)
#: A position drawn as `listings.NEXT_POSITIONS` draws them.
POSITION = (
    "(SELECT (drawn & ~65535) | ((drawn * 40503) & 65535)"
    # Naming the row, so that one is drawn for each.
    " FROM (SELECT nextval('directory_listing_positions') + 0 * f.id AS drawn) AS sequence)"
)
TEXTS = """
INSERT INTO directory_listingtext (listing_id, position, everyone, members)
SELECT listing.id, listing.position, everyone, members
  FROM directory_listingtext AS text JOIN directory_listing AS listing ON listing.id = text.listing_id + %s
 WHERE text.listing_id <= %s
"""


@transaction.atomic
def multiply(times: int, say: Callable[[str], object]) -> None:
    """Have everything `times` over, itself included. Only in a database thrown away afterwards."""
    with connection.cursor() as cursor, without_word_indexes():
        # The copies point where the first do: nothing is left to check, and there are twenty million ties.
        cursor.execute("SET LOCAL session_replication_role = replica")
        spans = {model: _last(cursor, model) for model in COPIED}
        for copy in range(1, times):
            for model in COPIED:
                cursor.execute(_copy(model, copy, spans))
            cursor.execute(TEXTS, [copy * spans[Listing], spans[Listing]])
            say(f"  × {copy + 1}")
        for model, span in spans.items():
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, span * times]
            )
    listings.everything_changed()


def _last(cursor, model: type[models.Model]) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {model._meta.db_table}")
    return cursor.fetchone()[0]


def _copy(model: type[models.Model], copy: int, spans: dict[type[models.Model], int]) -> str:
    """The statement that writes the copy of this number of the first rows of a model."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    columns = ", ".join(field.column for field in fields)
    values = ", ".join(_value(model, field, copy, spans) for field in fields)
    table = model._meta.db_table
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} AS f WHERE id <= {spans[model]}"


def _value(
    model: type[models.Model], field: models.Field, copy: int, spans: dict[type[models.Model], int]
) -> str:
    pointed = model if field.primary_key else field.related_model
    if pointed in spans:
        return f"f.{field.column} + {copy * spans[pointed]}"
    if field.name == "object_id":
        shifts = copy * spans[Actor], copy * spans[Structure]
        return f"object_id + CASE kind WHEN 'acteur' THEN {shifts[0]} ELSE {shifts[1]} END"
    if field.name == "position":
        return POSITION
    if isinstance(field, models.EmailField):
        return f"'copie-{copy}-' || f.{field.column}"
    if isinstance(field, models.SlugField) or field.unique:
        return f"left(f.{field.column}, 90) || '-{copy}'"
    return f"f.{field.column}"
