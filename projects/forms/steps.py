"""The steps of a project's page: the same forms when it is begun and when it is edited."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from directory.forms.structures import TOO_LONG
from directory.forms.topic import TermsField
from directory.models import Term, Vocabulary
from moderation.versions import VersionedForm
from moderation.writing import GuardedForm

from ..models import TEXT_LIMIT, TEXTS, Project

#: Rows of a table: empty ones to begin with, and the most there can be.
EMPTY_ROWS, MOST_ROWS = 2, 12


def text(name: str, help_text="", rows: int = 4) -> forms.CharField:
    """Some paragraphs, named as on the page."""
    return forms.CharField(
        label=TEXTS[name].capitalize(),
        max_length=TEXT_LIMIT,
        required=False,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"max_length": TOO_LONG},
    )


def one_of(vocabulary: Vocabulary, label, help_text="") -> forms.ModelChoiceField:
    """One word of a vocabulary, or none."""
    field = forms.ModelChoiceField(
        Term.objects.filter(vocabulary=vocabulary).order_by("rank"),
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.RadioSelect,
        empty_label=_("Je ne sais pas encore"),
        error_messages={"invalid_choice": _("Choisissez dans la liste.")},
    )
    field.label_from_instance = lambda term: (
        f"{term.label} : {term.explanation}" if term.explanation else term.label
    )
    return field


class StepForm(VersionedForm, GuardedForm):
    """One step of a project's page.

    values: what the page says or will say, as `contributions.read_project` writes it.
    """

    #: Fields whose value is kept as it is typed.
    plain: tuple[str, ...] = ()
    #: Fields that hold one thing, kept by its number.
    one: tuple[str, ...] = ()
    #: What else it writes, beside terms and themes.
    others: tuple[str, ...] = ()
    #: The tables of this step: the name of each, and the form of a row.
    tables: Mapping[str, type[forms.Form]] = {}

    def __init__(
        self, data: Mapping | None = None, *, project: Project, values: Mapping[str, object], **kwargs
    ) -> None:
        self.project, self.values = project, values
        super().__init__(data, **kwargs)
        self.rows = {name: self._rows(name, row) for name, row in self.tables.items()}
        self._words = list(Term.objects.filter(pk__in=[*values["terms"], *values["themes"]]))
        for name, field in self.fields.items():
            if isinstance(field, TermsField):
                field.queryset = Term.objects.filter(vocabulary=field.vocabulary).order_by("rank")
                self.initial[name] = [term.slug for term in field.of(self._words)]
            elif name in (*self.plain, *self.one):
                self.initial[name] = values[name]

    @classmethod
    def with_more_rows(cls, data: Mapping, name: str, **kwargs) -> StepForm:
        """The form as it was sent, with empty rows more in the table `name`; nothing is judged yet."""
        sent = data.copy()
        field = f"{name}-TOTAL_FORMS"
        counted = sent.get(field, "")
        rows = int(counted) if counted.isdecimal() and len(counted) < 3 else 0
        sent[field] = str(min(rows + EMPTY_ROWS, MOST_ROWS))
        return cls(sent, **kwargs)

    def is_valid(self) -> bool:
        # Every table is judged, even after a first mistake: all are said at once.
        return all([super().is_valid(), *(table.is_valid() for table in self.rows.values())])

    def changes(self) -> dict[str, object]:
        """What was written, as `contributions.write_project` takes it; nothing of a step to be mended."""
        if self.errors or not all(table.is_valid() for table in self.rows.values()):
            return {}
        found = self.cleaned_data
        changes: dict[str, object] = {name: found[name] for name in self.plain}
        changes |= {name: found[name].pk if found[name] else None for name in self.one}
        changes |= {name: self.written(name) for name in self.rows}
        boxes = {name: field for name, field in self.fields.items() if isinstance(field, TermsField)}
        for kept in ("terms", "themes"):
            mine = [
                name
                for name, field in boxes.items()
                if (field.vocabulary == Vocabulary.THEME) == (kept == "themes")
            ]
            if mine:
                replaced = {boxes[name].vocabulary for name in mine}
                others = [
                    term.pk
                    for term in self._words
                    if term.pk in self.values[kept] and term.vocabulary not in replaced
                ]
                changes[kept] = sorted([*others, *(term.pk for name in mine for term in found[name])])
        return changes

    def part_of(self, values: Mapping[str, object]) -> dict[str, object]:
        """Of the terms, those of the vocabularies of this step."""
        names = {*self.plain, *self.one, *self.others, *self.tables}
        part = {name: value for name, value in values.items() if name in names}
        mine = {field.vocabulary for field in self.fields.values() if isinstance(field, TermsField)}
        theirs = {term.pk for term in self._words if term.vocabulary not in mine}
        if mine - {Vocabulary.THEME} and "terms" in values:
            part["terms"] = [pk for pk in values["terms"] if pk not in theirs]
        if Vocabulary.THEME in mine and "themes" in values:
            part["themes"] = values["themes"]
        return part

    def written(self, name: str) -> list[dict[str, object]]:
        """The rows of a table that say something."""
        return [
            row.cleaned_data
            for row in self.rows[name]
            if row.has_changed() and any(row.cleaned_data.values())
        ]

    def _rows(self, name: str, row: type[forms.Form]) -> BaseFormSet:
        initial = self.shown(name)
        factory = formset_factory(
            row, extra=EMPTY_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
        )
        # Compared with nothing, what is typed again unchanged counts as said.
        if self.is_bound:
            return factory(self.data, prefix=name)
        return factory(initial=initial, prefix=name)

    def shown(self, name: str) -> list[dict[str, object]]:
        """The rows of a table to begin with."""
        return list(self.values[name])
