"""What can be asked of the directory, in an address: the same for lists, map, facets and exports."""

from __future__ import annotations

import django_filters
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from territories.models import Territory

from .index import Selection
from .index.grid import Box
from .index.text import Hits, search
from .listed import listed_kinds
from .models import Term, Vocabulary

#: Filter name in the address, vocabulary it draws from; in the order they are shown.
TERM_FILTERS = {
    "role": Vocabulary.ROLE,
    "categorie": Vocabulary.CATEGORY,
    "domaine": Vocabulary.DOMAIN,
    "theme": Vocabulary.THEME,
    "competence": Vocabulary.COMPETENCE,
    "public": Vocabulary.PUBLIC,
    "disponibilite": Vocabulary.AVAILABILITY,
    "reconnaissance": Vocabulary.RECOGNITION,
    "langue": Vocabulary.LANGUAGE,
    "champ": Vocabulary.FIELD,
    "etape": Vocabulary.STAGE,
    "engagement": Vocabulary.ENGAGEMENT,
}
#: Values of one filter at most, so that no address can be made to cost.
MAX_VALUES = 30
DEFAULT_KM, MAX_KM = 20, 200


class TermsField(forms.Field):
    """Slugs of one vocabulary, several at will; cleans to the terms."""

    widget = forms.SelectMultiple

    def __init__(self, *, terms: dict[str, Term], **kwargs) -> None:
        super().__init__(**kwargs)
        self.terms = terms

    def clean(self, value: list[str] | None) -> list[Term]:
        slugs = [slug for slug in value or [] if slug]
        if len(slugs) > MAX_VALUES:
            raise forms.ValidationError(_("Choisissez moins de valeurs pour ce filtre."))
        unknown = next((slug for slug in slugs if slug not in self.terms), None)
        if unknown is not None:
            raise forms.ValidationError(
                _("« %(value)s » n’est pas un choix de ce filtre."), params={"value": unknown[:60]}
            )
        return [self.terms[slug] for slug in slugs]


class TerritoryField(forms.CharField):
    """A territory by its reference, such as dep-09."""

    def __init__(self, *, level: str = "", **kwargs) -> None:
        super().__init__(max_length=40, **kwargs)
        self.level = level

    def clean(self, value: str) -> Territory | None:
        ref = super().clean(value)
        if not ref:
            return None
        try:
            territory = Territory.objects.by_ref(ref)
        except Territory.DoesNotExist:
            territory = None
        if territory is None or (self.level and territory.level != self.level):
            raise forms.ValidationError(
                _("Ce lieu n’existe pas. Cherchez-le par son nom ou son code postal.")
            )
        return territory


class TypedPlaceField(forms.CharField):
    """Words for a place. Views turn them into a reference; where they could not, nothing is guessed."""

    def clean(self, value: str) -> str:
        if text := super().clean(value):
            raise forms.ValidationError(
                _("Aucun lieu sûr pour « %(text)s ». Essayez le code postal ou une commune voisine."),
                params={"text": text},
            )
        return text


class BoxField(forms.CharField):
    """A frame of the map: west,south,east,north in degrees."""

    def clean(self, value: str) -> Box | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            raise forms.ValidationError(_("Le cadre de la carte se dit : ouest,sud,est,nord.")) from None
        # What is no number, or without end, is not in range either.
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise forms.ValidationError(_("Ce cadre de carte n’est pas sur la Terre."))
        return west, south, east, north


class PageField(forms.IntegerField):
    """The number of a page; one beyond the last is for the page of results to bring back."""

    default_error_messages = {"invalid": _("Une page se demande par son numéro, à partir de 1.")}

    def __init__(self, **kwargs) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: str) -> int | None:
        number = super().clean(value)
        if number is not None and number < 1:
            raise forms.ValidationError(self.error_messages["invalid"])
        return number


class DirectoryForm(forms.Form):
    """What an address asks, each filter read alone, then those that exclude one another."""

    def clean(self) -> dict:
        if self.cleaned_data.get("territoire") and self.cleaned_data.get("autour"):
            self.add_error(
                "autour",
                _("Choisissez un territoire ou les alentours d’une commune, pas les deux à la fois."),
            )
        return self.cleaned_data


class TermsFilter(django_filters.Filter):
    field_class = TermsField

    def filter(self, selection: Selection, terms: list[Term]) -> Selection:
        return selection.having(self.field_name, [term.pk for term in terms]) if terms else selection


