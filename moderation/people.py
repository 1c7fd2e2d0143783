"""What those who moderate read of a member: what she contributed, and what was decided about her."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from accounts.models import User

from .acts import outcome_of
from .models import Case, Sanction, Trust
from .registry import names_of

#: Cases named on one card.
SHOWN = 50


@dataclass(frozen=True)
class Settled:
    case: Case
    outcome: str


@dataclass(frozen=True)
class Person:
    """The card of `user`, as `reader` may read it: of her cases, only those on the reader's desk."""

    user: User
    reader: User

    @cached_property
    def name(self) -> str:
        return names_of([self.user])[self.user.pk]

    @cached_property
    def trust(self) -> Trust | None:
        return Trust.objects.in_force().filter(user=self.user).select_related("granted_by").first()

    @cached_property
    def guarantor(self) -> str:
        """Who vouches for her; empty when trust was earned."""
        if not self.trust:
            return ""
        return names_of([self.trust.granted_by]).get(self.trust.granted_by_id, "")

    @cached_property
    def sanctions(self) -> list[Sanction]:
        return list(self.user.sanctions.select_related("by"))

    @cached_property
    def suspension(self) -> Sanction | None:
        return next((one for one in self.sanctions if one.kind == "suspension" and not one.lifted_at), None)

    @cached_property
    def cases(self) -> list[Settled]:
        found = Case.objects.for_moderator(self.reader).filter(author=self.user).order_by("-opened_at", "-pk")
        return [Settled(case, outcome_of(case) if case.closed_at else "") for case in found[:SHOWN]]
