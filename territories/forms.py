"""The form with which staff compose a health territory."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Kind, Level, Territory

MAX_CODES = 5000


class HealthTerritoryForm(forms.ModelForm):
    """A name, a nature, and the codes of what it is made of, pasted in any shape."""

    kind = forms.ChoiceField(label=gettext_lazy("nature"), choices=Kind)
    composition = forms.CharField(
        label=gettext_lazy("composition"),
        widget=forms.Textarea(attrs={"rows": 12, "cols": 60}),
        max_length=100_000,
        help_text=gettext_lazy(
            "Codes INSEE de communes, numéros SIREN d’intercommunalités, ou références comme dep-09, "
            "séparés par des espaces, des virgules ou des retours à la ligne."
        ),
    )

    class Meta:
        model = Territory
        fields = ["name", "kind", "code"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # The address of a territory is printed and linked: it does not change.
            self.fields["code"].disabled = True
            members = Territory.objects.communes().inside(self.instance).order_by("code")
            self.initial["composition"] = "\n".join(members.values_list("code", flat=True))
        else:
            self.instance.level = Level.HEALTH

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        taken = Territory.objects.filter(level=Level.HEALTH, code=code).exclude(pk=self.instance.pk)
        if taken.exists():
            raise ValidationError(_("Un territoire de cet échelon porte déjà ce code."))
        return code

    def clean_composition(self) -> list[Territory]:
        words = [word for word in re.split(r"[\s,;]+", self.cleaned_data["composition"]) if word]
        if len(words) > MAX_CODES:
            raise ValidationError(_("Pas plus de %(limit)d codes.") % {"limit": MAX_CODES})
        refs = {word: _ref(word) for word in words}
        named = Q(pk__in=[])
        for level in {level for level, code in refs.values()}:
            named |= Q(level=level, code__in=[code for other, code in refs.values() if other == level])
        known = {(t.level, t.code): t for t in Territory.objects.filter(named)}
        unknown = [word for word, ref in refs.items() if ref not in known]
        if unknown:
            raise ValidationError(
                _("Codes inconnus : %(codes)s.") % {"codes": ", ".join(word[:40] for word in unknown[:10])}
            )
        return [known[ref] for ref in dict.fromkeys(refs.values())]


def _ref(word: str) -> tuple[str, str]:
    """("com", "09122") for "09122", ("epci", "200067940") for nine digits, ("dep", "09") for "dep-09"."""
    level, dash, code = word.partition("-")
    if dash:
        return level, code
    return (Level.EPCI, word) if len(word) == 9 else (Level.COMMUNE, word.upper())
