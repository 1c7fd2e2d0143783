from __future__ import annotations

import datetime
from collections import defaultdict

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import kinds


class About(models.Model):
    """Something said about something, once."""

    key = models.CharField(_("clé"), max_length=64, unique=True, editable=False)
    kind = models.CharField(_("sorte de message"), max_length=60)
    about_type = models.ForeignKey(
        ContentType,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("nature de l’objet"),
    )
    about_id = models.PositiveBigIntegerField(_("numéro de l’objet"), null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    created_at = models.DateTimeField(_("créé le"), default=timezone.now)

    class Meta:
        abstract = True

    @property
    def family(self) -> str:
        """What the person's preferences about it are filed under."""
        return self.kind.partition(".")[0]

    def get_kind_display(self) -> str:
        """Its name. What a kind since given up said keeps its code."""
        return str(kinds.kind(self.kind).label) if self.kind in kinds.known() else self.kind


class MessageQuerySet(models.QuerySet):
    def due(self, now: datetime.datetime) -> MessageQuerySet:
        """What may be taken now, the longest due first."""
        return self.filter(state=Message.State.QUEUED, next_try_at__lte=now).order_by("next_try_at", "pk")

    def sent_today(self) -> MessageQuerySet:
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return self.filter(state=Message.State.SENT, sent_at__gte=today)

    def on_shelf(self, shelf: str) -> MessageQuerySet:
        """What the team's page shows under this name, the latest first."""
        state, now = Message.State, timezone.now()
        shelves = {
            "a-trancher": self.stuck(now),
            "echoues": self.filter(state__in=[state.FAILED, state.BOUNCED]),
            "retenus": self.filter(state=state.WITHHELD),
            "en-attente": self.filter(state__in=[state.QUEUED, state.SENDING]).exclude(
                pk__in=self.stuck(now).values("pk")
            ),
        }
        return shelves[shelf].order_by("-created_at", "-pk")

    def stuck(self, now: datetime.datetime) -> MessageQuerySet:
        """What a worker took and said nothing about since: it may have left, or not."""
        before = now - datetime.timedelta(seconds=settings.OUTBOX_STUCK_AFTER)
        return self.filter(state=Message.State.SENDING, claimed_at__lt=before)


class Message(About):
    """One mail: one row, from the moment it is decided until long after it left."""

    class State(models.TextChoices):
        QUEUED = "queued", _("en attente")
        SENDING = "sending", _("en cours d’envoi")
        SENT = "sent", _("envoyé")
        FAILED = "failed", _("échoué")
        WITHHELD = "withheld", _("retenu")
        BOUNCED = "bounced", _("refusé par la boîte du destinataire")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="messages_sent",
        verbose_name=_("destinataire"),
    )
    address = models.EmailField(_("adresse"))
    language = models.CharField(_("langue"), max_length=5)
    subject = models.CharField(_("objet"), max_length=200)
    text = models.TextField(_("texte"), blank=True)
    button = models.CharField(_("bouton"), max_length=100, blank=True)
    link = models.CharField(_("lien"), max_length=500, blank=True)
    sensitive = models.BooleanField(_("contenu effacé après l’envoi"), default=False)
    optional = models.BooleanField(_("la personne peut l’arrêter"), default=False)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.QUEUED)
    failure = models.TextField(_("raison"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_try_at = models.DateTimeField(_("prochain essai"), default=timezone.now)
    claimed_at = models.DateTimeField(_("pris en charge le"), null=True, blank=True)
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tranché par"),
    )

    #: What a sensitive message loses as soon as its fate is known.
    BODY = ("text", "button", "link")

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message envoyé")
        verbose_name_plural = _("messages envoyés")
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="queued"), name="message_due"),
            models.Index(fields=["claimed_at"], condition=Q(state="sending"), name="message_stuck"),
            models.Index(fields=["address", "created_at"], name="message_by_address"),
            models.Index(fields=["recipient", "-created_at"], name="message_by_recipient"),
            models.Index(
                fields=["state", "-created_at", "-id"], condition=~Q(state="sent"), name="message_not_sent"
            ),
            models.Index(fields=["sent_at"], name="message_sent_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending", "sent", "failed", "withheld", "bounced"]),
                name="message_state_known",
                violation_error_message=_("Cet état n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="message_sent_is_dated",
                violation_error_message=_("Un message envoyé, et lui seul, porte une date d’envoi."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sending", "sent"]) | Q(claimed_at__isnull=False),
                name="message_sending_is_claimed",
                violation_error_message=_("Un message en cours d’envoi a été pris en charge à une date."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["failed", "withheld", "bounced"]) | ~Q(failure=""),
                name="message_not_sent_says_why",
                violation_error_message=_("Un message qui ne part pas dit pourquoi."),
            ),
            models.CheckConstraint(
                condition=Q(sensitive=False)
                | Q(state__in=["queued", "sending"])
                | Q(text="", button="", link=""),
                name="message_sensitive_is_emptied",
                violation_error_message=_("Un message sensible perd son contenu dès que son sort est connu."),
            ),
            models.CheckConstraint(
                condition=~Q(subject__regex=r"[\r\n]"),
                name="message_subject_is_one_line",
                violation_error_message=_("L’objet tient sur une ligne."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"

    @property
    def message_id(self) -> str:
        """The Message-ID header, always the same for this row: how a relay's log tells what it took."""
        return f"<{self.key[:40]}@{settings.OUTBOX_DOMAIN}>"

    @property
    def masked_address(self) -> str:
        """Enough for the team to recognise a domain that refuses, not to know who."""
        name, _at, domain = self.address.rpartition("@")
        return f"{name[:1]}…@{domain}"

    @property
    def is_stuck(self) -> bool:
        wait = datetime.timedelta(seconds=settings.OUTBOX_STUCK_AFTER)
        return self.state == self.State.SENDING and self.claimed_at < timezone.now() - wait


class NoticeQuerySet(models.QuerySet):
    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)

    def waiting_for_a_digest(self, since: datetime.datetime) -> NoticeQuerySet:
        """Neither read nor mailed, and recent enough to be news."""
        return self.unread().filter(message=None, created_at__gt=since)

    def latest_first(self) -> NoticeQuerySet:
        return self.order_by("-created_at", "-pk")


class Notice(About):
    """What a member finds in her space, whether a mail says it too or not."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("personne")
    )
    subject = models.CharField(_("objet"), max_length=200)
    link = models.CharField(_("lien"), max_length=500, blank=True)
    read_at = models.DateTimeField(_("lu le"), null=True, blank=True)
    message = models.ForeignKey(
        Message,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("message qui en parle"),
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notice_latest"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(
                fields=["created_at"], condition=Q(read_at=None, message=None), name="notice_for_digest"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Preference(models.Model):
    """How a person wants the mails of a family. Without a row: once a day."""

    class Pace(models.TextChoices):
        AT_ONCE = "at_once", _("Tout de suite : un mail à chaque fois")
        DAILY = "daily", _("Une fois par jour, dans un récapitulatif")
        NEVER = "never", _("Jamais par mail")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="preferences", verbose_name=_("personne")
    )
    family = models.CharField(_("famille de messages"), max_length=60)
    pace = models.CharField(_("rythme"), max_length=10, choices=Pace, default=Pace.DAILY)

    class Meta:
        verbose_name = _("préférence")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "family"],
                name="preference_once_per_family",
                violation_error_message=_("Cette préférence est déjà dite."),
            ),
            models.CheckConstraint(
                condition=Q(pace__in=["at_once", "daily", "never"]),
                name="preference_pace_known",
                violation_error_message=_("Ce rythme n’existe pas."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family} : {self.get_pace_display()}"

    @classmethod
    def paces_of(cls, user) -> defaultdict[str, str]:
        """The pace this person wants for each family, said or not."""
        said = cls.objects.filter(user=user).values_list("family", "pace")
        return defaultdict(lambda: cls.Pace.DAILY, said)