class DirectoryFilter(django_filters.FilterSet):
    """Narrows a Selection by what the address asks; `qs` is then the Selection to show.

    An address that cannot be understood gives nothing, with the reason in `form.errors`; `cleaned` and
    `understood` then hold what could be, for the page to keep it at hand.
    """

    class Meta:
        form = DirectoryForm

    q = django_filters.CharFilter(label=_("Mots"), max_length=100, method="by_text")
    nature = django_filters.MultipleChoiceFilter(
        label=_("Nature"),
        choices=lambda: [(listed.slug, listed.label) for listed in listed_kinds()],
        method="by_kind",
    )
    lieu = django_filters.Filter(label=_("Lieu"), method="keep")
    territoire = django_filters.Filter(label=_("Territoire"), method="in_territory")
    autour = django_filters.Filter(label=_("Autour de"), method="near")
    km = django_filters.NumberFilter(label=_("Distance en km"), method="keep")
    bbox = django_filters.Filter(label=_("Cadre de la carte"), method="in_box")
    zoom = django_filters.Filter(label=_("Échelle de la carte"), method="keep")
    page = django_filters.Filter(label=_("Page"), method="keep")
    tri = django_filters.ChoiceFilter(
        label=_("Ordre"),
        choices=[("nom", _("Par nom")), ("recent", _("Les plus récents"))],
        empty_label=_("Ordre du jour"),
        method="keep",
    )

    def __init__(self, data, selection: Selection) -> None:
        self.hits: Hits | None = None
        super().__init__(data, queryset=selection)
        for name, vocabulary in TERM_FILTERS.items():
            terms = selection.index.vocabularies[vocabulary]
            self.filters[name] = TermsFilter(
                field_name=name, label=vocabulary.label, terms=terms, required=False
            )

    @cached_property
    def form(self) -> forms.Form:
        form = super().form
        form.fields["lieu"] = TypedPlaceField(max_length=100, required=False)
        form.fields["territoire"] = TerritoryField(required=False)
        form.fields["autour"] = TerritoryField(level="com", required=False)
        form.fields["bbox"] = BoxField(max_length=100, required=False)
        form.fields["km"] = forms.IntegerField(min_value=1, max_value=MAX_KM, required=False)
        form.fields["zoom"] = forms.IntegerField(min_value=0, required=False)
        form.fields["page"] = PageField()
        return form

    @cached_property
    def qs(self) -> Selection:
        return self.queryset.nothing() if self.form.errors else self.understood

    @cached_property
    def understood(self) -> Selection:
        """What the filters that could be understood select, the others left out."""
        selection = self.queryset
        for name, value in self.cleaned.items():
            selection = self.filters[name].filter(selection, value)
        return selection

    @cached_property
    def cleaned(self) -> dict:
        """The filters understood; of one that takes several values, those that are among its choices."""
        known = {
            name: [terms[slug] for slug in self.valid_values(name)]
            for name in self.form.errors
            if (terms := getattr(self.form.fields.get(name), "terms", None))
        }
        return {**self.form.cleaned_data, **known}

    def valid_values(self, name: str) -> list[str]:
        """Of the values the address gives a filter that refused some, those worth keeping."""
        terms = getattr(self.form.fields[name], "terms", {})
        return [slug for slug in self.data.getlist(name) if slug in terms][:MAX_VALUES]

    def by_text(self, selection: Selection, _name: str, text: str) -> Selection:
        self.hits = search(selection.index, text, selection.clearance)
        return selection.narrowed("q", self.hits.positions)

    def by_kind(self, selection: Selection, _name: str, kinds: list[str]) -> Selection:
        return selection.of_kind(kinds) if kinds else selection

    def in_territory(self, selection: Selection, _name: str, territory: Territory) -> Selection:
        outers = Territory.objects.covering(territory).values_list("pk", flat=True)
        return selection.in_territory(territory.pk, outers)

    def near(self, selection: Selection, _name: str, commune: Territory) -> Selection:
        km = self.form.cleaned_data.get("km") or DEFAULT_KM
        around = Territory.objects.within_km(commune, km).values_list("pk", flat=True)
        return selection.near([commune.pk, *(pk for pk in around if pk != commune.pk)])

    def in_box(self, selection: Selection, _name: str, box: Box) -> Selection:
        return selection.in_box(box)

    def keep(self, selection: Selection, _name: str, _value: object) -> Selection:
        """Read beside another filter, changes nothing by itself."""
        return selection
