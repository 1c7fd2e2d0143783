"""Fields of forms that the apps share."""

from django import forms

from .text import seen


class LineField(forms.CharField):
    """One line of text, kept as it is seen."""

    def to_python(self, value: object) -> str:
        return seen(super().to_python(value))
