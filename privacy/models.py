from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def random_name(export: DataExport, filename: str) -> str:
    """A name that tells nothing and cannot be guessed; the file is never served by its address."""
    return f"exports/{uuid.uuid4().hex}.zip"


class DataExport(models.Model):
    """A copy of her data that a person asked for: one file, taken once, gone within a day."""

    class State(models.TextChoices):
        WAITING = "waiting", _("en préparation")
        READY = "ready", _("prête")
        TAKEN = "taken", _("téléchargée")
        EXPIRED = "expired", _("effacée sans avoir été téléchargée")
        FAILED = "failed", _("échouée")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="data_exports", verbose_name=_("personne")
    )
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.WAITING)
    requested_at = models.DateTimeField(_("demandée le"), default=timezone.now)
    ready_at = models.DateTimeField(_("prête le"), null=True, blank=True)
    taken_at = models.DateTimeField(_("téléchargée le"), null=True, blank=True)
    file = models.FileField(_("fichier"), upload_to=random_name, blank=True)

    class Meta:
        verbose_name = _("copie des données")
        verbose_name_plural = _("copies des données")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=["waiting", "ready"]),
                name="data_export_one_at_a_time",
                violation_error_message=_("Une copie est déjà demandée."),
            ),
            models.CheckConstraint(
                condition=(Q(state="ready") & ~Q(file="")) | (~Q(state="ready") & Q(file="")),
                name="data_export_file_only_when_ready",
                violation_error_message=_("Une copie a un fichier quand elle est prête, et alors seulement."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "taken", "expired"]) | Q(ready_at__isnull=False),
                name="data_export_ready_is_dated",
                violation_error_message=_("Une copie prête porte une date."),
            ),
            models.CheckConstraint(
                condition=Q(state="taken", taken_at__isnull=False)
                | (~Q(state="taken") & Q(taken_at__isnull=True)),
                name="data_export_taken_is_dated",
                violation_error_message=_("Une copie téléchargée, et elle seule, porte une date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requested_at:%Y-%m-%d} ({self.state})"


class ClosureQuerySet(models.QuerySet):
    def due(self) -> ClosureQuerySet:
        """Those whose time has come."""
        return self.filter(due_at__lte=timezone.now())


class Closure(models.Model):
    """An account that will be erased on a day that its owner knows, and may still be kept until then."""

    class Reason(models.TextChoices):
        ASKED = "asked", _("demandé par la personne")
        INACTIVE = "inactive", _("compte resté sans connexion")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="closure", verbose_name=_("compte")
    )
    reason = models.CharField(_("raison"), max_length=10, choices=Reason)
    asked_at = models.DateTimeField(_("décidé le"), default=timezone.now)
    due_at = models.DateTimeField(_("effacement le"))
    reminded_at = models.DateTimeField(_("rappelé le"), null=True, blank=True)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("fermeture de compte")
        verbose_name_plural = _("fermetures de compte")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at__gte=F("asked_at")),
                name="closure_due_after_asked",
                violation_error_message=_("L’effacement vient après la demande."),
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["asked", "inactive"]),
                name="closure_reason_known",
                violation_error_message=_("Cette raison n’existe pas."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.due_at:%Y-%m-%d})"


class Erasure(models.Model):
    """That an account was erased, and when. The fingerprint of its address is all that remains of it.

    It allows one thing: to erase again what an old backup brings back.
    """

    fingerprint = models.CharField(_("empreinte de l’adresse"), max_length=64)
    erased_at = models.DateTimeField(_("effacé le"), default=timezone.now)

    class Meta:
        verbose_name = _("effacement")
        constraints = [
            models.UniqueConstraint(fields=["fingerprint", "erased_at"], name="erasure_once"),
            models.CheckConstraint(
                condition=Q(fingerprint__regex=r"^[0-9a-f]{64}$"), name="erasure_holds_a_fingerprint"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.erased_at:%Y-%m-%d}"


class HealthReadQuerySet(models.QuerySet):
    def latest_first(self) -> HealthReadQuerySet:
        return self.select_related("reader", "subject").order_by("-at", "-pk")


class HealthRead(models.Model):
    """Someone of the team read of a person what members do not. Written at each reading, never changed."""

    class Purpose(models.TextChoices):
        MODERATION = "moderation", _("relire ou modérer sa page")
        REQUEST = "request", _("répondre à une demande de cette personne")
        MATCHING = "matching", _("lui proposer une mise en relation")
        CARE = "care", _("l’accompagner dans l’usage du site")
        OTHER = "other", _("autre raison")

    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="health_reads", verbose_name=_("personne lue")
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("lu par"),
    )
    purpose = models.CharField(_("motif"), max_length=12, choices=Purpose)
    explanation = models.CharField(_("précision"), max_length=200, blank=True)
    page = models.CharField(_("page lue"), max_length=40)
    at = models.DateTimeField(_("le"), default=timezone.now)

    objects = HealthReadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lecture de données de santé")
        verbose_name_plural = _("lectures de données de santé")
        indexes = [
            models.Index(fields=["-at", "-id"], name="health_read_latest"),
            models.Index(fields=["subject", "-at"], name="health_read_by_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=["moderation", "request", "matching", "care", "other"]),
                name="health_read_purpose_known",
                violation_error_message=_("Choisissez un motif."),
            ),
            models.CheckConstraint(
                condition=~Q(purpose="other") | ~Q(explanation=""),
                name="health_read_other_is_explained",
                violation_error_message=_("Dites quelle est cette raison."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} ({self.purpose})"
