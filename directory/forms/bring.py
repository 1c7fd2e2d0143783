"""What I bring and what I look for; and, for those who wish, where they come from. Nothing is compulsory."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.writing import GuardedForm

from ..models import Vocabulary
from .topic import SEEN_WITH_PAGE, CircleField, TermsField, TopicForm


def text(label, help_text, *, most: int, rows: int = 4) -> forms.CharField:
    """A free text, never compulsory."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"max_length": _("Ce texte est trop long : pas plus de %(limit_value)d signes.")},
    )


class BringForm(GuardedForm, TopicForm):
    texts = guarded = ("headline", "offers", "needs")

    headline = forms.CharField(
        label=_("Moi, en une phrase"),
        max_length=160,
        required=False,
        help_text=_(
            "Elle paraît sous votre nom. « Je débute et j’ai envie d’apprendre » convient très bien."
        ),
        error_messages={"max_length": _("Une phrase suffit : pas plus de %(limit_value)d signes.")},
    )
    offers = text(
        _("Ce que j’apporte"),
        _(
            "Du temps, une écoute, une expérience de vie, un savoir-faire… Sans diplôme ni expert, "
            "tout compte."
        ),
        most=2000,
    )
    needs = text(
        _("Ce que je cherche"),
        _("Un projet à rejoindre, une personne à rencontrer, un conseil, un lieu où participer."),
        most=2000,
    )
    domains = TermsField(Vocabulary.DOMAIN, label=_("Là où je veux agir"))
    competences = TermsField(
        Vocabulary.COMPETENCE,
        label=_("Ce que je sais faire"),
        help_text=_("Appris dans la vie, au travail ou en formation."),
    )
    availability = TermsField(
        Vocabulary.AVAILABILITY,
        label=_("Quand je suis disponible"),
        help_text=_("Pour qu’on vous propose ce qui vous convient. Vous pourrez toujours dire non."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.seen_by = SEEN_WITH_PAGE


class PathForm(GuardedForm, TopicForm):
    """What goes further: asked on one's page only, never when joining."""

    texts = guarded = ("presentation", "experience", "training", "engagements", "interests")

    presentation = text(_("Présentation"), _("Votre histoire, avec vos mots."), most=4000, rows=6)
    experience = text(_("Expérience"), _("Ce que la vie ou le travail vous a appris."), most=4000)
    experience_audience = CircleField(_("mon expérience"))
    training = text(
        _("Formations suivies"), _("S’il y en a. Aucune n’est demandée pour être ici."), most=2000
    )
    training_audience = CircleField(_("mes formations"))
    engagements = text(_("Engagements"), _("Associations, instances, projets."), most=2000)
    engagements_audience = CircleField(_("mes engagements"))
    interests = text(
        _("Liens d’intérêts"),
        _("Ce qui pourrait orienter votre parole : un emploi, une part dans une entreprise, un parent…"),
        most=2000,
    )
    interests_audience = CircleField(_("mes liens d’intérêts"))
    publics = TermsField(Vocabulary.PUBLIC, label=_("Les publics que je connais"))
    recognition = TermsField(Vocabulary.RECOGNITION, label=_("La reconnaissance qui me convient"))
    languages = TermsField(Vocabulary.LANGUAGE, label=_("Les langues que je parle"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("presentation", "publics", "recognition", "languages"):
            self.fields[name].seen_by = SEEN_WITH_PAGE
