import secrets

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.audience import Audience
from accounts.models import User
from accounts.register import register
from moderation.models import Publishable, Status

from ..querysets import ActorQuerySet
from .joining import Invitation, Origin, Poster
from .terms import Term, Vocabulary

phone_number = RegexValidator(r"^\+?[0-9 .()-]{6,20}$", _("Écrivez un numéro, par exemple 05 34 30 27 53."))


class Actor(Publishable):
    """A person's page in the directory: what she chose to say of herself, and to whom."""

    class NameStyle(models.TextChoices):
        INITIAL = "initial", _("Prénom et initiale")
        FULL = "full", _("Prénom et nom")
        PSEUDONYM = "pseudonym", _("Pseudonyme")

    #: The optional fields, each with the circle proposed first; `audiences` keeps another choice.
    DEFAULT_AUDIENCES = {
        "experience": Audience.MEMBERS,
        "training": Audience.MEMBERS,
        "engagements": Audience.MEMBERS,
        "interests": Audience.MEMBERS,
        "website": Audience.MEMBERS,
        "email": Audience.ME,
        "phone": Audience.ME,
    }

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="actor", verbose_name=_("compte")
    )
    slug = models.SlugField(_("adresse de la page"), max_length=100, unique=True)
    name_style = models.CharField(
        _("nom affiché"), max_length=10, choices=NameStyle, default=NameStyle.INITIAL
    )
    first_name = models.CharField(_("prénom"), max_length=60)
    last_name = models.CharField(_("nom"), max_length=60)
    pseudonym = models.CharField(_("pseudonyme"), max_length=60, blank=True)
    headline = models.CharField(_("en une phrase"), max_length=160, blank=True)
    presentation = models.TextField(_("présentation"), max_length=4000, blank=True)
    offers = models.TextField(_("ce que je propose"), max_length=2000, blank=True)
    needs = models.TextField(_("ce que je cherche"), max_length=2000, blank=True)
    experience = models.TextField(_("expérience"), max_length=4000, blank=True)
    training = models.TextField(_("formations suivies"), max_length=2000, blank=True)
    engagements = models.TextField(_("engagements"), max_length=2000, blank=True)
    interests = models.TextField(_("liens d’intérêts"), max_length=2000, blank=True)
    website = models.URLField(_("site"), blank=True)
    email = models.EmailField(_("adresse mail à montrer"), blank=True)
    phone = models.CharField(_("téléphone à montrer"), max_length=20, blank=True, validators=[phone_number])

    #: Not known yet while she is still filling in her page; asked before it is sent.
    commune = models.ForeignKey(
        "territories.Territory",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("commune"),
    )
    zones = models.ManyToManyField(
        "territories.Territory", related_name="+", blank=True, verbose_name=_("territoires d’action")
    )
    terms = models.ManyToManyField(
        Term, through="ActorTerm", related_name="+", verbose_name=_("rôles et autres termes")
    )
    themes = models.ManyToManyField(
        Term, through="ActorTheme", related_name="+", verbose_name=_("thèmes de santé")
    )

    audience = models.PositiveSmallIntegerField(
        _("qui voit ma page"), choices=Audience, default=Audience.MEMBERS
    )
    audiences = models.JSONField(_("qui voit chaque champ"), default=dict, blank=True)
    themes_audience = models.PositiveSmallIntegerField(
        _("qui voit mes thèmes de santé"), choices=Audience, default=Audience.ME, editable=False
    )
    indexed_by_engines = models.BooleanField(_("dans les moteurs de recherche"), default=False)
    paused = models.BooleanField(_("pas disponible en ce moment"), default=False)

    origin = models.CharField(
        _("venue par"), max_length=10, choices=Origin, default=Origin.SELF, editable=False
    )
    invitation = models.OneToOneField(
        Invitation,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="made",
        verbose_name=_("invitation"),
    )
    poster = models.ForeignKey(
        Poster, models.SET_NULL, null=True, editable=False, related_name="actors", verbose_name=_("affiche")
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("saisie par"),
    )

    objects = ActorQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("acteur")
        abstract = False
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(status__in=[Status.SUBMITTED, Status.PUBLISHED])
                | models.Q(commune__isnull=False),
                name="actor_sent_has_a_commune",
                violation_error_message=_("Il manque la commune."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name_style="pseudonym") | ~models.Q(pseudonym=""),
                name="actor_pseudonym_is_given",
                violation_error_message=_("Indiquez le pseudonyme à afficher."),
            ),
            models.CheckConstraint(
                condition=models.Q(indexed_by_engines=False) | models.Q(audience=Audience.EVERYONE),
                name="actor_engines_only_if_public",
                violation_error_message=_(
                    "Les moteurs de recherche ne voient que les pages ouvertes à tout le monde."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        return reverse("actor", args=[self.slug])

    @property
    def display_name(self) -> str:
        """The only name others ever see, in the way the person chose."""
        if self.name_style == self.NameStyle.PSEUDONYM:
            return self.pseudonym
        if self.name_style == self.NameStyle.INITIAL:
            return f"{self.first_name} {self.last_name[:1]}."
        return f"{self.first_name} {self.last_name}"

    def fresh_slug(self) -> str:
        """A new address for the page, made of the name shown on it and of chance."""
        return f"{slugify(self.display_name)[:80] or 'page'}-{secrets.token_hex(3)}"

    def audience_of(self, field: str) -> Audience:
        """The circle that reads `field`, one of DEFAULT_AUDIENCES. Never wider than the page itself."""
        return Audience(max(self.audiences.get(field, self.DEFAULT_AUDIENCES[field]), self.audience))

    @property
    def themes_circle(self) -> Audience:
        """Who really sees the health themes: the circle consented to, never wider than the page itself."""
        return Audience(max(self.themes_audience, self.audience))

    def fields_for(self, viewer: User) -> dict[str, str]:
        """The optional fields that are filled in and that `viewer` may read."""
        clearance = Audience.ME if viewer.pk == self.user_id else Audience.clearance(viewer)
        return self.fields_at(clearance)

    def fields_at(self, clearance: Audience) -> dict[str, str]:
        """The optional fields that are filled in and open to the circle `clearance`."""
        return {
            field: getattr(self, field)
            for field in self.DEFAULT_AUDIENCES
            if getattr(self, field) and self.audience_of(field) <= clearance
        }

    def keeps_health_from_members(self) -> bool:
        """Whether narrower circles read here what may tell of her health, and members do not."""
        if Audience.MEMBERS < self.audience < Audience.ME:
            return True
        narrow = {
            field
            for field in self.DEFAULT_AUDIENCES
            if getattr(self, field) and Audience.MEMBERS < self.audience_of(field) < Audience.ME
        }
        if any(register()[f"directory.Actor.{field}"].level == "A" for field in narrow):
            return True
        return Audience.MEMBERS < self.themes_circle < Audience.ME and self.themes.exists()

    def themes_for(self, viewer: User) -> list[Term]:
        """Health themes, for the circle the person consented to, and for herself."""
        if viewer.pk != self.user_id and self.themes_audience > Audience.clearance(viewer):
            return []
        return list(self.themes.order_by("rank"))


class ActorTerm(models.Model):
    """A role, a domain, a competence… of a person. Roles are several, and dated where she wishes."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="actor_terms")
    term = models.ForeignKey(
        Term, models.PROTECT, related_name="+", limit_choices_to=~models.Q(vocabulary=Vocabulary.THEME)
    )
    since = models.PositiveSmallIntegerField(_("depuis"), null=True, blank=True)
    until = models.PositiveSmallIntegerField(_("jusqu’à"), null=True, blank=True)

    class Meta:
        verbose_name = _("terme d’un acteur")
        ordering = ["term__rank"]
        constraints = [
            models.UniqueConstraint(fields=["actor", "term"], name="actor_term_once"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True)
                | models.Q(since__isnull=True)
                | models.Q(until__gte=models.F("since")),
                name="actor_term_dates_in_order",
                violation_error_message=_("La fin vient après le début."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.term)


class ActorTheme(models.Model):
    """A health theme of a person: health data, kept apart, there only while she consents to it."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="actor_themes")
    theme = models.ForeignKey(
        Term, models.PROTECT, related_name="+", limit_choices_to={"vocabulary": Vocabulary.THEME}
    )

    class Meta:
        verbose_name = _("thème de santé d’un acteur")
        constraints = [models.UniqueConstraint(fields=["actor", "theme"], name="actor_theme_once")]

    def __str__(self) -> str:
        return str(self.theme)
