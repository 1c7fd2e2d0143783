from __future__ import annotations

from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from .sharing import MAIL_IN_WORDS
from .where import WhereForm
from .who import WhoForm


def mail_field(label, help_text) -> forms.EmailField:
    field = forms.EmailField(
        label=label,
        help_text=help_text,
        max_length=254,
        error_messages={
            "required": _("Écrivez une adresse mail."),
            "missing": _("Écrivez une adresse mail."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field.validators = [EmailValidator(MAIL_IN_WORDS)]
    return field


class InviteForm(forms.Form):
    """One address. Nothing else: the first mail to a stranger holds no words of whoever invites."""

    email = mail_field(
        _("Adresse mail de la personne"),
        _("Elle reçoit un seul mail, avec votre nom affiché. Si elle ne répond pas, on ne lui récrit pas."),
    )


class PosterForm(forms.Form):
    title = forms.CharField(
        label=_("Lieu ou événement"),
        max_length=120,
        help_text=_(
            "Par exemple : hall du centre hospitalier, forum des associations. Écrit en bas de l’affiche."
        ),
        error_messages={"required": _("Écrivez où l’affiche sera posée.")},
    )


class EntryForm(WhereForm, WhoForm):
    """What someone said on paper or by phone: the least there is to a page, and where to reach her."""

    email = mail_field(
        _("Adresse mail de la personne"),
        _(
            "Elle y reçoit sa fiche à confirmer. Sans adresse, on peut écrire celle d’une personne de "
            "confiance, si elle est d’accord pour transmettre : rien ne paraît sans cette confirmation."
        ),
    )

    def changes(self) -> dict[str, object]:
        return {**WhoForm.changes(self), **WhereForm.changes(self)}
