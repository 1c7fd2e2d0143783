"""Orders the bitmaps do not have, by name or date: PostgreSQL walks its index, we keep what is selected."""

from __future__ import annotations

from itertools import islice

from django.db import connection, transaction

from .selection import Selection

ORDERS = {"nom": "sort_key, position", "recent": "published_at DESC, position"}

#: Up to so many results, sorting just them is quicker than walking the whole order.
SORT_THEM = 2_000


def walk_by(order: str, selection: Selection, start: int, count: int) -> list[int]:
    """`count` positions of `selection` from rank `start`, in one of ORDERS."""
    if len(selection) <= SORT_THEM:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT position FROM directory_listing WHERE position = ANY(%s) ORDER BY {ORDERS[order]} "  # noqa: S608
                "LIMIT %s OFFSET %s",
                [list(selection.positions), count, start],
            )
            return [row[0] for row in cursor.fetchall()]
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.itersize = 2_000
        cursor.execute(f"SELECT position FROM directory_listing ORDER BY {ORDERS[order]}")  # noqa: S608
        kept = (row[0] for row in cursor if row[0] in selection.positions)
        return list(islice(kept, start, start + count))
