"""What I share and with whom. Health themes stand apart: nothing is kept or shown without its own yes."""

from __future__ import annotations

from django import forms
from django.core.validators import EmailValidator
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts import consents
from accounts.actions import granted_purposes
from accounts.audience import Audience
from accounts.models import Consent

from ..models import Term, Vocabulary
from ..models.actors import phone_number
from .topic import CircleField, TermsField, TopicForm

MAIL_IN_WORDS = _("Cette adresse n’est pas complète. Exemple : prenom.nom@exemple.fr")
#: The theme of those who prefer to say none.
NOT_SAID = "non-precise"
AUDIENCES = [
    (Audience.MEMBERS, _("Les membres : les personnes qui ont un compte ici")),
    (Audience.EVERYONE, _("Tout le monde : toute personne qui vient sur le site, même sans compte")),
    (Audience.PROFESSIONALS, _("Les professionnels vérifiés, et l’équipe")),
    (Audience.TEAM, _("L’équipe seulement")),
    (Audience.ME, _("Moi seulement : ma page n’apparaît nulle part")),
]


class SharingForm(TopicForm):
    texts = ("website", "email", "phone")

    audience = forms.TypedChoiceField(
        label=_("Qui voit ma page"),
        choices=AUDIENCES,
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_(
            "Votre choix vaut aussi pour les listes, la carte et la recherche. Vous pourrez en changer."
        ),
        error_messages={
            "missing": _("Choisissez qui voit votre page."),
            "invalid_choice": _("Choisissez dans la liste."),
        },
    )
    indexed_by_engines = forms.BooleanField(
        label=_("Les moteurs de recherche (Google et les autres) peuvent montrer ma page."),
        required=False,
        help_text=_("Seulement si vous le demandez, et si tout le monde voit votre page."),
    )
    email = forms.EmailField(
        label=_("Adresse mail à montrer"),
        required=False,
        help_text=_(
            "Pour qu’on vous écrive directement. Sinon, on vous écrit par le site, sans connaître "
            "votre adresse."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    email_audience = CircleField(_("mon adresse mail"))
    phone = forms.CharField(
        label=_("Téléphone à montrer"),
        required=False,
        max_length=20,
        validators=[phone_number],
        help_text=_("Si vous préférez qu’on vous appelle."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    phone_audience = CircleField(_("mon téléphone"))
    website = forms.URLField(
        label=_("Site"),
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text=_("Votre site, votre blog ou celui de votre association."),
        error_messages={"invalid": _("Cette adresse n’est pas complète. Exemple : https://www.exemple.fr")},
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"}),
    )
    website_audience = CircleField(_("mon site"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].validators = [EmailValidator(MAIL_IN_WORDS)]
        if self.actor:
            self.initial["audience"] = int(self.actor.audience)
            self.initial["indexed_by_engines"] = self.actor.indexed_by_engines

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("indexed_by_engines") and cleaned.get("audience", 0) != Audience.EVERYONE:
            self.add_error(
                "indexed_by_engines",
                _(
                    "Les moteurs de recherche ne montrent que les pages que tout le monde voit : "
                    "choisissez « tout le monde » plus haut, ou décochez."
                ),
            )
        return cleaned

    def page_choices(self) -> dict[str, object]:
        """Who sees the page itself, as chosen: what `actions.choose_circles` takes."""
        names = ("audience", "indexed_by_engines")
        if any(name not in self.cleaned_data for name in names):
            return {}
        return {
            "audience": Audience(self.cleaned_data["audience"]),
            "indexed_by_engines": self.cleaned_data["indexed_by_engines"],
        }


class ThemesOnlyForm(TopicForm):
    """Health themes alone, for someone who agreed to have them kept."""

    themes = TermsField(
        Vocabulary.THEME,
        label=_("Mes thèmes de santé"),
        help_text=_(
            "Ne rien cocher veut dire « non précisé » : c’est toujours possible, sans dire pourquoi."
        ),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.actor:
            self.initial["themes"] = list(self.actor.themes.values_list("slug", flat=True))

    def clean_themes(self) -> QuerySet[Term]:
        """« Non précisé » says nothing beside a theme that is said."""
        said = self.cleaned_data["themes"].exclude(slug=NOT_SAID)
        return said if said.exists() else self.cleaned_data["themes"]


class ThemesForm(ThemesOnlyForm):
    """The same with, each apart and never ticked beforehand, what may be done with them."""

    store = forms.BooleanField(required=False)
    members = forms.BooleanField(required=False)
    everyone = forms.BooleanField(required=False)
    matching = forms.BooleanField(required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        granted = granted_purposes(self.actor.user) if self.actor else frozenset()
        for purpose in Consent.Purpose:
            self.initial[purpose.value] = purpose in granted
            # What is kept with an answer is the digest of these words: they are shown as they are.
            read = consents.current(purpose)
            self.fields[purpose.value].label = format_html('<span lang="fr">{}</span>', read.words)
            self.fields[purpose.value].help_text = format_html(
                '<span lang="fr">{}</span> {}', read.meaning, read.gloss
            )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        wants = [purpose for purpose in Consent.Purpose if cleaned.get(purpose.value)]
        if (wants or cleaned.get("themes")) and not cleaned.get("store"):
            self.add_error(
                "store",
                _(
                    "Sans cet accord, rien de vos thèmes de santé n’est gardé : cochez cette case, ou"
                    " décochez les autres et les thèmes."
                ),
            )
        return cleaned

    def consents(self) -> set[str] | None:
        """The purposes agreed to; None where the answers do not hold together."""
        if any(name in self.errors for name in (*Consent.Purpose.values, "themes")):
            return None
        return {purpose.value for purpose in Consent.Purpose if self.cleaned_data[purpose.value]}

    @property
    def consent_fields(self) -> list[forms.BoundField]:
        return [self[purpose.value] for purpose in Consent.Purpose]


class SharingStep(ThemesForm, SharingForm):
    """Both, as they are asked when joining."""
