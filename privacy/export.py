"""One file with everything that belongs to a person: to read, to open in a spreadsheet, to take elsewhere.

What goes in is what the register marks as exported, and nothing else. Other people are never named in it.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import shutil
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.fields.files import FieldFile
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.register import Link, links, register
from core.text import as_cell

from .belongings import Belongings

CHUNK = 500
#: Rows of a kind that the page to read shows; the spreadsheets hold them all.
READ_IN_PAGE = 100

Value = str | int | float | bool | list | dict | None


@dataclass
class Shelf:
    """What a person has of one kind."""

    model: type[models.Model]
    columns: dict[str, str]
    purposes: list[str]
    rows: list[dict[str, Value]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.model._meta.app_label}-{slugify(self.model._meta.verbose_name)}"

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name).capitalize()

    @property
    def shown(self) -> Iterator[list[tuple[str, str]]]:
        """The first rows as they read on the page: only what says something."""
        for row in self.rows[:READ_IN_PAGE]:
            yield [
                (self.columns[key], _as_words(value))
                for key, value in row.items()
                if value not in (None, "", [], {})
            ]

    @property
    def left_off(self) -> int:
        return max(0, len(self.rows) - READ_IN_PAGE)


def write_export(user: User, file: IO[bytes]) -> None:
    """Write the file of `user` as a zip archive into `file`."""
    mine = Belongings(user)
    with translation.override(user.language), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        shelves = [shelf for shelf in _shelves(mine, archive) if shelf.rows]
        for shelf in shelves:
            archive.writestr(f"json/{shelf.name}.json", _as_json(shelf))
            archive.writestr(f"tableur/{shelf.name}.csv", _as_csv(shelf))
        page = render_to_string(
            "privacy/export/index.html", {"shelves": shelves, "made_at": timezone.now(), "user": user}
        )
        archive.writestr("a-lire.html", page)


def exported_fields(link: Link) -> set[str]:
    """The fields of a row that the person it is linked to receives."""
    return {
        field
        for name, entry in register().items()
        for model, _dot, field in [name.rpartition(".")]
        if model == link.model and entry.exported and field not in link.hides
    }


def _shelves(mine: Belongings, archive: zipfile.ZipFile) -> Iterator[Shelf]:
    """One shelf for each kind. A row that is hers in two ways is there once, with what either gives her."""
    hers: dict[type[models.Model], dict[object, set[str]]] = defaultdict(dict)
    for link in links():
        if link.owner and link.exported:
            for key in mine.rows[link]:
                hers[link.get_model()].setdefault(key, set()).update(exported_fields(link))
    for model, keys in hers.items():
        yield _filled(model, keys, mine, archive)


def _filled(
    model: type[models.Model], keys: Mapping[object, set[str]], mine: Belongings, archive: zipfile.ZipFile
) -> Shelf:
    wanted = set().union(*keys.values())
    fields = [
        one for one in [*model._meta.local_fields, *model._meta.local_many_to_many] if one.name in wanted
    ]
    entries = [register()[f"{model._meta.label}.{one.name}"] for one in fields]
    shelf = Shelf(
        model,
        {one.name: str(one.verbose_name).capitalize() for one in fields},
        list(dict.fromkeys(entry.purpose for entry in entries)),
    )
    ones = [one.name for one in fields if one.many_to_one or one.one_to_one]
    several = [one.name for one in fields if one.many_to_many]
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        rows = model._base_manager.filter(pk__in=ordered[start : start + CHUNK]).order_by("pk")
        for row in rows.select_related(*ones).prefetch_related(*several):
            said = {one.name: _value(row, one, mine, archive) for one in fields if one.name in keys[row.pk]}
            shelf.rows.append(said)
    return shelf


def _value(row: models.Model, one: models.Field, mine: Belongings, archive: zipfile.ZipFile) -> Value:
    """What a field says, as plain data."""
    if one.many_to_many:
        return [_named(other, mine) for other in getattr(row, one.name).all()]
    value = getattr(row, one.name)
    if isinstance(value, models.Model):
        return _named(value, mine)
    if isinstance(value, FieldFile):
        return _stored(value, row, archive)
    if one.choices:
        return str(getattr(row, f"get_{one.name}_display")())
    return _plain(value)


def _named(other: models.Model, mine: Belongings) -> str:
    """Another row in words. A person is never named but to herself, nor is what belongs to someone else."""
    if isinstance(other, User):
        return _("vous") if other.pk == mine.user.pk else _("une autre personne")
    if isinstance(other, ContentType):
        return other.name
    if other._meta.label in _personal_models():
        if not mine.holds(other):
            return _("une autre personne")
        return f"{other._meta.verbose_name} {other.pk}"
    return str(other)


def _personal_models() -> set[str]:
    return {link.model for link in links() if link.owner and link.on_erasure == "delete"}


def _stored(value: FieldFile, row: models.Model, archive: zipfile.ZipFile) -> str:
    """Put the file in the archive, and say where."""
    if not value:
        return ""
    path = f"fichiers/{row._meta.model_name}-{row.pk}-{PurePosixPath(value.name).name}"
    with value.storage.open(value.name) as content, archive.open(path, "w") as copy:
        shutil.copyfileobj(content, copy)
    return path


def _plain(value: object) -> Value:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(inner) for inner in value]
    return str(value)


def _as_json(shelf: Shelf) -> str:
    return json.dumps(shelf.rows, ensure_ascii=False, indent=1)


def _as_csv(shelf: Shelf) -> str:
    """A file for spreadsheets: a byte-order mark for the accents, and no cell that is a formula."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(shelf.columns.values())
    for row in shelf.rows:
        writer.writerow([as_cell(_as_words(row.get(name))) for name in shelf.columns])
    return "\ufeff" + written.getvalue()


def _as_words(value: Value) -> str:
    """Plain data as one reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, list):
        return ", ".join(map(_as_words, value))
    if isinstance(value, dict):
        return ", ".join(f"{key} : {_as_words(inner)}" for key, inner in value.items())
    return str(value)
