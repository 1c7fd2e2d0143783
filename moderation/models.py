from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("brouillon")
    SUBMITTED = "submitted", _("en attente de relecture")
    PUBLISHED = "published", _("publié")
    ARCHIVED = "archived", _("archivé")


class PublishableQuerySet(models.QuerySet):
    def published(self):
        return self.filter(status=Status.PUBLISHED)


class Publishable(models.Model):
    """Something contributed, seen by others once published, and confirmed as true from time to time."""

    status = models.CharField(_("état"), max_length=12, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmé le"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status=Status.PUBLISHED) | models.Q(published_at__isnull=False),
                name="%(class)s_published_is_dated",
                violation_error_message=_("Ce qui est publié porte une date de publication."),
            ),
        ]
