"""The addresses that pages had before."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class OldAddress(models.Model):
    """A path that was printed, shared or indexed, and the page it leads to now. Kept for good."""

    path = models.CharField(_("ancienne adresse"), max_length=300, unique=True)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    target = GenericForeignKey()

    class Meta:
        verbose_name = _("ancienne adresse")
        verbose_name_plural = _("anciennes adresses")
        indexes = [models.Index(fields=["content_type", "object_id"], name="old_address_of_target")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(path=Lower("path"), path__startswith="/", path__endswith="/"),
                name="old_address_is_a_path",
                violation_error_message=_(
                    "Écrivez le chemin seul, en minuscules, entre deux barres : /structure/nom/."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.path
