"""How far the site went in asking whether a page is still true."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .decisions import About, AboutQuerySet


class FreshnessStep(About):
    """One step taken about one page since it was last confirmed: taken once, whoever runs the task."""

    class Stage(models.TextChoices):
        ASKED = "asked", _("demandé")
        REMINDED = "reminded", _("rappelé")
        FADED = "faded", _("marquée non confirmée")
        ARCHIVED = "archived", _("archivée")

    stage = models.CharField(_("étape"), max_length=12, choices=Stage)
    #: The confirmation it follows: a new one starts everything again.
    confirmed_at = models.DateTimeField(_("confirmée le"))
    at = models.DateTimeField(_("le"), default=timezone.now)

    objects = AboutQuerySet.as_manager()

    class Meta:
        verbose_name = _("étape de fraîcheur")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "confirmed_at", "stage"], name="freshness_step_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} : {self.target}"
