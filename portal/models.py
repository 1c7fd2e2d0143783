from django.db import models
from django.utils.translation import gettext_lazy as _


class Instance(models.Model):
    """The region that runs this site, and how it names itself. One row: changing it needs no code."""

    name = models.CharField(_("nom"), max_length=80)
    short_name = models.CharField(_("nom court"), max_length=40)
    tagline = models.CharField(_("signature"), max_length=120, blank=True)
    bearer_line = models.CharField(_("porteur et soutiens"), max_length=200, blank=True)
    region = models.ForeignKey(
        "territories.Territory",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("région"),
        related_name="+",
    )
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_address = models.CharField(_("adresse"), max_length=200, blank=True)
    contact_phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    contact_email = models.EmailField(_("adresse mail"), blank=True)
    publisher = models.CharField(_("directeur ou directrice de la publication"), max_length=120, blank=True)
    host = models.CharField(_("hébergeur"), max_length=200, blank=True)
    source_url = models.URLField(_("adresse du code source"), blank=True)
    is_demo = models.BooleanField(_("site de démonstration"), default=False)

    class Meta:
        verbose_name = _("instance")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="instance_only_one",
                violation_error_message=_("Il n’y a qu’une instance : modifiez celle qui existe."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Instance":
        """The instance of this site; an unnamed one where nothing was set up yet."""
        return cls.objects.select_related("region").first() or cls(
            name="Partenariat en santé", short_name="Partenariat"
        )
