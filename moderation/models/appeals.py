"""When someone contests what was decided against her."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .decisions import Decision
from .standing import Sanction

#: How long a decision may be contested (DSA, article 20: six months at least).
CONTESTABLE_FOR = datetime.timedelta(days=183)


class Appeal(models.Model):
    """One decision or sanction contested, once, before someone who did not take it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("en cours d’examen")
        GRANTED = "granted", _("vous avez été entendu")
        REJECTED = "rejected", _("la décision est maintenue")

    decision = models.OneToOneField(
        Decision, models.CASCADE, null=True, blank=True, related_name="appeal", verbose_name=_("décision")
    )
    sanction = models.OneToOneField(
        Sanction, models.CASCADE, null=True, blank=True, related_name="appeal", verbose_name=_("sanction")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="appeals", verbose_name=_("par")
    )
    text = models.TextField(_("pourquoi"), max_length=4000)
    at = models.DateTimeField(_("le"), default=timezone.now)
    outcome = models.CharField(_("suite"), max_length=12, choices=Outcome, default=Outcome.WAITING)
    answer = models.TextField(_("réponse"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)

    class Meta:
        verbose_name = _("contestation")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision__isnull=False, sanction__isnull=True)
                | models.Q(decision__isnull=True, sanction__isnull=False),
                name="appeal_of_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="waiting", answered_at__isnull=True)
                | (~models.Q(outcome="waiting") & models.Q(answered_at__isnull=False) & ~models.Q(answer="")),
                name="appeal_answered_in_words",
                violation_error_message=_("Une contestation reçoit une réponse écrite."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.contested)

    @property
    def contested(self) -> Decision | Sanction:
        return self.decision or self.sanction
