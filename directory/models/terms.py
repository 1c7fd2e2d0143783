from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Vocabulary(models.TextChoices):
    """The lists of words the field uses. What is in them is data: `directory/data/terms.toml`."""

    ROLE = "role", _("Rôle")
    DOMAIN = "domain", _("Domaine d’engagement")
    THEME = "theme", _("Thème de santé")
    COMPETENCE = "competence", _("Compétence")
    PUBLIC = "public", _("Public")
    RECOGNITION = "recognition", _("Forme de reconnaissance")
    LANGUAGE = "language", _("Langue")
    AVAILABILITY = "availability", _("Disponibilité")
    CATEGORY = "category", _("Catégorie de structure")
    FIELD = "field", _("Champ")
    STAGE = "stage", _("Étape du projet")
    ENGAGEMENT = "engagement", _("Niveau d’engagement")


class Side(models.TextChoices):
    """Where someone speaks from in the partnership. One person can speak from both."""

    USER = "usager", _("Usager")
    PROFESSIONAL = "professionnel", _("Professionnel")
    OTHER = "autre", _("Autre")


class Term(models.Model):
    """One word of a vocabulary, with its two languages, its meaning and what else people call it."""

    vocabulary = models.CharField(_("vocabulaire"), max_length=20, choices=Vocabulary)
    slug = models.SlugField(_("adresse"), max_length=60)
    name = models.CharField(_("nom"), max_length=120)
    name_en = models.CharField(_("nom en anglais"), max_length=120)
    description = models.CharField(_("explication"), max_length=400, blank=True)
    description_en = models.CharField(_("explication en anglais"), max_length=400, blank=True)
    rank = models.PositiveSmallIntegerField(_("rang"), default=0)
    side = models.CharField(_("côté"), max_length=20, choices=Side, blank=True)
    synonyms = ArrayField(
        models.CharField(max_length=120), verbose_name=_("autres mots"), default=list, blank=True
    )
    finess_codes = ArrayField(
        models.CharField(max_length=4), verbose_name=_("codes FINESS"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("terme")
        ordering = ["vocabulary", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "slug"], name="term_unique_in_vocabulary"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if get_language() == "en" else self.name

    @property
    def explanation(self) -> str:
        return self.description_en if get_language() == "en" else self.description
