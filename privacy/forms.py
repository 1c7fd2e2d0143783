from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import HealthRead


class ClosingForm(forms.Form):
    """When an account is to be erased."""

    WHEN = [
        ("later", _("Dans sept jours : d’ici là, je peux changer d’avis")),
        ("now", _("Tout de suite : je ne pourrai pas revenir en arrière")),
    ]

    when = forms.ChoiceField(
        label=_("Quand effacer mon compte ?"),
        choices=WHEN,
        initial="later",
        widget=forms.RadioSelect,
        help_text=_("Dans les deux cas, votre page disparaît dès maintenant."),
        error_messages={"required": _("Choisissez quand."), "invalid_choice": _("Choisissez quand.")},
    )


class PurposeForm(forms.Form):
    """Why someone of the team reads what a person keeps from members."""

    purpose = forms.ChoiceField(
        label=_("Pourquoi lisez-vous cette page ?"),
        choices=HealthRead.Purpose,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Dites pourquoi."),
            "invalid_choice": _("Choisissez l’une de ces raisons."),
        },
    )
    explanation = forms.CharField(
        label=_("Précision"),
        max_length=200,
        required=False,
        help_text=_("Facultatif, sauf pour une autre raison. N’écrivez rien de la santé de la personne."),
    )
    subject = forms.CharField(widget=forms.HiddenInput)
    next = forms.CharField(widget=forms.HiddenInput, max_length=2000)

    def clean(self) -> dict:
        given = super().clean()
        if given.get("purpose") == HealthRead.Purpose.OTHER and not given.get("explanation"):
            self.add_error("explanation", _("Dites quelle est cette raison."))
        return given
