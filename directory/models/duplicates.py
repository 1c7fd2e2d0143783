"""Two pages that may be of the same structure, and what was said of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..querysets import DuplicateQuerySet
from .structures import Structure


class Duplicate(models.Model):
    """A pair of structures that look alike. Known once, whatever is decided: never proposed again."""

    class State(models.TextChoices):
        OPEN = "open", _("à regarder")
        DIFFERENT = "different", _("deux structures différentes")
        MERGED = "merged", _("fusionnées")
        #: One of the two went away by itself.
        GONE = "gone", _("sans objet")

    #: The older page, and the newer: a pair has no order of its own.
    first = models.ForeignKey(Structure, models.CASCADE, related_name="+", verbose_name=_("l’une"))
    second = models.ForeignKey(Structure, models.CASCADE, related_name="+", verbose_name=_("l’autre"))
    score = models.PositiveSmallIntegerField(_("ressemblance"))
    reasons = ArrayField(models.CharField(max_length=20), verbose_name=_("raisons"))
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(_("trouvé le"), default=timezone.now)

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = _("doublon possible")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="duplicate_without_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"

    @property
    def words(self) -> list[str]:
        """Why the two are thought to be one."""
        from ..duplicates import words_of

        return words_of(self.reasons)
