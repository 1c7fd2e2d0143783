"""How fresh the pages of each territory are, for the team and for ambassadors."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, CharField, Count, QuerySet, Value, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.querystring import with_values
from territories.models import Territory

from .freshness import STEPS, Stage
from .models import Publishable
from .queue import territories_for
from .registry import Kind, kinds

FRESH = "fresh"
#: Stages as columns, from the freshest to what is about to be archived.
COLUMNS: dict[str, str | Promise] = {
    FRESH: _("À jour"),
    Stage.ASKED: _("À confirmer"),
    Stage.REMINDED: _("Relancées"),
    Stage.FADED: _("Non confirmées"),
    Stage.ARCHIVED: _("À archiver"),
}
#: Pages named in the list, those that waited longest first.
SHOWN = 50


@dataclass(frozen=True)
class Line:
    """A territory and how many of its pages are at each stage."""

    territory: Territory
    counts: list[int]
    url: str
    current: bool


@dataclass(frozen=True)
class Stale:
    page: Publishable
    kind: Kind
    stage: str | Promise


class Staleness:
    """The figures of the territories `user` looks after, and the stale pages of the one chosen.

    Only pages she may see anyway are counted.
    """

    def __init__(self, user: User, params: QueryDict) -> None:
        self.user, self.params = user, params
        self.now = timezone.now()
        self.territories = list(territories_for(user))
        asked = params.get("territoire", "")
        self.chosen = next((one for one in self.territories if one.ref == asked), None)

    columns = list(COLUMNS.values())

    @cached_property
    def lines(self) -> list[Line]:
        """Only territories where something is published."""
        counts = self._counts()
        return [
            Line(
                territory,
                [counts.get((territory.pk, column), 0) for column in COLUMNS],
                with_values(self.params, territoire=territory.ref),
                territory == self.chosen,
            )
            for territory in self.territories
            if any((territory.pk, column) in counts for column in COLUMNS)
        ]

    @cached_property
    def pages(self) -> list[Stale]:
        """Those that waited longest, in the territory chosen or in all of them."""
        places = [self.chosen] if self.chosen else self.territories
        found = [
            Stale(page, kind, COLUMNS[page.age_stage])
            for kind in kinds()
            for page in self._waiting(kind, places)
        ]
        return sorted(found, key=lambda one: one.page.confirmed_at)[:SHOWN]

    def _counts(self) -> dict[tuple[int, str], int]:
        found: dict[tuple[int, str], int] = {}
        for kind in kinds():
            place = f"{kind.commune}__outer_links__outer"
            rows = self._by_stage(kind, self.territories).order_by().values_list(place, "age_stage")
            for territory, stage, count in rows.annotate(count=Count("pk")):
                found[territory, stage] = found.get((territory, stage), 0) + count
        return found

    def _waiting(self, kind: Kind, places: Iterable[Territory]) -> QuerySet[Publishable]:
        return (
            self._by_stage(kind, places).exclude(age_stage=FRESH).distinct().order_by("confirmed_at")[:SHOWN]
        )

    def _by_stage(self, kind: Kind, places: Iterable[Territory]) -> QuerySet[Publishable]:
        """The pages of these territories, each with the stage its date puts it at."""
        reached = [
            When(confirmed_at__lte=self._bound(kind, step.after), then=Value(step.stage))
            for step in STEPS[::-1]
        ]
        pages = kind.model.objects.visible_to(self.user).published().filter(confirmed_at__isnull=False)
        return pages.filter(**{f"{kind.commune}__outer_links__outer__in": places}).annotate(
            age_stage=Case(*reached, default=Value(FRESH), output_field=CharField())
        )

    def _bound(self, kind: Kind, after: datetime.timedelta) -> datetime.datetime:
        return self.now - kind.term - after
