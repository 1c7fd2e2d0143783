"""Loading the official geography from territories/data, as often as one likes."""

import csv
import io
import json
import lzma
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ..models import Level, Territory
from ..search import search_key
from . import official_sql as sql
from .containment import refresh_containment
from .health import recompose

DATA = Path(__file__).resolve().parent.parent / "data"


def _silent(message: str) -> None:
    """Progress nobody asked for."""


def load_official(
    *, departements: Collection[str] | None = None, say: Callable[[str], object] = _silent
) -> dict[str, int]:
    """Bring communes, EPCI, départements, régions, postal codes and contours to the state of the files.

    Running it again changes nothing. Health territories stay, and are worked out again. A territory that left
    the files stays too, since people may be tied to it. `departements` loads only the communes of these codes
    and what they belong to (tests). `say` receives a line per step. Returns the number of territories per
    level.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        say(_("Lecture des fichiers…"))
        _copy_files(cursor, departements)
        say(_("Communes et codes postaux…"))
        _run(cursor, [sql.COMMUNES, sql.FORGET_POSTAL_CODES, sql.POSTAL_CODES])
        say(_("Intercommunalités, départements, régions…"))
        _run(cursor, [sql.OTHERS, sql.BOXES, sql.CONTOURS])
        say(_("Inclusions…"))
        _run(cursor, [sql.MEMBERS, sql.FORGET_MEMBERS, sql.LEARN_MEMBERS])
        refresh_containment()
        say(_("Territoires de santé…"))
        for territory in Territory.objects.filter(level=Level.HEALTH):
            recompose(territory)
        _run(cursor, [sql.CLEAN])
    with connection.cursor() as cursor:
        _run(cursor, [sql.ANALYZE if connection.in_atomic_block else sql.VACUUM])
        cursor.execute("SELECT level, count(*) FROM territories_territory GROUP BY level")
        return dict(cursor.fetchall())


def _run(cursor, statements: list[str]) -> None:
    for statement in statements:
        cursor.execute(statement)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with lzma.open(DATA / name) as file:
        yield from csv.DictReader(io.TextIOWrapper(file, "utf-8", newline=""))


def _copy_files(cursor, departements: Collection[str] | None) -> None:
    cursor.execute(sql.STAGING)
    used: dict[str, set[str]] = {"epci": set(), "dep": set()}
    with cursor.copy("COPY new_commune FROM STDIN") as copy:
        for row in _rows("communes.csv.xz"):
            if departements is not None and row["dep"] not in departements:
                continue
            used["epci"].add(row["epci"])
            used["dep"].add(row["dep"])
            key = search_key(row["name"], Level.COMMUNE)
            copy.write_row([*row.values(), key])
    others = list(_rows("territories.csv.xz"))
    used["reg"] = {row["reg"] for row in others if row["level"] == "dep" and row["code"] in used["dep"]}
    with cursor.copy("COPY new_territory FROM STDIN") as copy:
        for row in others:
            if row["code"] in used[row["level"]]:
                copy.write_row([*row.values(), search_key(row["name"], row["level"])])
    with lzma.open(DATA / "contours.json.xz") as file:
        contours = json.load(file)
    with cursor.copy("COPY new_contour FROM STDIN") as copy:
        for level, shapes in contours.items():
            for code in used[level] & shapes.keys():
                copy.write_row([level, code, json.dumps(shapes[code])])
