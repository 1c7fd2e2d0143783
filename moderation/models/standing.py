from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TrustQuerySet(models.QuerySet):
    def in_force(self) -> TrustQuerySet:
        """Trust that was not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Trust(models.Model):
    """That what someone contributes appears at once: earned by accepted contributions, or vouched for."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="trusts", verbose_name=_("personne")
    )
    granted_at = models.DateTimeField(_("accordée le"), default=timezone.now)
    #: Nobody: earned by what was accepted.
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("par"),
    )
    withdrawn_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    objects = TrustQuerySet.as_manager()

    class Meta:
        verbose_name = _("confiance")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(withdrawn_at__isnull=True), name="trust_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)
