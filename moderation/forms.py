from __future__ import annotations

import time

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .acts import Act
from .models import AnswerTemplate, Ground

#: Nobody reads the form and fills it in faster.
SECONDS_TO_READ = 3
STAMP = "moderation.report-form"
GROUNDS = [("", _("Choisissez")), *Ground.choices]


class DecisionForm(forms.Form):
    """What a moderator decides of a case, and what the person will read."""

    act = forms.ChoiceField(
        label=_("Votre décision"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez ce que vous décidez.")},
    )
    ground = forms.ChoiceField(
        label=_("Ce qui ne va pas"),
        choices=GROUNDS,
        required=False,
    )
    reason = forms.CharField(
        label=_("Ce que la personne lira"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
        required=False,
    )
    #: What she had read of the case: see `moderation.seen`.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, acts: list[Act], data: object = None, **options: object) -> None:
        super().__init__(data, **options)
        self.acts = {act.code: act for act in acts}
        self.fields["act"].choices = [(act.code, act.label) for act in acts]
        self._say_when(
            "ground",
            [act for act in acts if act.needs_ground],
            _("Pour %(acts)s : la règle qui n’est pas tenue, dite à l’auteur."),
        )
        self._say_when(
            "reason",
            [act for act in acts if act.needs_reason],
            _(
                "Pour %(acts)s : des mots simples et aimables, qui disent quoi faire. "
                "Ne nommez jamais qui a signalé."
            ),
        )

    def _say_when(self, name: str, acts: list[Act], words: str | Promise) -> None:
        """Say for which decisions a field is needed, in place of « facultatif »."""
        self.fields[name].says_when = True
        self.fields[name].help_text = words % {"acts": ", ".join(_("« %s »") % act.label for act in acts)}

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        act = self.acts.get(cleaned.get("act", ""))
        if act and act.needs_reason and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Dites pourquoi : la personne le lira."))
        if act and act.needs_ground and not cleaned.get("ground") and "ground" not in self.errors:
            self.add_error("ground", _("Dites ce qui ne va pas : la personne le lira."))
        if act and not act.needs_reason:
            # Nobody would read them: they are not thrown away without a word.
            if cleaned.get("reason"):
                self.add_error(
                    "reason",
                    _(
                        "« %(act)s » n’envoie pas ces mots : effacez-les, ou gardez-les dans une note "
                        "d’équipe."
                    )
                    % {"act": act.label},
                )
            cleaned["ground"] = ""
        return cleaned


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Ajouter une note"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("Lue des seuls modérateurs."),
        error_messages={"required": _("Écrivez votre note.")},
    )


class ReportForm(forms.Form):
    """Two questions. Robots are kept out without asking anything of people."""

    ground = forms.ChoiceField(
        label=_("Qu’est-ce qui ne va pas ?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez ce qui ne va pas.")},
    )
    text = forms.CharField(
        label=_("Voulez-vous préciser ?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
        help_text=_("Quel passage, ce que vous savez. N’écrivez pas de données de santé."),
    )
    mail = forms.EmailField(
        label=_("Votre adresse mail"),
        required=False,
        help_text=_("Pour recevoir un accusé de réception et la réponse. Personne d’autre ne la verra."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Cette adresse n’est pas complète. Exemple : prenom.nom@exemple.fr")},
    )
    #: Nobody sees it: what is written there was written by a machine.
    site = forms.CharField(required=False, label=_("Laissez vide"))
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, known: bool = False, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["ground"].choices = [(value, capfirst(label)) for value, label in Ground.choices]
        if known:
            del self.fields["mail"]
        self.fields["stamp"].initial = signing.dumps(int(time.time()), salt=STAMP)
        self.fields["site"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}

    @property
    def is_a_machine(self) -> bool:
        return bool(self.cleaned_data.get("site"))

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        try:
            opened = signing.loads(cleaned.get("stamp", ""), salt=STAMP, max_age=24 * 3600)
        except signing.BadSignature as bad:
            self.data = self.data.copy()
            self.data["stamp"] = self.fields["stamp"].initial
            raise ValidationError(
                _("Cette page est restée ouverte longtemps. Vérifiez, puis envoyez encore.")
            ) from bad
        if time.time() - opened < SECONDS_TO_READ:
            raise ValidationError(_("C’était très rapide. Attendez quelques secondes, puis envoyez encore."))
        return cleaned


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("Pourquoi n’êtes-vous pas d’accord ?"),
        widget=forms.Textarea(attrs={"rows": 7}),
        max_length=4000,
        help_text=_("Avec vos mots. Quelqu’un qui n’a pas pris la décision vous lira."),
        error_messages={"required": _("Dites en quelques mots pourquoi.")},
    )


class AnswerForm(forms.ModelForm):
    """An answer kept ready for one act."""

    rank = forms.IntegerField(
        label=_("Rang"),
        help_text=_("Les plus petits nombres viennent d’abord."),
        min_value=0,
        max_value=999,
        initial=0,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Écrivez un nombre entre 0 et 999.")
        ),
    )

    class Meta:
        model = AnswerTemplate
        fields = ["act", "title", "text", "rank"]
        labels = {"act": _("Pour quelle décision"), "title": _("Titre"), "text": _("Texte")}
        help_texts = {
            "title": _("Lu des seuls modérateurs, pour la retrouver."),
            "text": _("Ce que la personne lira."),
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}
        error_messages = {
            "act": {
                "required": _("Choisissez la décision."),
                "invalid_choice": _("Choisissez dans la liste."),
            },
            "title": {
                "required": _("Donnez un titre."),
                "max_length": _("Le titre est trop long : pas plus de %(limit_value)d signes."),
            },
            "text": {
                "required": _("Écrivez la réponse."),
                "max_length": _("Le texte est trop long : pas plus de %(limit_value)d signes."),
            },
        }


class WarningForm(forms.Form):
    ground = forms.ChoiceField(
        label=_("Ce qui ne va pas"),
        choices=GROUNDS,
        error_messages={"required": _("Dites ce qui ne va pas : la personne le lira.")},
    )
    reason = forms.CharField(
        label=_("Ce que la personne lira"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        help_text=_("Les faits, et ce que vous attendez. Ne nommez jamais qui a signalé."),
        error_messages={"required": _("Dites pourquoi : la personne le lira.")},
    )


class SuspensionForm(WarningForm):
    hours = forms.TypedChoiceField(
        label=_("Pour combien de temps"),
        coerce=int,
        choices=[
            (24, _("24 heures")),
            (72, _("3 jours")),
            (168, _("7 jours")),
            (720, _("30 jours")),
            (0, _("Jusqu’à nouvel ordre")),
        ],
        initial=24,
        error_messages={"required": _("Choisissez une durée.")},
    )
