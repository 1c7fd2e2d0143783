"""All that a moderator reads of one case before deciding."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from accounts.models import User

from .acts import Act, acts_for, outcome_of
from .differences import Difference, differences
from .models import AnswerTemplate, Appeal, Case, Decision, Note, Publishable, Report, Revision, Rule, Status
from .registry import Kind, kind_of, matter_of, names_of
from .rules import calls_for_help, people_for
from .seen import mark_of


@dataclass(frozen=True)
class Said:
    """Something someone wrote or decided, with the name moderators know her by."""

    what: Decision | Note | Report
    name: str


@dataclass(frozen=True)
class Dossier:
    """What is read of `case` on its page by whoever asks."""

    case: Case
    request: HttpRequest

    @property
    def reader(self) -> User:
        return self.request.user

    @property
    def is_mine(self) -> bool:
        return self.case.claimed_by_id == self.reader.pk and self.case.closed_at is None

    @property
    def is_open(self) -> bool:
        return self.case.closed_at is None

    @cached_property
    def holder(self) -> str:
        """Who else has it in hand; empty when it is free or one's own."""
        if not self.is_open or not self.case.is_held_by_another(self.reader):
            return ""
        return names_of([self.case.claimed_by])[self.case.claimed_by_id]

    @property
    def can_decide(self) -> bool:
        return self.is_open and not self.holder

    @cached_property
    def appeal(self) -> Appeal | None:
        target = self.case.target
        return target if isinstance(target, Appeal) else None

    @cached_property
    def page(self) -> Publishable | None:
        """The contribution the case is about; None when it is about a person, or is gone."""
        target = self.case.target
        if self.appeal:
            target = self.appeal.decision.target if self.appeal.decision else None
        return target if isinstance(target, Publishable) else None

    @cached_property
    def kind(self) -> Kind | None:
        return kind_of(self.page) if self.page else None

    @property
    def has_public_page(self) -> bool:
        return self.page is not None and self.page.status == Status.PUBLISHED

    @cached_property
    def preview(self) -> str:
        return self.kind.preview(self.page, self.request) if self.kind and self.kind.preview else ""

    @cached_property
    def revision(self) -> Revision | None:
        if self.case.nature != Case.Nature.EDIT or not self.page or not self.is_open:
            return None
        return self.page.open_revision

    @cached_property
    def differences(self) -> list[Difference]:
        return differences(self.revision, self.reader) if self.revision else []

    @cached_property
    def came_by(self) -> str:
        return self.kind.came_by(self.page) if self.kind else ""

    @cached_property
    def has_distress(self) -> bool:
        """Whether someone may not be well, by what she wrote here, or elsewhere where nobody reads it."""
        if not self.is_open or self.page is None or not self.case.urgent:
            return False
        edit = self.revision.changes if self.revision else {}
        return self.case.rule == Rule.WORDS or calls_for_help(self.page, self.kind.read(self.page) | edit)

    @cached_property
    def history(self) -> list[Said]:
        if self.page is None:
            return []
        return _named(list(Decision.objects.of(self.page).select_related("by")[:50]), "by")

    @cached_property
    def reports(self) -> list[Said]:
        return _named(list(self.case.reports.select_related("reporter")), "reporter")

    @cached_property
    def notes(self) -> list[Said]:
        return _named(list(self.case.notes.select_related("by")), "by")

    @cached_property
    def author(self) -> str:
        return names_of([self.case.author]).get(self.case.author_id, "")

    @cached_property
    def has_card(self) -> bool:
        """Whether the card of its author is open to the reader."""
        return people_for(self.reader).filter(pk=self.case.author_id).exists()

    @cached_property
    def closer(self) -> str:
        return names_of([self.case.closed_by]).get(self.case.closed_by_id, "")

    @property
    def outcome(self) -> str:
        return outcome_of(self.case)

    @cached_property
    def acts(self) -> list[Act]:
        return acts_for(self.case)

    @property
    def asks_reason(self) -> bool:
        return any(act.needs_reason for act in self.acts)

    @property
    def asks_ground(self) -> bool:
        return any(act.needs_ground for act in self.acts)

    @property
    def matter(self) -> object | None:
        """What the case is about where it is no contribution."""
        return self.case.target if self.case.target and matter_of(self.case.target) else None

    @property
    def matter_template(self) -> str:
        """The template that shows it."""
        return matter_of(self.case.target).template

    @cached_property
    def seen(self) -> str:
        """The mark of what is read here, given back with the decision."""
        return mark_of(self.case)

    @cached_property
    def answers(self) -> list[AnswerTemplate]:
        """The answers kept ready for what may be done here."""
        return list(AnswerTemplate.objects.filter(act__in=[act.code for act in self.acts]))


def _named(rows: list, attribute: str) -> list[Said]:
    names = names_of(getattr(row, attribute) for row in rows)
    return [Said(row, names.get(getattr(row, f"{attribute}_id"), "")) for row in rows]
