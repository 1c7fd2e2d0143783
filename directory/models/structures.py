from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from moderation.models import Publishable

from ..querysets import MembershipQuerySet, StructureQuerySet
from .actors import Actor, phone_number
from .terms import Term, Vocabulary


class Structure(Publishable):
    """An organisation that takes part: hospital, association, school, agency… Always open to everyone."""

    slug = models.SlugField(_("adresse de la page"), max_length=120, unique=True)
    name = models.CharField(_("nom"), max_length=160)
    acronym = models.CharField(_("sigle"), max_length=30, blank=True)
    category = models.ForeignKey(
        Term,
        models.PROTECT,
        related_name="+",
        verbose_name=_("catégorie"),
        limit_choices_to={"vocabulary": Vocabulary.CATEGORY},
    )
    description = models.TextField(_("présentation"), max_length=4000, blank=True)
    certification = models.CharField(_("certification ou agrément"), max_length=160, blank=True)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    postal_code = models.CharField(
        _("code postal"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^\d{5}$", _("Cinq chiffres."))],
    )
    commune = models.ForeignKey(
        "territories.Territory", models.PROTECT, related_name="+", verbose_name=_("commune")
    )
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    zones = models.ManyToManyField(
        "territories.Territory", related_name="+", blank=True, verbose_name=_("territoires couverts")
    )
    website = models.URLField(_("site"), blank=True)
    email = models.EmailField(_("adresse mail publique"), blank=True)
    phone = models.CharField(_("téléphone public"), max_length=20, blank=True, validators=[phone_number])
    finess = models.CharField(
        "FINESS",
        max_length=9,
        blank=True,
        validators=[RegexValidator(r"^[0-9][0-9AB][0-9]{7}$", _("Neuf caractères."))],
    )
    siret = models.CharField(
        "SIRET", max_length=14, blank=True, validators=[RegexValidator(r"^\d{14}$", _("Quatorze chiffres."))]
    )
    rna = models.CharField(
        "RNA",
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^W\d{9}$", _("W suivi de neuf chiffres."))],
    )
    terms = models.ManyToManyField(
        Term, related_name="+", blank=True, verbose_name=_("domaines, publics, champs")
    )
    themes = models.ManyToManyField(Term, related_name="+", blank=True, verbose_name=_("thèmes de santé"))
    referents = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="structures", blank=True, verbose_name=_("référents")
    )
    members = models.ManyToManyField(Actor, through="Membership", related_name="structures")

    objects = StructureQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("structure")
        abstract = False
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(lat__isnull=True, lon__isnull=True)
                | models.Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="structure_position_whole",
                violation_error_message=_("Donnez la latitude et la longitude, ou aucune des deux."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("structure", args=[self.slug])


class Membership(models.Model):
    """A person works or volunteers in a structure. Seen wherever the person herself is seen."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="memberships")
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="memberships")
    function = models.CharField(_("fonction"), max_length=120, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("appartenance")
        constraints = [models.UniqueConstraint(fields=["actor", "structure"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.actor} – {self.structure}"
