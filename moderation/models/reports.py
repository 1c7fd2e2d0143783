"""What someone says is wrong with something that others see."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .cases import Case
from .decisions import Ground


class Report(models.Model):
    """One person's report. All reports about one thing are in its one open case.

    Who reported is for those who moderate: never for the author, in any page, mail, history or export.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="reports", verbose_name=_("dossier"))
    ground = models.CharField(_("ce qui ne va pas"), max_length=16, choices=Ground)
    text = models.TextField(_("précisions"), max_length=2000, blank=True)
    #: Nobody: it came from someone without an account, or whose account is gone.
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signalé par"),
    )
    mail = models.EmailField(_("adresse mail"), blank=True)
    at = models.DateTimeField(_("le"), default=timezone.now)

    class Meta:
        verbose_name = _("signalement")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reporter"],
                condition=models.Q(reporter__isnull=False),
                name="report_once_by_account",
                violation_error_message=_("Vous avez déjà signalé cela : l’équipe s’en occupe."),
            ),
            models.UniqueConstraint(
                fields=["case", "mail"],
                condition=~models.Q(mail=""),
                name="report_once_by_mail",
                violation_error_message=_("Cette adresse a déjà signalé cela : l’équipe s’en occupe."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ground_display()} : {self.case.label}"
