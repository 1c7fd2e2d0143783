"""What each step asks."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.text import plain
from directory.forms.place_boxes import CommuneForm, ZonesForm
from directory.forms.structures import MISSING
from directory.forms.structures import words as line
from directory.forms.topic import TermsField
from directory.models import Actor, Structure, Vocabulary
from directory.models.terms import Side
from territories.models import Territory

from ..models import Project
from .steps import StepForm, one_of, text

SIDES = [
    (Side.USER, _("personne concernée, proche, citoyenne")),
    (Side.PROFESSIONAL, _("professionnelle")),
    (Side.OTHER, _("autre")),
]
#: Structures proposed for a name that means several.
CANDIDATES = 8


class BeginningForm(CommuneForm):
    """The least one must say of a project to begin its page."""

    title = line(_("Titre"), most=160, required=True, help_text=_("Court et parlant."))
    summary = line(
        _("En une phrase"),
        most=240,
        required=True,
        help_text=_("Qui fait quoi, avec qui, pour changer quoi. C’est ce qu’on lit dans la liste."),
    )

    field_order = ["title", "summary", "lieu"]


class AboutForm(StepForm, ZonesForm, BeginningForm):
    guarded = ("summary",)
    plain = ("title", "summary")
    one = ("stage",)
    others = ("commune", "zones")

    stage = one_of(Vocabulary.STAGE, _("Où en est le projet ?"))

    def __init__(self, *args, values, **kwargs) -> None:
        commune = Territory.objects.filter(pk=values["commune"]).first()
        super().__init__(*args, values=values, commune=commune, **kwargs)
        self.offer(list(values["zones"]), commune)

    def changes(self) -> dict[str, object]:
        if not (changes := super().changes()):
            return {}
        return changes | {"commune": self.cleaned_data["commune"].pk, "zones": self.chosen_zones()}


class PersonForm(forms.Form):
    name = line(_("Prénom et nom, ou prénom seul"), most=120)
    function = line(_("Rôle dans le projet"), most=120)
    side = forms.ChoiceField(
        label=_("Côté"),
        choices=[("", _("Choisissez…")), *SIDES],
        required=False,
        error_messages={"invalid_choice": _("Choisissez dans la liste.")},
    )

    def clean(self) -> dict[str, object]:
        return _both(self, "name", "side")


class WhoForm(StepForm):
    guarded = ("partners",)
    plain = ("partners",)
    others = ("structures",)
    tables = {"people": PersonForm}

    structures = forms.ModelMultipleChoiceField(
        Structure.objects.none(),
        label=_("Structures qui portent le projet"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("Une de ces structures n’est plus dans le répertoire."),
            "invalid_pk_value": _("Une de ces structures n’est plus dans le répertoire."),
        },
    )
    structure_name = line(
        _("Ajouter une structure du répertoire"),
        most=160,
        help_text=_("Son nom ou son sigle. Elle s’ajoute quand vous enregistrez."),
    )
    structure_choice = forms.IntegerField(required=False, widget=forms.HiddenInput)
    me = forms.BooleanField(
        label=_("J’en suis : montrer ma page"),
        required=False,
        help_text=_("Seules les personnes qui peuvent voir votre page verront votre nom."),
    )
    my_function = line(_("Mon rôle dans le projet"), most=120)
    my_side = forms.ChoiceField(
        label=_("J’y suis en tant que personne"),
        choices=[("", _("Choisissez…")), *SIDES],
        required=False,
        error_messages={"invalid_choice": _("Choisissez dans la liste.")},
    )
    partners = text(
        "partners",
        _("Communes, associations, établissements, caisses, groupes d’habitants…"),
    )

    def __init__(self, *args, values, user, **kwargs) -> None:
        self.page = Actor.objects.filter(user=user).first()
        super().__init__(*args, values=values, **kwargs)
        self.candidates: list[Structure] = []
        sent = self.data.getlist("structures") if self.is_bound else []
        wanted = {int(pk) for pk in sent if pk.isdecimal() and len(pk) < 10} | set(values["structures"])
        own = user.structures.published().values_list("pk", flat=True)
        self.fields["structures"].queryset = Structure.objects.filter(
            pk__in={*own, *Structure.objects.published().filter(pk__in=wanted).values_list("pk", flat=True)}
        ).order_by("name")
        self.initial["structures"] = values["structures"]
        mine = next((row for row in values["people"] if self.page and row["actor"] == self.page.pk), None)
        if mine:
            self.initial |= {"me": True, "my_function": mine["function"], "my_side": mine["side"]}
        if self.page is None:
            for name in ("me", "my_function", "my_side"):
                del self.fields[name]

    def shown(self, name: str) -> list[dict[str, object]]:
        return [row for row in super().shown(name) if not row["actor"]]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("me") and not cleaned.get("my_side") and "my_side" not in self.errors:
            self.add_error("my_side", MISSING)
        cleaned["added"] = self._structure_meant()
        return cleaned

    def changes(self) -> dict[str, object]:
        if not (changes := super().changes()):
            return {}
        found = self.cleaned_data
        me = self.page.pk if self.page else None
        # Members named by others stay: they alone, or the team, take themselves away.
        people = [row for row in self.values["people"] if row["actor"] and row["actor"] != me]
        if found.get("me"):
            mine = {"actor": me, "name": "", "function": found["my_function"], "side": found["my_side"]}
            people.insert(0, mine)
        people += [{"actor": None, **row} for row in changes["people"]]
        chosen = [*found["structures"], *([found["added"]] if found["added"] else [])]
        return changes | {"people": people, "structures": sorted({structure.pk for structure in chosen})}

    def _structure_meant(self) -> Structure | None:
        """The structure meant by the name typed; where it is in doubt, an error and those to choose from."""
        name = self.cleaned_data.get("structure_name", "")
        if not name:
            return None
        published = Structure.objects.published().select_related("commune")
        if chosen := published.filter(pk=self.cleaned_data.get("structure_choice")).first():
            return chosen
        found = list(published.filter(acronym__iexact=name)[: CANDIDATES + 1])
        found += [
            one
            for one in published.filter(name__fr_sort_key__contains=plain(name)).order_by("name")[:CANDIDATES]
            if one not in found
        ]
        exact = [one for one in found if plain(one.name) == plain(name)]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        if not found:
            self.add_error(
                "structure_name",
                ValidationError(
                    _now("Aucune structure de ce nom dans le répertoire. Vous pouvez l’y ajouter.")
                ),
            )
        else:
            self.candidates = found[:CANDIDATES]
            self.add_error(
                "structure_name", _now("Plusieurs structures portent ce nom. Choisissez juste en dessous.")
            )
        return None


class HowForm(StepForm):
    plain = guarded = ("objectives", "functioning", "timetable")
    plain = (*plain, "involved_from")
    one = ("engagement",)

    objectives = text("objectives", _("Ce que vous voulez changer, et pour qui."))
    functioning = text("functioning", _("Qui fait quoi, quand, avec quels outils."), rows=6)
    timetable = text("timetable", _("Les grandes dates, passées ou à venir."), rows=3)
    engagement = one_of(
        Vocabulary.ENGAGEMENT,
        _("Jusqu’où les usagers prennent part"),
        _("Aucune réponse n’est meilleure qu’une autre : dites ce qui est."),
    )
    involved_from = forms.ChoiceField(
        label=_("À partir de quand y sont-ils ?"),
        choices=[("", _("Je ne sais pas encore")), *Project.Involved.choices],
        required=False,
        error_messages={"invalid_choice": _("Choisissez dans la liste.")},
    )
    domains = TermsField(Vocabulary.DOMAIN, label=_("Domaines d’engagement"))
    publics = TermsField(Vocabulary.PUBLIC, label=_("Publics"))
    themes = TermsField(
        Vocabulary.THEME, label=_("Thèmes de santé"), help_text=_("Ceux du projet, non des personnes.")
    )


class MeansForm(StepForm):
    guarded = ("policy_frame",)
    plain = ("budget", "money", "budget_words", "policy_frame")

    budget = forms.IntegerField(
        label=_("Budget, en euros"),
        min_value=0,
        max_value=1_000_000_000,
        required=False,
        help_text=_("0 si le projet ne coûte rien de plus. Laissez vide si vous ne savez pas."),
        error_messages={
            "invalid": _("Écrivez un nombre entier, sans signe ni lettre : 5000."),
            "min_value": _("Un budget ne peut pas être négatif."),
            "max_value": _("Ce nombre est trop grand : est-il bien en euros ?"),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    money = forms.ChoiceField(
        label=_("D’où vient-il ?"),
        choices=[("", _("Je ne sais pas")), *Project.Money.choices],
        required=False,
        error_messages={"invalid_choice": _("Choisissez dans la liste.")},
    )
    budget_words = line(_("Précisions"), most=240, help_text=_("Par exemple : temps de travail non compté."))
    policy_frame = text(
        "policy_frame", _("Un contrat local de santé, un appel à projets, un schéma… s’il y en a un."), rows=3
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("money") == Project.Money.NONE and cleaned.get("budget"):
            self.add_error("money", _now("« Aucun budget » et un montant ne vont pas ensemble."))
        return cleaned


class LessonsForm(StepForm):
    plain = guarded = (
        "obstacles",
        "human_levers",
        "organisational_levers",
        "financial_levers",
        "secret_ingredient",
        "prospects",
    )

    obstacles = text(
        "obstacles", _("Ce qui a freiné ou freine encore. C’est ce qui aide le plus les autres.")
    )
    human_levers = text("human_levers", _("Les personnes, l’ambiance, la confiance…"), rows=3)
    organisational_levers = text(
        "organisational_levers", _("Le temps dédié, les outils, les règles simples…"), rows=3
    )
    financial_levers = text("financial_levers", rows=3)
    secret_ingredient = text("secret_ingredient", _("Ce qui, chez vous, a fait que cela marche."), rows=3)
    prospects = text("prospects", _("Et maintenant ?"), rows=3)


class IndicatorForm(forms.Form):
    label = line(_("Ce qui est compté"), most=160)
    value = line(_("Valeur"), most=60)
    year = forms.IntegerField(
        label=_("Année"),
        min_value=1950,
        max_value=2100,
        required=False,
        error_messages={
            "invalid": _("Une année a quatre chiffres."),
            "min_value": _("Cette année est trop ancienne."),
            "max_value": _("Cette année est trop lointaine."),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    source = line(_("D’où vient ce chiffre"), most=160)

    def clean(self) -> dict[str, object]:
        return _both(self, "label", "value")


class VerbatimForm(forms.Form):
    words = line(_("Ce qui a été dit"), most=400)
    author = line(_("Qui l’a dit (prénom, rôle)"), most=120)

    def clean(self) -> dict[str, object]:
        return _both(self, "words")


class ResultsForm(StepForm):
    guarded = ("benefits",)
    plain = ("benefits", "video")
    tables = {"indicators": IndicatorForm, "verbatims": VerbatimForm}

    benefits = text("benefits", _("Ce que le travail en partenariat a apporté, à qui."))
    video = forms.URLField(
        label=_("Lien vers une vidéo"),
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text=_("Elle s’ouvre sur son site, quand on clique."),
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        incomplete = _("Cette adresse n’est pas complète. Exemple : https://www.exemple.fr")
        self.fields["video"].validators = [URLValidator(schemes=["http", "https"], message=incomplete)]
        self.fields["video"].error_messages["invalid"] = incomplete


def _both(row: forms.Form, *needed: str) -> dict[str, object]:
    """A row that says something says all that it needs."""
    if any(row.cleaned_data.values()):
        for name in needed:
            if not row.cleaned_data.get(name) and name not in row.errors:
                row.add_error(name, MISSING)
    return row.cleaned_data


@dataclass(frozen=True)
class Step:
    """One step: its place in addresses, its words, its form and the template that draws its fields."""

    slug: str
    title: str | Promise
    lead: str | Promise
    form: type[StepForm]
    body: str


STEPS = {
    step.slug: step
    for step in (
        Step(
            "l-essentiel",
            _("L’essentiel"),
            _("Ce qu’on lit dans la liste, et où."),
            AboutForm,
            "projects/steps/_about.html",
        ),
        Step(
            "qui",
            _("Qui le porte"),
            _("Des deux côtés, si c’est le cas : usagers et professionnels."),
            WhoForm,
            "projects/steps/_who.html",
        ),
        Step(
            "comment",
            _("Ce qu’on fait"),
            _("Pourquoi, comment, et la place des usagers."),
            HowForm,
            "projects/steps/_how.html",
        ),
        Step(
            "moyens",
            _("Les moyens"),
            _("Un budget de 0 € est une information. Ne pas savoir aussi."),
            MeansForm,
            "projects/steps/_fields.html",
        ),
        Step(
            "enseignements",
            _("Ce qu’on en retient"),
            _("Freins, leviers, et ce qui a fait la différence."),
            LessonsForm,
            "projects/steps/_fields.html",
        ),
        Step(
            "resultats",
            _("Ce que cela apporte"),
            _("Avec des chiffres et des paroles, si vous en avez."),
            ResultsForm,
            "projects/steps/_results.html",
        ),
    )
}
