from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models import Actor, Structure, Term, Vocabulary
from directory.models.terms import Side
from moderation.models import Publishable

from .querysets import ProjectQuerySet

#: What is written at length, in the order it is read, with what each is called.
TEXTS = {
    "objectives": _("objectifs"),
    "functioning": _("fonctionnement et modalités"),
    "timetable": _("calendrier"),
    "partners": _("partenaires"),
    "obstacles": _("freins"),
    "human_levers": _("leviers humains"),
    "organisational_levers": _("leviers organisationnels"),
    "financial_levers": _("leviers financiers"),
    "secret_ingredient": _("notre ingrédient secret de réussite"),
    "prospects": _("perspectives"),
    "benefits": _("bénéfices du travail en partenariat"),
    "policy_frame": _("cadre : politique publique, appel à projets"),
}
TEXT_LIMIT = 2_000


def _text(name: str) -> models.TextField:
    return models.TextField(TEXTS[name], max_length=TEXT_LIMIT, blank=True)


class Project(Publishable):
    """An experience shared: what people do together, how, and what came of it. Always open to everyone."""

    class Involved(models.TextChoices):
        """From which step users are in."""

        IDEA = "idee", _("dès l’idée")
        DESIGN = "conception", _("à partir de la conception")
        DELIVERY = "mise-en-oeuvre", _("à partir de la mise en œuvre")
        ASSESSMENT = "evaluation", _("pour l’évaluation")

    class Money(models.TextChoices):
        """Where the budget comes from."""

        NONE = "aucun", _("aucun budget")
        OWN = "interne", _("budget de la structure")
        GRANT = "subvention", _("subvention")
        CALL = "appel-a-projets", _("appel à projets")
        PATRONAGE = "mecenat", _("mécénat ou dons")
        MIXED = "mixte", _("plusieurs origines")

    slug = models.SlugField(_("adresse de la page"), max_length=120, unique=True)
    title = models.CharField(_("titre"), max_length=160)
    summary = models.CharField(_("en une phrase"), max_length=240)
    commune = models.ForeignKey(
        "territories.Territory", models.PROTECT, related_name="+", verbose_name=_("commune")
    )
    zones = models.ManyToManyField(
        "territories.Territory", related_name="+", blank=True, verbose_name=_("territoires concernés")
    )
    structures = models.ManyToManyField(
        Structure, related_name="projects", blank=True, verbose_name=_("structures porteuses")
    )
    stage = models.ForeignKey(
        Term,
        models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("étape"),
        limit_choices_to={"vocabulary": Vocabulary.STAGE},
    )
    engagement = models.ForeignKey(
        Term,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("niveau d’engagement des usagers"),
        limit_choices_to={"vocabulary": Vocabulary.ENGAGEMENT},
    )
    involved_from = models.CharField(
        _("les usagers y sont"), max_length=20, choices=Involved, blank=True, default=""
    )
    terms = models.ManyToManyField(Term, related_name="+", blank=True, verbose_name=_("domaines et publics"))
    themes = models.ManyToManyField(Term, related_name="+", blank=True, verbose_name=_("thèmes de santé"))
    objectives = _text("objectives")
    functioning = _text("functioning")
    timetable = _text("timetable")
    partners = _text("partners")
    obstacles = _text("obstacles")
    human_levers = _text("human_levers")
    organisational_levers = _text("organisational_levers")
    financial_levers = _text("financial_levers")
    secret_ingredient = _text("secret_ingredient")
    prospects = _text("prospects")
    benefits = _text("benefits")
    policy_frame = _text("policy_frame")
    #: In euros. 0 is said; None is not known.
    budget = models.PositiveIntegerField(_("budget en euros"), null=True, blank=True)
    money = models.CharField(_("origine du budget"), max_length=20, choices=Money, blank=True, default="")
    budget_words = models.CharField(_("précisions sur le budget"), max_length=240, blank=True)
    video = models.URLField(_("lien vers une vidéo"), blank=True)
    inspired_by = models.ManyToManyField(
        "self", symmetrical=False, related_name="inspired", blank=True, verbose_name=_("inspiré par")
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="projects", blank=True, verbose_name=_("qui écrit la page")
    )

    objects = ProjectQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("projet")
        abstract = False
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(money="aucun") | models.Q(budget__isnull=True) | models.Q(budget=0),
                name="project_no_budget_is_zero",
                violation_error_message=_("« Aucun budget » et un montant ne vont pas ensemble."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("project", args=[self.slug])

    @property
    def edit_url(self) -> str:
        """Where those who write it do."""
        return reverse("project_edit", args=[self.slug])

    @property
    def is_binome(self) -> bool:
        """Whether both sides, users and professionals, are named among those who carry it."""
        return {Side.USER, Side.PROFESSIONAL} <= {person.side for person in self.people.all()}


class ProjectPerson(models.Model):
    """Someone who carries a project: a member's page, or a name where she has none."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="people")
    rank = models.PositiveSmallIntegerField(_("rang"))
    actor = models.ForeignKey(
        Actor, models.CASCADE, related_name="+", null=True, blank=True, verbose_name=_("page")
    )
    name = models.CharField(_("nom"), max_length=120, blank=True)
    function = models.CharField(_("rôle dans le projet"), max_length=120, blank=True)
    side = models.CharField(_("côté"), max_length=20, choices=Side)

    class Meta:
        verbose_name = _("personne d’un projet")
        ordering = ["rank", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor__isnull=False, name="")
                | (models.Q(actor=None) & ~models.Q(name="")),
                name="project_person_is_page_or_name",
                violation_error_message=_("Donnez un nom, ou choisissez une page."),
            ),
            models.UniqueConstraint(fields=["project", "actor"], name="project_person_once"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.actor)


class Indicator(models.Model):
    """A figure that shows what came of a project, with where it comes from."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="indicators")
    rank = models.PositiveSmallIntegerField(_("rang"))
    label = models.CharField(_("ce qui est compté"), max_length=160)
    value = models.CharField(_("valeur"), max_length=60)
    year = models.PositiveSmallIntegerField(
        _("année"), null=True, blank=True, validators=[MinValueValidator(1950), MaxValueValidator(2100)]
    )
    source = models.CharField(_("source"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("indicateur")
        ordering = ["rank", "pk"]

    def __str__(self) -> str:
        return f"{self.label} : {self.value}"


class Verbatim(models.Model):
    """What someone said of a project, in her words."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="verbatims")
    rank = models.PositiveSmallIntegerField(_("rang"))
    words = models.CharField(_("ce qui a été dit"), max_length=400)
    author = models.CharField(_("qui l’a dit"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("parole")
        ordering = ["rank", "pk"]

    def __str__(self) -> str:
        return self.words
