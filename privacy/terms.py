"""How long things are kept: one table, from the register and what apps add, and one task that applies it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from accounts.register import keeps

from .erasure import allow_deleting

#: Rows settled in one transaction.
BATCH = 500

Act = Callable[[QuerySet], None]


def delete(rows: QuerySet) -> None:
    rows.delete()


@dataclass(frozen=True)
class Term:
    """What becomes of some rows, so many days after a date.

    model: "app.Model". date_field: the field, or the path of fields, that holds the date. A row whose date is
    exactly `days` ago is due. where: which rows of the model, as lookups.
    act: what is done with due rows, a few hundred at a time, in a transaction of its own; afterwards they are
    due no more: gone, or no longer of those rows, or they hold the values of `settled`.
    """

    name: str
    model: str
    date_field: str
    days: int
    label: str | Promise = ""
    where: Mapping[str, object] = field(default_factory=dict)
    settled: Mapping[str, object] = field(default_factory=dict)
    act: Act = delete

    def due(self, now: datetime.datetime) -> QuerySet:
        """The rows whose term has come, oldest key first."""
        limit = now - datetime.timedelta(days=self.days)
        rows = apps.get_model(self.model)._base_manager.filter(Q(**{f"{self.date_field}__lte": limit}))
        rows = rows.filter(**self.where).order_by("pk")
        return rows.exclude(**self.settled) if self.settled else rows


_sources: list[Callable[[], Iterable[Term]]] = []


def add(*terms: Term) -> None:
    """Make terms known, from `apps.py`."""
    add_source(lambda: terms)


def add_source(source: Callable[[], Iterable[Term]]) -> None:
    """Make terms known that follow from what apps register, once all of them are ready."""
    _sources.append(source)


def terms() -> list[Term]:
    """The whole table."""
    return [*_declared(), *(term for source in _sources for term in source())]


def apply_all(now: datetime.datetime | None = None) -> dict[str, int]:
    """Apply every term. Safe to run twice, and beside another run. Returns how many rows each settled."""
    return {term.name: apply(term, now or timezone.now()) for term in terms()}


def apply(term: Term, now: datetime.datetime) -> int:
    """Settle what is due of one term, batch by batch; rows that another run holds are left to it."""
    settled, last = 0, None
    while True:
        with transaction.atomic():
            allow_deleting()
            due = term.due(now).filter(pk__gt=last) if last is not None else term.due(now)
            keys = [row.pk for row in due.select_for_update(skip_locked=True, of=("self",))[:BATCH]]
            if not keys:
                return settled
            term.act(apps.get_model(term.model)._base_manager.filter(pk__in=keys))
        settled, last = settled + len(keys), keys[-1]


def _declared() -> Iterator[Term]:
    for keep in keeps():
        yield Term(
            name=f"{keep.model}.{keep.date_field}" + (".empty" if keep.empty else ""),
            model=keep.model,
            date_field=keep.date_field,
            days=keep.keep_days,
            label=keep.why,
            where=keep.where,
            settled=keep.empty,
            act=_emptying(keep.empty) if keep.empty else delete,
        )


def _emptying(values: Mapping[str, object]) -> Act:
    def empty(rows: QuerySet) -> None:
        rows.update(**values)

    return empty
