"""Results as a file for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.text import as_cell

from .filters import DirectoryFilter
from .listed import listed_named
from .pages import Card, cards, positions

#: Rows at most: enough to work with a territory, too few to carry the directory away.
EXPORT_CAP = 1_000
CHUNK = 200


def csv_lines(filterset: DirectoryFilter) -> Iterator[str]:
    """Lines of a CSV file with a byte-order mark, so that spreadsheets read the accents."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield "\ufeff" + writer.writerow(
        [
            _("Nature"),
            _("Nom"),
            _("En une phrase"),
            _("Commune"),
            _("Rôles et catégorie"),
            _("Domaines"),
            _("Thèmes"),
        ]
    )
    for start in range(0, min(len(filterset.qs), EXPORT_CAP), CHUNK):
        for card in cards(filterset, positions(filterset, start, min(CHUNK, EXPORT_CAP - start))):
            yield writer.writerow([as_cell(value) for value in _row(card)])


def _row(card: Card) -> list[str]:
    listing = card.listing
    what = [*card.roles, *([card.category] if card.category else [])]
    return [
        str(listed_named(listing.kind).label),
        listing.name,
        listing.headline,
        listing.commune.label,
        ", ".join(term.label for term in what),
        ", ".join(term.label for term in card.domains),
        ", ".join(term.label for term in card.themes),
    ]


class _Echo:
    """A file that gives back what is written to it: the writer then returns its lines."""

    @staticmethod
    def write(line: str) -> str:
        return line
