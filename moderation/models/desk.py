"""What those who moderate write for each other, and the answers they keep ready."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .cases import Case


class Note(models.Model):
    """A word between moderators about a case; nobody else reads it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes", verbose_name=_("dossier"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("par")
    )
    text = models.TextField(_("note"), max_length=2000)
    at = models.DateTimeField(_("le"), default=timezone.now)

    class Meta:
        verbose_name = _("note d’équipe")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:60]


class AnswerTemplate(models.Model):
    """A reason kept ready for one act, to be finished by hand before it is sent."""

    class Act(models.TextChoices):
        RETURN = "return", _("renvoyer à compléter")
        REFUSE = "refuse", _("refuser")
        HIDE = "hide", _("masquer")
        RETURN_EDIT = "return_edit", _("renvoyer une modification à compléter")
        REFUSE_EDIT = "refuse_edit", _("refuser une modification")
        ARCHIVE = "archive", _("archiver")
        KEEP = "keep", _("ne rien changer")
        GRANT = "grant", _("revenir sur une décision")
        REJECT = "reject", _("maintenir une décision")
        WARN = "warn", _("avertir")
        SUSPEND = "suspend", _("suspendre")

    act = models.CharField(_("pour"), max_length=12, choices=Act)
    title = models.CharField(_("titre"), max_length=80)
    text = models.TextField(_("texte"), max_length=2000)
    rank = models.PositiveSmallIntegerField(_("rang"), default=0)

    class Meta:
        verbose_name = _("réponse prête")
        verbose_name_plural = _("réponses prêtes")
        ordering = ["act", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["act", "title"],
                name="answer_template_once",
                violation_error_message=_("Une réponse de ce titre existe déjà pour cet acte."),
            )
        ]

    def __str__(self) -> str:
        return self.title
