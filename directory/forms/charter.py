from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Charter


class CharterForm(forms.Form):
    """The signature: a box for the version that was read."""

    signed = forms.BooleanField(
        label=gettext_lazy("J’ai lu la charte et je m’engage à la respecter."),
        error_messages={"required": gettext_lazy("Cochez la case pour signer la charte.")},
    )
    version = forms.CharField(max_length=20, widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, charter: Charter | None) -> None:
        self.charter = charter
        super().__init__(data, initial={"version": charter.version if charter else ""})

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if self.charter and cleaned.get("version") != self.charter.version:
            raise ValidationError(
                _("La charte a changé pendant que vous la lisiez. Relisez-la, puis signez.")
            )
        return cleaned
