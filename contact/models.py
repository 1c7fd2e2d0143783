from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from directory.models import Actor, Structure

from .querysets import ConversationQuerySet

#: What is read and written at once.
LETTER_LENGTH = 3000


class Conversation(models.Model):
    """Letters between someone who asked and someone who was asked: a person, or those who keep a structure.

    It outlives either account, until it is forgotten: each keeps her own words.
    """

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("en attente de réponse")
        ANSWERED = "answered", gettext_lazy("en cours")
        DECLINED = "declined", gettext_lazy("sans suite")
        EXPIRED = "expired", gettext_lazy("restée sans réponse")

    class Reason(models.TextChoices):
        NO_TIME = "no_time", gettext_lazy("Je n’ai pas le temps")
        NOT_MY_SUBJECT = "not_my_subject", gettext_lazy("Ce n’est pas mon sujet")
        NOT_NOW = "not_now", gettext_lazy("Pas en ce moment")
        OTHER = "other", gettext_lazy("Une autre raison")

    LIVE = (State.WAITING, State.ANSWERED)

    #: In addresses: nothing to guess, nothing to count.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="asked_conversations",
        verbose_name=gettext_lazy("écrit par"),
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="received_conversations",
        verbose_name=gettext_lazy("écrit à"),
    )
    structure = models.ForeignKey(
        Structure,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="conversations",
        verbose_name=gettext_lazy("écrit à la structure"),
    )
    state = models.CharField(gettext_lazy("état"), max_length=10, choices=State, default=State.WAITING)
    decline_reason = models.CharField(
        gettext_lazy("raison donnée"), max_length=20, choices=Reason, blank=True
    )
    started_at = models.DateTimeField(gettext_lazy("commencée le"), default=timezone.now)
    last_letter_at = models.DateTimeField(gettext_lazy("dernier message le"), default=timezone.now)
    reminded_at = models.DateTimeField(gettext_lazy("rappelée le"), null=True, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("conversation")
        indexes = [
            models.Index(fields=["asker", "-started_at"], name="conversation_asked"),
            models.Index(fields=["recipient", "-started_at"], name="conversation_received"),
            models.Index(fields=["structure", "-started_at"], name="conversation_of_structure"),
            models.Index(
                fields=["last_letter_at"], condition=Q(state="waiting"), name="conversation_waiting"
            ),
            models.Index(fields=["last_letter_at"], name="conversation_silent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient__isnull=True) | Q(structure__isnull=True),
                name="conversation_with_one",
                violation_error_message=gettext_lazy("On écrit à une personne ou à une structure."),
            ),
            models.CheckConstraint(
                condition=~Q(asker=models.F("recipient")),
                name="conversation_not_with_oneself",
                violation_error_message=gettext_lazy("On ne s’écrit pas à soi-même."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "answered", "declined", "expired"]),
                name="conversation_state_known",
                violation_error_message=gettext_lazy("Cet état n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(state="declined") & ~Q(decline_reason="")
                | ~Q(state="declined") & Q(decline_reason=""),
                name="conversation_declined_says_why",
                violation_error_message=gettext_lazy("Choisissez une raison : elle sera transmise."),
            ),
            models.UniqueConstraint(
                fields=["asker", "recipient"],
                condition=Q(state__in=["waiting", "answered"]),
                name="conversation_live_once",
                violation_error_message=gettext_lazy("Vous avez déjà une conversation avec cette personne."),
            ),
            models.UniqueConstraint(
                fields=["asker", "structure"],
                condition=Q(state__in=["waiting", "answered"]),
                name="conversation_live_once_with_structure",
                violation_error_message=gettext_lazy("Vous avez déjà une conversation avec cette structure."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    def get_absolute_url(self) -> str:
        return reverse("conversation", args=[self.public_id])

    @property
    def is_live(self) -> bool:
        """Whether letters may still be added."""
        return self.state in self.LIVE

    def is_asker(self, user: User) -> bool:
        return self.asker_id == user.pk

    def name_for(self, viewer: User) -> str:
        """Whom `viewer` is in conversation with, in the only name others ever see."""
        if not self.is_asker(viewer):
            return public_name(self.asker)
        return str(self.structure) if self.structure else public_name(self.recipient)

    @cached_property
    def answerers(self) -> list[User]:
        """Those who may answer, whoever they may be kept from."""
        if self.structure:
            return list(self.structure.referents.filter(is_active=True).order_by("pk"))
        return [self.recipient] if self.recipient else []

    def others(self, user: User) -> list[User]:
        """The people on the other side from `user`."""
        if not self.is_asker(user):
            return [self.asker] if self.asker else []
        return self.answerers


class Letter(models.Model):
    """What one of them wrote. It goes with the account that wrote it."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="letters")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="letters", verbose_name=gettext_lazy("auteur")
    )
    text = models.TextField(gettext_lazy("message"), max_length=LETTER_LENGTH)
    sent_at = models.DateTimeField(gettext_lazy("envoyé le"), default=timezone.now)

    class Meta:
        verbose_name = gettext_lazy("message")
        ordering = ["pk"]
        indexes = [models.Index(fields=["author", "sent_at"], name="letter_of_author")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="letter_says_something",
                violation_error_message=gettext_lazy("Écrivez votre message."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} – {self.sent_at:%Y-%m-%d}"


class Part(models.Model):
    """What someone does of a conversation she is in: how far she read, whether she gives her address."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="parts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="conversation_parts",
        verbose_name=gettext_lazy("personne"),
    )
    read_at = models.DateTimeField(gettext_lazy("lu jusqu’au"), null=True, blank=True)
    #: Shows to the other what her page holds as mail address and telephone, whoever else sees them.
    gives_address = models.BooleanField(gettext_lazy("donne ses coordonnées"), default=False)

    class Meta:
        verbose_name = gettext_lazy("part à une conversation")
        constraints = [models.UniqueConstraint(fields=["conversation", "user"], name="part_once")]

    def __str__(self) -> str:
        return f"{self.conversation_id} – {self.user_id}"


def public_name(user: User | None) -> str:
    """How someone is named to others; never from her mail address."""
    if user is None:
        return _("Une personne qui a quitté le site")
    try:
        return user.actor.display_name
    except Actor.DoesNotExist:
        return _("Une personne sans page")
