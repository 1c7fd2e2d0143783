"""The place boxes of a form: one commune, and territories added one at a time, with or without a script."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from territories.models import Level, Territory
from territories.search import normalise

from ..places import CANDIDATES, ours_first, sure

#: Enough to find the communes among larger places of the same name.
LOOKED_AT = 30
MOST_ZONES = 20


class Ambiguous(ValidationError):
    """Several places bear the name typed; `places` are those to choose from."""

    def __init__(self, message: str, places: list[Territory]) -> None:
        super().__init__(message)
        self.places = places


class CommuneForm(forms.Form):
    """A box for a commune. It sends a reference when something was chosen (`territoire`), else the text typed
    (`lieu`); what the text may mean is proposed on the page (`choix`), without any script.
    """

    lieu = forms.CharField(label=gettext_lazy("Commune"), max_length=100, required=False)
    territoire = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    choix = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, commune: Territory | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.commune = commune
        self.candidates: dict[str, list[Territory]] = {"lieu": [], "zone_lieu": []}

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["commune"] = self.find("lieu", "territoire", "choix", communes=True)
        if not cleaned["commune"] and "lieu" not in self.errors:
            self.add_error("lieu", _("Écrivez le nom de la commune ou son code postal."))
        return cleaned

    def find(self, text: str, ref: str, choice: str, *, communes: bool) -> Territory | None:
        """The place these three fields mean; where it is in doubt, an error and the places to choose from."""
        typed = [self.cleaned_data.get(name, "") for name in (text, ref, choice)]
        try:
            return meant(typed[0], typed[2] or typed[1], communes=communes, chosen=bool(typed[2]))
        except Ambiguous as several:
            self.candidates[text] = several.places
            self.add_error(text, several)
        except ValidationError as mistake:
            self.add_error(text, mistake)
        return None

    @property
    def commune_box(self) -> dict[str, str]:
        """What stands in the box: the words, and the reference when it is settled."""
        found = getattr(self, "cleaned_data", {}).get("commune") if self.is_bound else self.commune
        if found:
            return {"value": found.label, "ref": found.ref}
        return {"value": self.data.get("lieu", "")[:100] if self.is_bound else "", "ref": ""}


class ZonesForm(forms.Form):
    """Boxes for the territories already chosen or proposed, and one place box to add another."""

    zones = forms.ModelMultipleChoiceField(
        Territory.objects.none(),
        label=gettext_lazy("Territoires couverts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy("Un de ces territoires n’existe plus."),
            "invalid_pk_value": gettext_lazy("Un de ces territoires n’existe plus."),
        },
    )
    zone_lieu = forms.CharField(label=gettext_lazy("Ajouter un territoire"), max_length=100, required=False)
    zone = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    zone_choix = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def offer(self, zones: list[int], commune: Territory | None) -> None:
        """Propose what is chosen already, what was just sent, and the places that hold the commune."""
        sent = (
            [pk for pk in self.data.getlist("zones") if pk.isdecimal() and len(pk) < 10]
            if self.is_bound
            else []
        )
        around = Territory.objects.covering(commune).values_list("pk", flat=True) if commune else []
        wanted = {*map(int, sent), *zones, *around}
        field = self.fields["zones"]
        field.queryset = Territory.objects.filter(pk__in=wanted).order_by("-level", "sort_key")
        field.label_from_instance = lambda place: place.label
        self.initial["zones"] = zones

    def chosen_zones(self) -> list[int]:
        """What is ticked and what was added, as a page keeps it."""
        added = self.cleaned_data.get("added")
        ticked = self.cleaned_data.get("zones") or []
        return sorted({zone.pk for zone in [*ticked, *([added] if added else [])]})

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["added"] = self.find("zone_lieu", "zone", "zone_choix", communes=False)
        if len(self.chosen_zones()) > MOST_ZONES:
            self.add_error("zone_lieu", _("Pas plus de %(limit)d territoires.") % {"limit": MOST_ZONES})
        return cleaned


def meant(text: str, ref: str, *, communes: bool, chosen: bool = False) -> Territory | None:
    """The territory meant; None when nothing was said. `chosen` when the reference was picked from a list.

    Raises ValidationError, with the places to choose from where there are several.
    """
    known = _by_ref(ref) if ref else None
    if known and (chosen or not text or known.label == text):
        found = [known]
    elif text:
        found = Territory.objects.search(text, limit=LOOKED_AT)
    else:
        return None
    if communes:
        larger, found = found, [place for place in found if place.level == Level.COMMUNE]
        if larger and not found:
            raise ValidationError(_("Choisissez une commune : c’est elle qui vous situe sur la carte."))
    if not found:
        raise ValidationError(_("Aucun lieu de ce nom. Essayez le code postal ou une commune voisine."))
    if place := found[0] if len(found) == 1 else sure(found, normalise(text)):
        return place
    raise Ambiguous(
        _("Plusieurs lieux ont ce nom ou ce code. Choisissez le vôtre juste en dessous."),
        ours_first(found)[:CANDIDATES],
    )


def _by_ref(ref: str) -> Territory | None:
    try:
        return Territory.objects.by_ref(ref)
    except Territory.DoesNotExist:
        return None
