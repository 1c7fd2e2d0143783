"""Where I am: one commune, found by its name or a postal code; and the territories where I act."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from territories.models import Territory

from .place_boxes import MOST_ZONES, Ambiguous, meant
from .topic import TopicForm


class WhereForm(TopicForm):
    """The place boxes send a reference when something was chosen (`territoire`, `zone`), else the text
    typed (`lieu`, `zone_lieu`); what the text may mean is proposed on the page, without any script.
    """

    others = ("commune", "zones")

    lieu = forms.CharField(label=gettext_lazy("Ma commune"), max_length=100, required=False)
    territoire = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    choix = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    zone_lieu = forms.CharField(label=gettext_lazy("Ajouter un territoire"), max_length=100, required=False)
    zone = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    zone_choix = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    zones = forms.ModelMultipleChoiceField(
        Territory.objects.none(),
        label=gettext_lazy("Les territoires où j’agis"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Un de ces territoires n’existe plus.")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.candidates: dict[str, list[Territory]] = {"lieu": [], "zone_lieu": []}
        self.commune = Territory.objects.filter(pk=self.values.get("commune")).first()
        sent = self.data.getlist("zones") if self.is_bound else []
        wanted = [pk for pk in sent if pk.isdecimal() and len(pk) < 10] + list(self.values.get("zones", []))
        self.fields["zones"].queryset = Territory.objects.filter(pk__in=wanted).order_by("-level", "sort_key")
        self.initial["zones"] = self.values.get("zones", [])

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        self._find("lieu", "territoire", "choix", communes=True)
        self._find("zone_lieu", "zone", "zone_choix", communes=False)
        if not cleaned.get("commune") and "lieu" not in self.errors:
            self.add_error("lieu", _("Écrivez le nom de votre commune ou son code postal."))
        if len(cleaned.get("zones") or []) >= MOST_ZONES and cleaned.get("added"):
            self.add_error("zone_lieu", _("Pas plus de %(limit)d territoires.") % {"limit": MOST_ZONES})
        return cleaned

    def changes(self) -> dict[str, object]:
        changes: dict[str, object] = {}
        if commune := self.cleaned_data.get("commune"):
            changes["commune"] = commune.pk
        if "zones" in self.cleaned_data and "zone_lieu" not in self.errors:
            added = self.cleaned_data.get("added")
            changes["zones"] = sorted(
                {*(zone.pk for zone in self.cleaned_data["zones"]), *([added.pk] if added else [])}
            )
        return changes

    @property
    def typed_commune(self) -> str:
        """What stands in the box of the commune."""
        if self.is_bound and self.data.get("lieu"):
            return self.data["lieu"][:100]
        return self.chosen_commune.label if self.chosen_commune else ""

    @property
    def chosen_ref(self) -> str:
        return self.chosen_commune.ref if self.chosen_commune else ""

    @property
    def chosen_commune(self) -> Territory | None:
        """The commune chosen so far, whether or not the rest of the form is right."""
        if self.is_bound:
            found = getattr(self, "cleaned_data", {}).get("commune")
            return found if "lieu" not in self.errors else None
        return self.commune

    def _find(self, text_name: str, ref_name: str, choice_name: str, *, communes: bool) -> None:
        """Put the place meant in cleaned_data, as "commune" or "added"; none where nothing was typed."""
        cleaned = self.cleaned_data
        text, ref, choice = (cleaned.get(name, "") for name in (text_name, ref_name, choice_name))
        try:
            place = meant(text, choice or ref, communes=communes, chosen=bool(choice))
        except Ambiguous as several:
            self.candidates[text_name] = several.places
            self.add_error(text_name, several)
        except ValidationError as mistake:
            self.add_error(text_name, mistake)
        else:
            cleaned["commune" if communes else "added"] = place
