"""What the forms of a person's page have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.audience import Audience
from moderation.versions import VersionedForm

from ..models import Actor, Term, Vocabulary

#: What a circle is called beside a field.
SEEN_WITH_PAGE = _("Vu par les personnes qui voient votre page")
CIRCLES = [
    (Audience.EVERYONE, _("tout le monde")),
    (Audience.MEMBERS, _("les membres")),
    (Audience.PROFESSIONALS, _("les professionnels vérifiés")),
    (Audience.TEAM, _("l’équipe")),
    (Audience.ME, _("moi seulement")),
]


class TermsField(forms.ModelMultipleChoiceField):
    """Some words of one vocabulary, as boxes."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, vocabulary: Vocabulary, **kwargs) -> None:
        self.vocabulary = vocabulary
        kwargs.setdefault("required", False)
        super().__init__(Term.objects.none(), to_field_name="slug", **kwargs)
        self.error_messages["invalid_choice"] = _("Un de ces choix n’existe plus. Choisissez dans la liste.")
        self.error_messages["invalid_list"] = self.error_messages["invalid_choice"]

    def of(self, terms: Iterable[Term]) -> list[Term]:
        """Those of `terms` that this field is about."""
        return [term for term in terms if term.vocabulary == self.vocabulary]


class CircleField(forms.TypedChoiceField):
    """Who reads the field just before it."""

    def __init__(self, of: str | Promise) -> None:
        super().__init__(
            choices=CIRCLES,
            coerce=int,
            label=_("Qui peut le voir"),
            template_name="directory/topics/circle_field.html",
        )
        self.of = of
        self.error_messages["invalid_choice"] = _("Choisissez dans la liste.")


class TopicForm(VersionedForm):
    """One topic of a person's page: the same form when she joins and when she edits.

    values: what the page says or will say, as `contributions.read_actor` writes it; {} before there is one.
    actor: the page, None before there is one.
    """

    #: Plain text fields, named as on the page.
    texts: tuple[str, ...] = ()
    #: What else it writes, beside terms.
    others: tuple[str, ...] = ()

    def __init__(
        self, data: Mapping | None = None, *, values: Mapping[str, object], actor: Actor | None = None
    ) -> None:
        self.values, self.actor = values, actor
        super().__init__(data)
        self._terms_of_page = self._read_terms()
        for name, field in self.fields.items():
            if isinstance(field, TermsField):
                field.queryset = Term.objects.filter(vocabulary=field.vocabulary).order_by("rank")
                self.initial[name] = [term.slug for term in field.of(self._terms_of_page)]
            elif isinstance(field, CircleField):
                self._prepare_circle(name, field)
            elif name in self.texts:
                self.initial[name] = values.get(name, "")
            field.error_messages["required"] = field.error_messages.get(
                "missing", _("Il manque une réponse ici.")
            )

    def changes(self) -> dict[str, object]:
        """What is valid of what was typed, as `contributions.write_actor` takes it."""
        changes: dict[str, object] = {
            name: self.cleaned_data[name] for name in self.texts if name in self.cleaned_data
        }
        chosen = {
            name: field
            for name, field in self.fields.items()
            if isinstance(field, TermsField) and field.vocabulary != Vocabulary.THEME
        }
        if chosen and all(name in self.cleaned_data for name in chosen):
            changes["terms"] = self._terms_with(chosen)
        return changes

    def part_of(self, values: Mapping[str, object]) -> dict[str, object]:
        """Of the terms, those of the vocabularies of this topic."""
        names = {*self.texts, *self.others}
        part = {name: value for name, value in values.items() if name in names}
        mine = {field.vocabulary for field in self.fields.values() if isinstance(field, TermsField)}
        if mine and "terms" in values:
            theirs = {str(term.pk) for term in self._terms_of_page if term.vocabulary not in mine}
            part["terms"] = {pk: since for pk, since in values["terms"].items() if pk not in theirs}
        return part

    def circles(self) -> dict[str, Audience]:
        """Who reads each field of this topic, as chosen: {"email": Audience.MEMBERS}."""
        return {
            name.removesuffix("_audience"): Audience(self.cleaned_data[name])
            for name, field in self.fields.items()
            if isinstance(field, CircleField) and name in self.cleaned_data
        }

    def since(self, term: Term) -> int | None:
        """The year a term dates from, where this topic asks for it; else the year known."""
        return self.values.get("terms", {}).get(str(term.pk))

    def _terms_with(self, chosen: dict[str, TermsField]) -> dict[str, int | None]:
        """Every term of the page once the vocabularies of this topic are replaced by what was chosen."""
        mine = {field.vocabulary for field in chosen.values()}
        kept = [term for term in self._terms_of_page if term.vocabulary not in mine]
        picked = [term for name in chosen for term in self.cleaned_data[name]]
        return {
            **{str(term.pk): self.values["terms"][str(term.pk)] for term in kept},
            **{str(term.pk): self.since(term) for term in picked},
        }

    def _read_terms(self) -> list[Term]:
        known = self.values.get("terms", {})
        return list(Term.objects.filter(pk__in=[int(pk) for pk in known])) if known else []

    def _prepare_circle(self, name: str, field: CircleField) -> None:
        of = name.removesuffix("_audience")
        default = Actor.DEFAULT_AUDIENCES[of]
        self.initial[name] = int(self.actor.audiences.get(of, default) if self.actor else default)
        field.label = _("Qui peut voir : %(field)s") % {"field": field.of}
