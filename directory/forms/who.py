"""Who I am: a name, how it is shown, and roles, several, from either side."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.fields import LineField

from ..models import Actor, Term, Vocabulary
from ..models.terms import Side
from .topic import SEEN_WITH_PAGE, TermsField, TopicForm

OLDEST_YEAR = 1930
SIDES: dict[str, str | Promise] = {
    Side.USER: _("Je parle en tant que personne concernée, proche ou citoyenne"),
    Side.PROFESSIONAL: _("Je parle en tant que professionnel ou professionnelle"),
    Side.OTHER: _("Autre situation"),
}


@dataclass(frozen=True)
class RoleRow:
    """One role to tick, and the year it dates from."""

    term: Term
    checked: bool
    since: forms.BoundField


@dataclass(frozen=True)
class RoleGroup:
    """The roles of one side. Open where something is ticked, and the first where nothing is."""

    label: str | Promise
    rows: list[RoleRow]
    open: bool

    @property
    def count(self) -> int:
        return sum(row.checked for row in self.rows)


class WhoForm(TopicForm):
    texts = ("first_name", "last_name", "name_style", "pseudonym")

    first_name = LineField(
        label=_("Prénom"),
        max_length=60,
        help_text=_("Tel que vous voulez qu’on vous appelle."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"missing": _("Écrivez votre prénom.")},
    )
    last_name = LineField(
        label=_("Nom"),
        max_length=60,
        help_text=_(
            "Pour que l’équipe sache qui vous êtes. Les autres ne voient que ce que vous choisissez "
            "ci-dessous."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"missing": _("Écrivez votre nom.")},
    )
    name_style = forms.ChoiceField(
        label=_("Comment mon nom apparaît"),
        choices=[
            (Actor.NameStyle.INITIAL, _("Mon prénom et l’initiale de mon nom")),
            (Actor.NameStyle.FULL, _("Mon prénom et mon nom en entier")),
            (Actor.NameStyle.PSEUDONYM, _("Un pseudonyme")),
        ],
        widget=forms.RadioSelect,
        initial=Actor.NameStyle.INITIAL,
        error_messages={
            "missing": _("Choisissez comment votre nom apparaît."),
            "invalid_choice": _("Choisissez dans la liste."),
        },
    )
    pseudonym = LineField(
        label=_("Pseudonyme"),
        max_length=60,
        required=False,
        help_text=_(
            "Si vous l’avez choisi ci-dessus. Évitez ce qui vous ferait reconnaître, comme votre "
            "adresse mail."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    roles = TermsField(
        Vocabulary.ROLE,
        label=_("Mes rôles"),
        required=True,
        error_messages={
            "missing": _("Cochez au moins un rôle. « Citoyen ou citoyenne » convient à tout le monde.")
        },
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].seen_by = self.fields["name_style"].seen_by = SEEN_WITH_PAGE
        self.fields["last_name"].seen_by = _("Vu par l’équipe, sauf si vous le montrez en entier")
        self.initial["name_style"] = self.values.get("name_style") or Actor.NameStyle.INITIAL
        self._roles = list(self.fields["roles"].queryset)
        for role in self._roles:
            self.fields[f"since_{role.slug}"] = forms.IntegerField(
                label=_("Depuis (année)"),
                required=False,
                min_value=OLDEST_YEAR,
                max_value=timezone.localdate().year,
                error_messages={
                    name: _("Écrivez une année, par exemple %(year)s, ou laissez vide.")
                    % {"year": timezone.localdate().year - 3}
                    for name in ("invalid", "min_value", "max_value")
                },
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )
            for validator in self.fields[f"since_{role.slug}"].validators:
                validator.message = self.fields[f"since_{role.slug}"].error_messages["invalid"]
            self.initial[f"since_{role.slug}"] = super().since(role)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("name_style") == Actor.NameStyle.PSEUDONYM and not cleaned.get("pseudonym"):
            if "pseudonym" not in self.errors:
                self.add_error("pseudonym", _("Écrivez le pseudonyme à afficher."))
            cleaned.pop("name_style")
        return cleaned

    def since(self, term: Term) -> int | None:
        return self.cleaned_data.get(f"since_{term.slug}")

    @property
    def name_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("first_name", "last_name", "name_style", "pseudonym")]

    @property
    def role_groups(self) -> list[RoleGroup]:
        """The roles by side, as the page asks for them."""
        ticked = set(map(str, self["roles"].value() or []))
        rows = {side: [] for side in SIDES}
        for role in self._roles:
            row = RoleRow(role, role.slug in ticked, self[f"since_{role.slug}"])
            rows[role.side or Side.OTHER].append(row)
        return [
            RoleGroup(
                label,
                rows[side],
                any(row.checked for row in rows[side]) or (not ticked and side == Side.USER),
            )
            for side, label in SIDES.items()
        ]
