"""The geography of France, and the health territories staff compose from it."""

from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, F, Func, Q, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .querysets import TerritoryQuerySet
from .search import search_key


class Level(models.TextChoices):
    COMMUNE = "com", _("Commune")
    EPCI = "epci", _("Intercommunalité")
    DEPARTEMENT = "dep", _("Département")
    REGION = "reg", _("Région")
    HEALTH = "sante", _("Territoire de santé")


class Kind(models.TextChoices):
    """What a health territory is. Official territories have none."""

    CPTS = "cpts", _("CPTS")
    GHT = "ght", _("GHT")
    CLS = "cls", _("Contrat local de santé")
    OTHER = "other", pgettext_lazy("health territory", "Autre territoire de santé")


# An EPCI weighs less than the town people usually mean when they type its name.
WEIGHT = Case(
    When(level__in=["epci", "sante"], then=F("population") / 20),
    default=F("population"),
    output_field=models.IntegerField(),
)


class Territory(models.Model):
    """A place of any level. `level` and `code` name it for ever: "dep-09" in addresses and exports."""

    Level = Level
    Kind = Kind

    level = models.CharField(_("échelon"), max_length=5, choices=Level)
    code = models.CharField(
        _("code"),
        max_length=40,
        validators=[
            RegexValidator(r"^[0-9a-zA-Z_]+\Z", _("Des lettres sans accent, des chiffres et _ seulement."))
        ],
        help_text=_("Code INSEE, SIREN pour une intercommunalité, mot court pour un territoire de santé."),
    )
    name = models.CharField(_("nom"), max_length=200)
    kind = models.CharField(_("nature"), max_length=5, choices=Kind, blank=True, default="")
    context = models.CharField(
        _("situation"),
        max_length=500,
        blank=True,
        default="",
        help_text=_(
            "Département d’une commune, départements d’une intercommunalité, région d’un département."
        ),
    )
    lat = models.FloatField(
        _("latitude"), help_text=_("Mairie d’une commune ; ailleurs, centre de la population.")
    )
    lon = models.FloatField(_("longitude"))
    population = models.PositiveIntegerField(_("population"), default=0)
    west = models.FloatField(_("ouest"), null=True, blank=True)
    south = models.FloatField(_("sud"), null=True, blank=True)
    east = models.FloatField(_("est"), null=True, blank=True)
    north = models.FloatField(_("nord"), null=True, blank=True)
    search_key = models.TextField(_("clé de recherche"), editable=False)
    sort_key = models.GeneratedField(
        expression=Func(F("name"), function="fr_sort_key"),
        output_field=models.TextField(),
        db_persist=True,
    )
    weight = models.GeneratedField(expression=WEIGHT, output_field=models.IntegerField(), db_persist=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("territoire")
        verbose_name_plural = _("territoires")
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "code"],
                name="territory_level_code",
                violation_error_message=_("Un territoire de cet échelon porte déjà ce code."),
            ),
            models.CheckConstraint(
                name="territory_kind_only_for_health",
                condition=Q(level="sante", kind__in=Kind.values) | (~Q(level="sante") & Q(kind="")),
                violation_error_message=_("Seul un territoire de santé a une nature, et il en a une."),
            ),
            models.CheckConstraint(
                name="territory_level_known",
                condition=Q(level__in=Level.values),
                violation_error_message=_("Cet échelon n’existe pas."),
            ),
            models.CheckConstraint(
                name="territory_code_plain",
                condition=Q(code__regex=r"^[0-9a-zA-Z_]+$"),
                violation_error_message=_("Des lettres sans accent, des chiffres et _ seulement."),
            ),
            models.CheckConstraint(
                name="territory_on_earth",
                condition=Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                violation_error_message=_("Cette position n’est pas sur la Terre."),
            ),
            models.CheckConstraint(
                name="territory_box_ordered",
                # A comparison with NULL would pass: say that the four sides come together.
                condition=Q(west__isnull=True, south__isnull=True, east__isnull=True, north__isnull=True)
                | Q(
                    west__isnull=False,
                    south__isnull=False,
                    east__isnull=False,
                    north__isnull=False,
                    west__range=(-180, F("east")),
                    east__lte=180,
                    south__lte=F("north"),
                ),
                violation_error_message=_("Ce cadre n’est pas un rectangle de la carte."),
            ),
        ]
        indexes = [
            GinIndex(OpClass("search_key", "gin_trgm_ops"), name="territory_search_trgm"),
            models.Index(
                fields=["search_key"],
                opclasses=["text_pattern_ops"],
                include=["weight", "level", "id"],
                name="territory_search_prefix",
            ),
            models.Index(fields=["lat", "lon"], name="territory_lat_lon"),
            models.Index(OpClass("code", "text_pattern_ops"), name="territory_code_prefix"),
            GistIndex(
                Func("lat", "lon", function="earth_point"), name="territory_earth", condition=Q(level="com")
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args, **kwargs):
        self.search_key = search_key(self.name, self.level)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("territory", args=[self.level, self.code])

    @property
    def ref(self) -> str:
        return f"{self.level}-{self.code}"

    @property
    def departement_code(self) -> str:
        """The code of the département of a commune: two signs, three overseas."""
        return self.code[:3] if self.code.startswith(("97", "98")) else self.code[:2]

    @property
    def label(self) -> str:
        """The name, with what tells communes of the same name apart."""
        return f"{self.name} ({self.departement_code})" if self.level == Level.COMMUNE else self.name

    @property
    def nature(self) -> str:
        """What it is, in words: "Commune", "CPTS", "Collectivité d’outre-mer"."""
        if self.level == Level.HEALTH:
            return str(self.get_kind_display())
        if self.level == Level.DEPARTEMENT and not self.context:
            return str(_("Collectivité d’outre-mer"))
        return str(self.get_level_display())

    @property
    def detail(self) -> str:
        """What it is and where: "Commune · Ariège"."""
        return f"{self.nature} · {self.context}" if self.context else self.nature

    @property
    def bounds(self) -> list[float] | None:
        """[west, south, east, north] in degrees. A commune has none: its centre is enough."""
        return None if self.west is None else [self.west, self.south, self.east, self.north]


class Containment(models.Model):
    """`inner` lies in `outer`, wholly or in part. One row for each pair that shares a commune.

    The outer one is the one with more communes; with the same communes, the higher level. Rows whose inner
    territory is a commune are the definition; the others are computed from them.
    """

    outer = models.ForeignKey(
        Territory, models.CASCADE, related_name="inner_links", verbose_name=_("contenant")
    )
    inner = models.ForeignKey(
        Territory, models.CASCADE, related_name="outer_links", verbose_name=_("contenu")
    )
    whole = models.BooleanField(_("en entier"), default=True)

    class Meta:
        verbose_name = _("inclusion")
        verbose_name_plural = _("inclusions")
        constraints = [
            models.UniqueConstraint(
                fields=["outer", "inner"],
                name="containment_pair",
                violation_error_message=_("Cette inclusion est déjà connue."),
            ),
            models.CheckConstraint(
                name="containment_of_another",
                condition=~Q(outer=F("inner")),
                violation_error_message=_("Un territoire ne se contient pas lui-même."),
            ),
        ]
        indexes = [models.Index(fields=["inner", "outer"], include=["whole"], name="containment_inner")]

    def __str__(self) -> str:
        return f"{self.inner} ⊂ {self.outer}" if self.whole else f"{self.inner} ∩ {self.outer}"


class PostalCode(models.Model):
    """A postal code of a commune. Several communes may share one; a town may have several."""

    code = models.CharField(_("code postal"), max_length=5)
    commune = models.ForeignKey(
        Territory, models.CASCADE, related_name="postal_codes", verbose_name=_("commune")
    )

    class Meta:
        verbose_name = _("code postal")
        verbose_name_plural = _("codes postaux")
        ordering = ["code", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "commune"],
                name="postal_code_commune",
                violation_error_message=_("Cette commune a déjà ce code postal."),
            )
        ]
        indexes = [models.Index(OpClass("code", "text_pattern_ops"), name="postal_code_prefix")]

    def __str__(self) -> str:
        return self.code


class Contour(models.Model):
    """The simplified border of an EPCI, a département or a région, for maps only."""

    territory = models.OneToOneField(
        Territory, models.CASCADE, primary_key=True, related_name="contour", verbose_name=_("territoire")
    )
    geometry = models.JSONField(_("géométrie"), help_text=_("MultiPolygon GeoJSON, en degrés"))
    digest = models.GeneratedField(
        expression=Func(Cast("geometry", models.TextField()), function="md5"),
        output_field=models.CharField(max_length=32),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("contour")
        verbose_name_plural = _("contours")

    def __str__(self) -> str:
        return str(self.territory)
