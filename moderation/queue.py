"""The queue as one person sees it: which cases, a page at a time, as fast with ten thousand as with ten."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.querystring import with_values
from territories.models import Level, Territory

from .models import Case
from .models.cases import CaseQuerySet
from .registry import kinds, names_of

PAGE_SIZE = 25
#: Cases of one nature are counted so far; beyond, "99+" says enough.
COUNTED = 99
#: A case that has waited so long is said to be late.
LATE_AFTER = datetime.timedelta(days=3)


class QueueForm(forms.Form):
    """What of the queue one wants to see. Everything is in the address."""

    nature = forms.ChoiceField(required=False, choices=[("", _("Toutes")), *Case.Nature.choices])
    territoire = forms.ModelChoiceField(
        label=_("Territoire"),
        queryset=Territory.objects.none(),
        required=False,
        empty_label=_("Tous"),
    )
    depuis = forms.TypedChoiceField(
        label=_("Attend depuis"),
        required=False,
        coerce=int,
        choices=[
            ("", _("Peu importe")),
            (2, _("2 jours ou plus")),
            (7, _("7 jours ou plus")),
            (30, _("30 jours ou plus")),
        ],
    )
    a_moi = forms.BooleanField(label=_("Seulement ceux que j’ai pris"), required=False)

    def __init__(self, data: QueryDict, user: User) -> None:
        super().__init__(data)
        self.fields["territoire"].queryset = territories_for(user)


def territories_for(user: User) -> object:
    """The territories one filters by: an ambassador's own; for the team, every département and région."""
    if user.is_team:
        return Territory.objects.filter(level__in=(Level.REGION, Level.DEPARTEMENT)).order_by(
            "-level", "sort_key"
        )
    return user.ambassador_of.order_by("-level", "sort_key")


@dataclass(frozen=True)
class Row:
    """A case as the list shows it."""

    case: Case
    kind: str
    place: str
    holder: str

    @property
    def is_late(self) -> bool:
        return timezone.now() - self.case.opened_at > LATE_AFTER


class Queue:
    """Open cases for `user`, by the filters of an address. What cannot be understood shows nothing."""

    def __init__(self, user: User, params: QueryDict) -> None:
        self.user, self.params = user, params
        self.form = QueueForm(params, user)

    @property
    def all(self) -> CaseQuerySet:
        return Case.objects.for_moderator(self.user).open()

    def _narrowed(self, nature: bool = True) -> CaseQuerySet:
        if not self.form.is_valid():
            return Case.objects.none()
        asked = self.form.cleaned_data
        found = self.all
        if nature and asked["nature"]:
            found = found.filter(nature=asked["nature"])
        if asked["territoire"]:
            found = found.filter(places__contains=[asked["territoire"].pk])
        if asked["depuis"]:
            found = found.filter(opened_at__lte=timezone.now() - datetime.timedelta(days=asked["depuis"]))
        if asked["a_moi"]:
            found = found.filter(claimed_by=self.user)
        return found

    def next_free(self) -> Case | None:
        """The first case that nobody else has in hand."""
        return self._narrowed().free_for(self.user).in_order().first()

    @cached_property
    def _page(self) -> list[Case]:
        found = self._narrowed().select_related("claimed_by").in_order()
        after = _read_place(self.params.get("apres", ""))
        if after:
            urgent, opened_at, pk = after
            later = Q(opened_at__gt=opened_at) | Q(opened_at=opened_at, pk__gt=pk)
            # The urgent come first: from an ordinary case on, nothing urgent is left.
            found = found.filter(Q(urgent=urgent) & later | (Q(urgent=False) if urgent else Q(pk=None)))
        return list(found[: PAGE_SIZE + 1])

    @cached_property
    def rows(self) -> list[Row]:
        cases = self._page[:PAGE_SIZE]
        labels = {ContentType.objects.get_for_model(kind.model).pk: str(kind.label) for kind in kinds()}
        known = Territory.objects.filter(
            pk__in={pk for case in cases for pk in case.places}, level__in=(Level.DEPARTEMENT, Level.COMMUNE)
        )
        places = {place.pk: place for place in known}
        holders = names_of(case.claimed_by for case in cases)
        return [
            Row(
                case,
                labels.get(case.content_type_id, ""),
                _where(case, places),
                holders.get(case.claimed_by_id, "") if case.is_held_by_another(self.user) else "",
            )
            for case in cases
        ]

    @property
    def next_url(self) -> str:
        if len(self._page) <= PAGE_SIZE:
            return ""
        last = self._page[PAGE_SIZE - 1]
        place = signing.dumps([last.urgent, last.opened_at.isoformat(), last.pk], salt="moderation.queue")
        return with_values(self.params, apres=place)

    @property
    def first_url(self) -> str:
        return with_values(self.params, apres=None) if self.params.get("apres") else ""

    @property
    def query(self) -> str:
        """The filters alone, to come back to the same queue after a decision."""
        return with_values(self.params, apres=None)

    @cached_property
    def natures(self) -> list[dict[str, object]]:
        """Each nature with how many cases wait, counted up to COUNTED, and the link that shows them."""
        base = self._narrowed(nature=False).order_by()
        each = [
            base.filter(nature=nature).values_list("nature")[: COUNTED + 1] for nature in Case.Nature.values
        ]
        counts = Counter(nature for (nature,) in each[0].union(*each[1:], all=True))
        chosen = self.form.cleaned_data.get("nature", "") if self.form.is_valid() else ""
        found = [
            {
                "value": nature.value,
                "label": nature.label,
                "count": counts[nature.value],
                "more": counts[nature.value] > COUNTED,
                "url": with_values(self.params, nature=nature.value, apres=None),
                "current": nature.value == chosen,
            }
            for nature in Case.Nature
            if counts[nature.value] or nature.value == chosen
        ]
        return found


def _where(case: Case, places: dict[int, Territory]) -> str:
    """ "Foix, Ariège"; of what lies in several communes, the départements alone."""
    found = [places[pk] for pk in case.places if pk in places]
    communes = [place.name for place in found if place.level == Level.COMMUNE]
    around = [place.name for place in found if place.level == Level.DEPARTEMENT]
    return ", ".join(communes + around if len(communes) == 1 else around)


def _read_place(token: str) -> tuple[bool, datetime.datetime, int] | None:
    try:
        urgent, opened_at, pk = signing.loads(token, salt="moderation.queue")
    except (signing.BadSignature, ValueError):
        return None
    return urgent, datetime.datetime.fromisoformat(opened_at), pk
