from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Func
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from moderation.models import Publishable, Status

from ..keys import check_finess, check_rna, check_siret
from ..querysets import MembershipQuerySet, StructureQuerySet
from .actors import Actor, phone_number
from .terms import Term, Vocabulary

#: The numbers that no two published structures share.
KEYS = ("siret", "finess", "rna")


def _once(key: str) -> models.UniqueConstraint:
    """No two published structures bear the same number of this kind."""
    return models.UniqueConstraint(
        fields=[key],
        condition=models.Q(status=Status.PUBLISHED) & ~models.Q(**{key: ""}),
        name=f"structure_{key}_once",
        violation_error_message=format_lazy(
            _("Une structure publiée porte déjà ce numéro {key}."), key=key.upper()
        ),
    )


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
    finess = models.CharField("FINESS", max_length=9, blank=True, validators=[check_finess])
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[check_siret])
    rna = models.CharField("RNA", max_length=10, blank=True, validators=[check_rna])
    terms = models.ManyToManyField(
        Term, related_name="+", blank=True, verbose_name=_("domaines, publics, champs")
    )
    themes = models.ManyToManyField(Term, related_name="+", blank=True, verbose_name=_("thèmes de santé"))
    referents = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="structures", blank=True, verbose_name=_("référents")
    )
    members = models.ManyToManyField(Actor, through="Membership", related_name="structures")
    #: When the team last checked that those who keep the page are of the structure.
    verified_at = models.DateTimeField(_("vérifiée le"), null=True, blank=True)

    objects = StructureQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("structure")
        abstract = False
        indexes = [
            GinIndex(
                OpClass(Func("name", function="fr_sort_key"), "gin_trgm_ops"), name="structure_name_likeness"
            ),
            models.Index(Func("name", function="fr_skeleton"), name="structure_skeleton"),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            *map(_once, KEYS),
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

    @property
    def edit_url(self) -> str:
        """Where those who keep it write it."""
        return reverse("structure_edit", args=[self.slug])


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
