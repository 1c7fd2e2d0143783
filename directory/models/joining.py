"""The ways into the directory, and what everyone who takes part signs."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..querysets import CharterQuerySet, JoiningQuerySet


class Origin(models.TextChoices):
    """By which way a person's page came here."""

    SELF = "self", _("de soi-même")
    MEMBER = "member", _("parrainage d’un membre")
    STRUCTURE = "structure", _("invitation d’une structure")
    POSTER = "poster", _("affiche")
    TEAM = "team", _("saisie par l’équipe")


class Charter(models.Model):
    """One version of what everyone commits to. The last one published is the one in force.

    Text: paragraphs apart by an empty line; a line that begins with "# " is a heading, with "- " a
    commitment. Once published it is never rewritten (a trigger says so): another version follows it.
    """

    version = models.CharField(_("version"), max_length=20, unique=True)
    text = models.TextField(
        _("texte"),
        max_length=20_000,
        help_text=_("« # » en début de ligne fait un titre, « - » un engagement ; une ligne vide sépare."),
    )
    published_at = models.DateTimeField(
        _("en vigueur depuis"),
        null=True,
        blank=True,
        help_text=_("À cette date, la charte est redemandée à tout le monde, et son texte ne change plus."),
    )

    objects = CharterQuerySet.as_manager()

    class Meta:
        verbose_name = _("charte d’engagement")
        verbose_name_plural = _("chartes d’engagement")
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.version


class CharterSignature(models.Model):
    """That someone signed one version, and when. Never changed (a trigger says so)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="charter_signatures",
        verbose_name=_("personne"),
    )
    charter = models.ForeignKey(
        Charter, models.PROTECT, related_name="signatures", verbose_name=_("version signée")
    )
    signed_at = models.DateTimeField(_("signée le"), default=timezone.now)

    class Meta:
        verbose_name = _("signature de la charte")
        ordering = ["-signed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "charter"],
                name="charter_signed_once",
                violation_error_message=_("Cette version est déjà signée."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.charter)


class Poster(models.Model):
    """A poster for a place or an event: a short address that says how many came through it, not who."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    title = models.CharField(_("lieu ou événement"), max_length=120)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("créée par")
    )
    created_at = models.DateTimeField(_("créée le"), default=timezone.now)
    visits = models.PositiveIntegerField(_("visites"), default=0)

    class Meta:
        verbose_name = _("affiche")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("join_by_poster", args=[self.code])


class Invitation(models.Model):
    """A link by mail to one person, used once before its term. Only a print of its token is kept."""

    class Kind(models.TextChoices):
        MEMBER = "member", _("parrainage d’un membre")
        STRUCTURE = "structure", _("invitation d’une structure")
        TEAM = "team", _("fiche saisie par l’équipe, à confirmer")

    kind = models.CharField(_("nature"), max_length=10, choices=Kind)
    email = models.EmailField(_("adresse mail invitée"))
    token_print = models.CharField(_("empreinte du lien"), max_length=64, unique=True)
    sponsor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="invitations_sent",
        verbose_name=_("envoyée par"),
    )
    structure = models.ForeignKey(
        "directory.Structure",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="joining_invitations",
        verbose_name=_("structure"),
    )
    #: The page that the team entered, and that the person is asked to confirm.
    page = models.ForeignKey(
        "directory.Actor",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="confirmations",
        verbose_name=_("fiche à confirmer"),
    )
    sent_at = models.DateTimeField(_("envoyée le"), default=timezone.now)
    expires_at = models.DateTimeField(_("valable jusqu’au"))
    used_at = models.DateTimeField(_("acceptée le"), null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitations_used",
        verbose_name=_("acceptée par"),
    )

    objects = JoiningQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("sent_at")), name="invitation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="structure", structure__isnull=False)
                | (~models.Q(kind="structure") & models.Q(structure__isnull=True)),
                name="invitation_structure_if_of_one",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="team", page__isnull=False)
                | (~models.Q(kind="team") & models.Q(page__isnull=True)),
                name="invitation_page_if_of_the_team",
            ),
            models.CheckConstraint(
                condition=models.Q(used_by__isnull=True) | models.Q(used_at__isnull=False),
                name="invitation_use_is_dated",
            ),
        ]
        indexes = [models.Index(fields=["sponsor", "-sent_at"], name="invitation_of_sponsor")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.email}"

    @property
    def is_open(self) -> bool:
        """Whether the link still leads somewhere."""
        return self.used_at is None and self.expires_at > timezone.now()

    @staticmethod
    def print_of(token: str) -> str:
        """What is kept of a token: enough to know it again, not to use it."""
        return hashlib.sha256(token.encode()).hexdigest()
