from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .decisions import Ground

if TYPE_CHECKING:
    from accounts.models import User


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
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("retirée par"),
    )

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


class SanctionQuerySet(models.QuerySet):
    def in_force(self) -> SanctionQuerySet:
        """Suspensions that hold, and warnings that were not taken back."""
        return self.filter(lifted_at__isnull=True)

    def suspensions(self) -> SanctionQuerySet:
        return self.filter(kind=Sanction.Kind.SUSPENSION)

    def due(self, now: datetime.datetime) -> SanctionQuerySet:
        """Suspensions whose term has come and that nobody lifted yet."""
        return self.suspensions().in_force().filter(until__lte=now)


class Sanction(models.Model):
    """A warning, or a time without the account: who, why, until when, and when it was lifted."""

    class Kind(models.TextChoices):
        WARNING = "warning", _("avertissement")
        SUSPENSION = "suspension", _("suspension")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sanctions", verbose_name=_("personne")
    )
    kind = models.CharField(_("nature"), max_length=12, choices=Kind)
    ground = models.CharField(_("ce qui ne va pas"), max_length=16, choices=Ground)
    reason = models.TextField(_("motif"), max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("par")
    )
    at = models.DateTimeField(_("le"), default=timezone.now)
    #: None: until further notice.
    until = models.DateTimeField(_("jusqu’au"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("levée le"), null=True, blank=True)
    #: Nobody: its term came.
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("levée par"),
    )

    #: When what the person alone showed was deleted, some time after a suspension for good.
    emptied_at = models.DateTimeField(_("contenu supprimé le"), null=True, blank=True, editable=False)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanction")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(kind="suspension", lifted_at__isnull=True),
                name="sanction_one_suspension",
                violation_error_message=_("Ce compte est déjà suspendu."),
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="") & ~models.Q(ground=""),
                name="sanction_says_why",
                violation_error_message=_("Dites pourquoi : la personne le lira."),
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True)
                | models.Q(kind="suspension", until__gt=models.F("at")),
                name="sanction_term_follows",
                violation_error_message=_("Seule une suspension a un terme, et il vient après son début."),
            ),
            models.CheckConstraint(
                condition=~models.Q(by=models.F("user")),
                name="sanction_not_of_oneself",
                violation_error_message=_("Personne ne se sanctionne."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.user}"

    #: A warning as a suspension, whether it still holds or not.
    is_contestable = True

    @property
    def concerned(self) -> list[User]:
        """Who may contest it."""
        return [self.user]
