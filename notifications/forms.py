from __future__ import annotations

from django import forms

from accounts.models import User

from . import kinds
from .models import Preference


class PacesForm(forms.Form):
    """One question per family of messages: how does she want these mails?"""

    def __init__(self, user: User, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        paces = Preference.paces_of(user)
        for family in kinds.chosen_families():
            self.fields[family.code] = forms.ChoiceField(
                label=family.label,
                help_text=family.about,
                choices=Preference.Pace.choices,
                initial=paces[family.code],
                widget=forms.RadioSelect,
            )
