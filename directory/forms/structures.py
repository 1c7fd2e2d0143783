"""What those who keep a structure write of it."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, RegexValidator, URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.fields import LineField
from moderation.guard import Finding
from moderation.versions import VersionedForm
from moderation.writing import GuardedForm
from territories.models import Territory

from ..duplicates import Description
from ..keys import check_finess, check_rna, check_siret, normalised
from ..models import KEYS, Structure, Term, Vocabulary
from ..models.actors import phone_number
from .place_boxes import CommuneForm, ZonesForm

CHECKS = {"siret": check_siret, "finess": check_finess, "rna": check_rna}
#: The boxes of the form that are kept together in `Structure.terms`.
TERMS = {"fields_of": Vocabulary.FIELD, "domains": Vocabulary.DOMAIN, "publics": Vocabulary.PUBLIC}
MISSING = gettext_lazy("Il manque une réponse ici.")
TOO_LONG = gettext_lazy("C’est trop long : pas plus de %(limit_value)d signes.")


def words(label, *, most: int, required: bool = False, help_text="", **attrs) -> forms.CharField:
    """One line of text."""
    return LineField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": MISSING, "max_length": TOO_LONG},
    )


def boxes(vocabulary: Vocabulary, label, help_text="") -> forms.ModelMultipleChoiceField:
    """Some words of one vocabulary."""
    gone = gettext_lazy("Un de ces choix n’existe plus. Choisissez dans la liste.")
    return forms.ModelMultipleChoiceField(
        Term.objects.filter(vocabulary=vocabulary).order_by("rank"),
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gone, "invalid_pk_value": gone, "invalid_list": gone},
    )


class NameForm(CommuneForm):
    """The least one must say of a structure to begin its page."""

    name = words(
        gettext_lazy("Nom de la structure"),
        most=160,
        required=True,
        help_text=gettext_lazy("En entier, comme elle l’écrit elle-même."),
        autocomplete="organization",
    )
    acronym = words(
        gettext_lazy("Sigle"), most=30, help_text=gettext_lazy("S’il y en a un, par exemple CPTS.")
    )
    category = forms.ModelChoiceField(
        Term.objects.filter(vocabulary=Vocabulary.CATEGORY).order_by("rank"),
        label=gettext_lazy("Ce que c’est"),
        empty_label=gettext_lazy("Choisissez…"),
        error_messages={
            "required": MISSING,
            "invalid_choice": gettext_lazy("Choisissez dans la liste."),
        },
    )

    field_order = ["name", "acronym", "category", "lieu"]

    def described(self) -> Description:
        """What is known so far, to look for a page that exists already."""
        found = self.cleaned_data
        return Description(
            name=found.get("name", ""), acronym=found.get("acronym", ""), commune=found.get("commune")
        )


class StructureForm(VersionedForm, GuardedForm, ZonesForm, NameForm):
    """Everything a structure's page says.

    values: what it says or will say, as `contributions.read_structure` writes it.
    """

    guarded = ("description",)
    unasked = frozenset({Finding.ADDRESS, Finding.LINK})

    description = forms.CharField(
        label=gettext_lazy("Présentation"),
        max_length=4000,
        required=False,
        help_text=gettext_lazy("Ce que fait la structure, pour qui, et sa façon de faire partenariat."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": TOO_LONG},
    )
    certification = words(
        gettext_lazy("Certification ou agrément"),
        most=160,
        help_text=gettext_lazy("Par exemple « Qualiopi » ou « Association agréée d’usagers »."),
    )
    address = words(gettext_lazy("Adresse"), most=200, help_text=gettext_lazy("Numéro et rue."))
    postal_code = forms.CharField(
        label=gettext_lazy("Code postal"),
        max_length=5,
        required=False,
        validators=[RegexValidator(r"^[0-9]{5}\Z", gettext_lazy("Un code postal a cinq chiffres."))],
        error_messages={"max_length": gettext_lazy("Un code postal a cinq chiffres.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    website = forms.URLField(
        label=gettext_lazy("Site"),
        max_length=200,
        required=False,
        assume_scheme="https",
        error_messages={"max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Adresse mail"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Celle de la structure, pas celle d’une personne."),
        error_messages={"max_length": TOO_LONG},
    )
    phone = forms.CharField(
        label=gettext_lazy("Téléphone"),
        max_length=20,
        required=False,
        validators=[phone_number],
        help_text=gettext_lazy("Celui de l’accueil."),
        error_messages={"max_length": gettext_lazy("Écrivez un numéro, par exemple 05 34 30 27 53.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    siret = words(
        gettext_lazy("SIRET"), most=40, help_text=gettext_lazy("Quatorze chiffres."), inputmode="numeric"
    )
    finess = words(
        gettext_lazy("FINESS"),
        most=40,
        help_text=gettext_lazy(
            "Neuf caractères : pour les établissements de santé, sociaux et médico-sociaux."
        ),
    )
    rna = words(
        gettext_lazy("RNA"), most=40, help_text=gettext_lazy("Pour une association : W et neuf caractères.")
    )
    fields_of = boxes(Vocabulary.FIELD, gettext_lazy("Champs"))
    domains = boxes(Vocabulary.DOMAIN, gettext_lazy("Domaines d’engagement"))
    publics = boxes(Vocabulary.PUBLIC, gettext_lazy("Publics"))
    themes = boxes(
        Vocabulary.THEME,
        gettext_lazy("Thèmes de santé"),
        gettext_lazy("Ceux de l’activité de la structure, non des personnes qui y sont."),
    )

    def __init__(
        self, data: Mapping | None = None, *, structure: Structure, values: Mapping[str, object]
    ) -> None:
        commune = Territory.objects.filter(pk=values["commune"]).first()
        super().__init__(data, commune=commune)
        self.structure, self.values = structure, values
        #: Published structures that bear a number typed here.
        self.holders: list[Structure] = []
        self.offer(list(values["zones"]), commune)
        self.fields["email"].validators = [
            EmailValidator(gettext_lazy("Cette adresse n’est pas complète. Exemple : contact@exemple.fr"))
        ]
        self.fields["website"].validators = [
            URLValidator(
                schemes=["http", "https"],
                message=gettext_lazy("Cette adresse n’est pas complète. Exemple : https://www.exemple.fr"),
            )
        ]
        self.fields["website"].error_messages["invalid"] = self.fields["website"].validators[0].message
        self.own = {term.pk: term.vocabulary for term in Term.objects.filter(pk__in=values["terms"])}
        for name in self.fields:
            if name in TERMS:
                self.initial[name] = [pk for pk, vocabulary in self.own.items() if vocabulary == TERMS[name]]
            elif name in values and name != "zones":
                self.initial[name] = values[name]

    def clean_siret(self) -> str:
        return self._key("siret")

    def clean_finess(self) -> str:
        return self._key("finess")

    def clean_rna(self) -> str:
        return self._key("rna")

    def _key(self, name: str) -> str:
        number = normalised(self.cleaned_data[name])
        if not number:
            return ""
        CHECKS[name](number)
        holder = Structure.objects.published().filter(**{name: number}).exclude(pk=self.structure.pk).first()
        if holder:
            if holder not in self.holders:
                self.holders.append(holder)
            raise ValidationError(
                _("Ce numéro est celui de « %(name)s », déjà publiée. Sa page est en haut du formulaire.")
                % {"name": holder.name}
            )
        return number

    def changes(self) -> dict[str, object]:
        """What was written, as `contributions.write_structure` takes it; nothing of a form to be mended."""
        if self.errors:
            return {}
        found = self.cleaned_data
        plain = (
            "name",
            "acronym",
            "description",
            "certification",
            "address",
            "postal_code",
            "website",
            "email",
            "phone",
            *KEYS,
        )
        changes: dict[str, object] = {name: found[name] for name in plain}
        changes |= {"category": found["category"].pk, "commune": found["commune"].pk}
        changes["zones"] = self.chosen_zones()
        kept = [pk for pk, vocabulary in self.own.items() if vocabulary not in TERMS.values()]
        changes["terms"] = sorted([*kept, *(term.pk for name in TERMS for term in found[name])])
        changes["themes"] = sorted(term.pk for term in found["themes"])
        if found["commune"].pk != self.structure.commune_id:
            # A point in the former commune would be wrong.
            changes |= {"lat": None, "lon": None}
        return changes
