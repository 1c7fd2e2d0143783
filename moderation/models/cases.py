"""The one queue: everything that waits for a moderator, whatever it is about."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .decisions import About, AboutQuerySet, Rule

if TYPE_CHECKING:
    from accounts.models import User

#: After so long without a decision, a case that someone took is free again.
CLAIM_LAPSES = datetime.timedelta(hours=2)


class CaseQuerySet(AboutQuerySet):
    def open(self) -> CaseQuerySet:
        """What still waits for a decision."""
        return self.filter(closed_at__isnull=True)

    def for_moderator(self, user: User) -> CaseQuerySet:
        """What `user` may handle: everything for the team, their territories for ambassadors.

        Nobody handles what she wrote herself or answers for, nor what she is kept from (an appeal against
        her decision).
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        cases = self.exclude(author=user).exclude(not_for=user).exclude(parties__contains=[user.pk])
        if user.is_team:
            return cases
        places = list(user.ambassador_of.values_list("pk", flat=True))
        return cases.filter(places__overlap=places, nature__in=Case.AMBASSADORS) if places else self.none()

    def free_for(self, user: User) -> CaseQuerySet:
        """Open cases that nobody else has in hand at present."""
        lapsed = timezone.now() - CLAIM_LAPSES
        return self.open().filter(Q(claimed_by=None) | Q(claimed_by=user) | Q(claimed_at__lt=lapsed))

    def in_order(self) -> CaseQuerySet:
        """The urgent first, then those that have waited longest."""
        return self.order_by("-urgent", "opened_at", "pk")


class Case(About):
    """Something to look at and decide. At most one open case of each nature for each thing."""

    class Nature(models.TextChoices):
        CONTENT = "content", _("contribution à relire")
        EDIT = "edit", _("modification à relire")
        REVIEW = "review", _("à revoir après publication")
        REPORT = "report", _("signalement")
        CLAIM = "claim", _("demande de référent")
        DUPLICATE = "duplicate", _("doublon possible")
        STALE = "stale", _("page à confirmer")
        APPEAL = "appeal", _("contestation")
        SUPPORT = "support", _("demande d’appui")

    #: What ambassadors handle beside the team.
    AMBASSADORS = (Nature.CONTENT, Nature.EDIT, Nature.REVIEW, Nature.REPORT, Nature.STALE)

    nature = models.CharField(_("nature"), max_length=12, choices=Nature)
    label = models.CharField(_("objet"), max_length=200)
    rule = models.CharField(_("retenu parce que"), max_length=12, choices=Rule, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("auteur"),
    )
    #: The accounts it concerns (whoever answers for the page, whoever contests): none of them handles it.
    parties = ArrayField(models.BigIntegerField(), default=list)
    #: The territories it lies in, of every level: an ambassador's desk is an overlap.
    places = ArrayField(models.BigIntegerField(), default=list)
    urgent = models.BooleanField(_("urgent"), default=False)
    opened_at = models.DateTimeField(_("arrivé le"), default=timezone.now)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pris par"),
    )
    claimed_at = models.DateTimeField(_("pris le"), null=True, blank=True)
    not_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pas pour"),
    )
    closed_at = models.DateTimeField(_("réglé le"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("réglé par"),
    )
    outcome = models.CharField(_("suite donnée"), max_length=20, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier")
        indexes = [
            models.Index(
                fields=["-urgent", "opened_at", "id"],
                condition=models.Q(closed_at__isnull=True),
                name="case_queue",
            ),
            models.Index(
                fields=["nature", "-urgent", "opened_at", "id"],
                condition=models.Q(closed_at__isnull=True),
                name="case_queue_by_nature",
            ),
            GinIndex(fields=["places"], condition=models.Q(closed_at__isnull=True), name="case_places"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["nature", "content_type", "object_id"],
                condition=models.Q(closed_at__isnull=True),
                name="case_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(claimed_by__isnull=True) | models.Q(claimed_at__isnull=False),
                name="case_claim_is_dated",
            ),
            # An appeal goes to other eyes, and nobody settles what she wrote: held here too, for whatever
            # forgets to ask `for_moderator`.
            models.CheckConstraint(
                condition=~models.Q(closed_by=models.F("not_for"))
                & ~models.Q(claimed_by=models.F("not_for")),
                name="case_goes_to_another",
                violation_error_message=_("Ce dossier revient à quelqu’un d’autre."),
            ),
            models.CheckConstraint(
                condition=~models.Q(closed_by=models.F("author")) & ~models.Q(claimed_by=models.F("author")),
                name="case_not_by_its_author",
                violation_error_message=_("Personne ne règle ce qui vient de soi."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} : {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("moderation_case", args=[self.pk])

    def is_held_by_another(self, user: User) -> bool:
        """Whether someone else has it in hand, and not for too long."""
        if self.claimed_by_id in (None, user.pk) or self.claimed_at is None:
            return False
        return timezone.now() - self.claimed_at < CLAIM_LAPSES
