from __future__ import annotations

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from moderation.models import Ground
from moderation.writing import GuardedForm

from .models import LETTER_LENGTH, Conversation


class LetterForm(GuardedForm):
    """A letter. What it says to nobody else than the other is asked about all the same."""

    guarded = ("text",)

    text = forms.CharField(
        label=_("Votre message"),
        max_length=LETTER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={
            "required": _("Écrivez votre message."),
            "max_length": _("Ce message est trop long : %(limit_value)d caractères au plus."),
        },
    )


class DeclineForm(forms.Form):
    """Saying no, with a reason chosen among few: nothing to write, nothing to justify."""

    reason = forms.ChoiceField(
        label=_("Pourquoi ?"),
        choices=Conversation.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une raison : elle sera transmise, sans autre mot.")},
    )


class ReportForm(forms.Form):
    """What is wrong with what the other wrote. The letters themselves go along: there is nothing to copy."""

    ground = forms.ChoiceField(
        label=_("Qu’est-ce qui ne va pas ?"),
        choices=lambda: [(value, capfirst(label)) for value, label in Ground.choices],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez ce qui ne va pas.")},
    )
    text = forms.CharField(
        label=_("Voulez-vous préciser ?"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
