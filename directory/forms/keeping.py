"""Small forms around a structure: claiming its page, inviting to keep it, being named on it."""

from __future__ import annotations

from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from .structures import MISSING, TOO_LONG, words


class ClaimForm(forms.Form):
    function = words(
        _("Ce que vous y faites"),
        most=120,
        required=True,
        help_text=_("Par exemple : directrice, coordinateur, bénévole chargé de la communication."),
    )
    proof = forms.CharField(
        label=_("Comment l’équipe peut le vérifier"),
        max_length=1000,
        help_text=_("Une phrase suffit : une page du site où l’on vous voit, un accueil à rappeler…"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": MISSING, "max_length": TOO_LONG},
    )


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label=_("Adresse mail de la personne"),
        max_length=254,
        help_text=_("Elle reçoit un seul message, écrit par le site, avec un lien pour dire oui ou non."),
        error_messages={"required": _("Écrivez une adresse mail."), "max_length": TOO_LONG},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].validators = [
            EmailValidator(_("Cette adresse n’est pas complète. Exemple : prenom.nom@exemple.fr"))
        ]


class FunctionForm(forms.Form):
    function = words(_("Fonction"), most=120, help_text=_("Par exemple : infirmière, patiente ressource."))
