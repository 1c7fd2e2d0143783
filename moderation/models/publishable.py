from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .decisions import Revision


class Status(models.TextChoices):
    """Where a contribution stands. Changed by `moderation.workflow.apply`, and by nothing else."""

    DRAFT = "draft", _("brouillon")
    SUBMITTED = "submitted", _("en attente de relecture")
    RETURNED = "returned", _("à compléter")
    PUBLISHED = "published", _("publié")
    REFUSED = "refused", _("refusé")
    HIDDEN = "hidden", _("masqué")
    ARCHIVED = "archived", _("archivé")


class PublishableQuerySet(models.QuerySet):
    def published(self):
        """What its audience may see."""
        return self.filter(status=Status.PUBLISHED)


class Publishable(models.Model):
    """Something contributed, seen by others once published, and confirmed as true from time to time."""

    status = models.CharField(_("état"), max_length=12, choices=Status, default=Status.DRAFT)
    submitted_at = models.DateTimeField(_("envoyé le"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmé le"), null=True, blank=True)
    edited_at = models.DateTimeField(_("modifié le"), auto_now=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status=Status.PUBLISHED) | models.Q(published_at__isnull=False),
                name="%(class)s_published_is_dated",
                violation_error_message=_("Ce qui est publié porte une date de publication."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.SUBMITTED) | models.Q(submitted_at__isnull=False),
                name="%(class)s_submitted_is_dated",
                violation_error_message=_("Ce qui est envoyé à la relecture porte une date d’envoi."),
            ),
        ]

    @property
    def open_revision(self) -> Revision | None:
        """The edit that waits beside what is published, if there is one."""
        from .decisions import Revision

        return Revision.objects.of(self).waiting().first()
