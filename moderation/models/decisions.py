"""What was decided of a contribution, by whom and why; and the edits that wait beside what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .publishable import Status

if TYPE_CHECKING:
    from accounts.models import User


class Verb(models.TextChoices):
    """What one does to a contribution."""

    SUBMIT = "submit", _("envoyer à la relecture")
    TAKE_BACK = "take_back", _("reprendre")
    PUBLISH = "publish", _("publier")
    RETURN = "return", _("renvoyer à compléter")
    REFUSE = "refuse", _("refuser")
    HIDE = "hide", _("masquer")
    ARCHIVE = "archive", _("archiver")
    # An edit of what is published, beside it: the status does not move.
    ACCEPT_EDIT = "accept_edit", _("accepter la modification")
    RETURN_EDIT = "return_edit", _("renvoyer la modification à compléter")
    REFUSE_EDIT = "refuse_edit", _("refuser la modification")


class Rule(models.TextChoices):
    """Why something is held, or was done without anyone's hand: always said to its author."""

    NEWCOMER = "newcomer", _("les premières contributions sont relues avant de paraître")
    SENSITIVE = "sensitive", _("ce qui identifie une structure est relu avant de paraître")
    ALIKE = "alike", _("le nom se lit comme celui d’une autre structure")
    TRUSTED = "trusted", _("contribution d’une personne de confiance, relue après coup")
    TEAM = "team", _("saisi par l’équipe")
    WORDS = "words", _("le texte contient des mots qui demandent une relecture")
    REPORTED = "reported", _("signalé par plusieurs personnes")
    STALE = "stale", _("resté longtemps sans confirmation")
    SUSPENDED = "suspended", _("le compte est suspendu")
    CLOSED = "closed", _("le compte est fermé")


#: What is hidden by them comes back by itself when the account opens again.
CLOSING_RULES = frozenset({Rule.SUSPENDED, Rule.CLOSED})
#: What looks like someone passing for another goes on top of the queue.
URGENT_RULES = frozenset({Rule.ALIKE})


class Ground(models.TextChoices):
    """What is wrong with something: what a report says of it, and the rule a decision against it names."""

    FALSE = "false", _("c’est faux ou trompeur")
    CHARTER = "charter", _("cela ne respecte pas la charte")
    ILLEGAL = "illegal", _("c’est illégal")
    PRIVACY = "privacy", _("cela révèle la vie privée ou la santé de quelqu’un")
    IMPERSONATION = "impersonation", _("quelqu’un se fait passer pour une autre personne ou une structure")
    DANGEROUS = "dangerous", _("c’est dangereux : menace, détresse, conseil d’arrêter un traitement")
    MINOR = "minor", _("un enfant ou un adolescent est en danger ou exposé")
    HARASSMENT = "harassment", _("c’est du harcèlement ou de la haine")
    SPAM = "spam", _("c’est de la publicité")
    OTHER = "other", _("autre chose")


#: What cannot wait: on top of the queue, and mailed at once to those who moderate.
URGENT_GROUNDS = frozenset({Ground.DANGEROUS, Ground.MINOR, Ground.PRIVACY})


class AboutQuerySet(models.QuerySet):
    def of(self, item: models.Model) -> AboutQuerySet:
        """The rows about `item`."""
        return self.about(type(item)).filter(object_id=item.pk)

    def about(self, model: type[models.Model]) -> AboutQuerySet:
        """The rows about any contribution of this kind."""
        return self.filter(content_type=ContentType.objects.get_for_model(model))


class About(models.Model):
    """A row about a contribution of any kind."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    target = GenericForeignKey()

    class Meta:
        abstract = True


class Decision(About):
    """One change of state: who, when, why. Never changed afterwards (a trigger says so)."""

    verb = models.CharField(_("acte"), max_length=12, choices=Verb)
    before = models.CharField(_("état d’avant"), max_length=12, choices=Status)
    after = models.CharField(_("état d’après"), max_length=12, choices=Status)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("par"),
    )
    rule = models.CharField(_("règle"), max_length=12, choices=Rule, blank=True)
    #: The rule that what was decided against does not keep; named to its author.
    ground = models.CharField(_("ce qui ne va pas"), max_length=16, choices=Ground, blank=True)
    reason = models.TextField(_("motif"), max_length=2000, blank=True)
    at = models.DateTimeField(_("le"), default=timezone.now)

    objects = AboutQuerySet.as_manager()

    #: Nobody is refused, sent back or hidden without being told why.
    NEEDS_REASON = (Verb.RETURN, Verb.REFUSE, Verb.HIDE, Verb.RETURN_EDIT, Verb.REFUSE_EDIT)
    #: What an author may contest, when she did not do it herself.
    CONTESTABLE = (*NEEDS_REASON, Verb.ARCHIVE)

    class Meta:
        verbose_name = _("décision")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["content_type", "object_id", "-id"], name="decision_of_target")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(verb__in=["return", "refuse", "hide", "return_edit", "refuse_edit"])
                | ~models.Q(reason=""),
                name="decision_says_why",
                violation_error_message=_("Dites pourquoi : la personne le lira."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} : {self.target}"

    @property
    def concerned(self) -> list[User]:
        """Who may contest it: those who answer for the contribution."""
        from ..registry import kind_of

        return list(kind_of(self.target).owners(self.target)) if self.target else []

    @property
    def is_contestable(self) -> bool:
        """Whether it goes against whoever answers for the contribution, and was not hers."""
        if self.verb not in self.CONTESTABLE or self.rule in CLOSING_RULES:
            return False
        # One archives one's own page without a word; a moderator says why.
        return self.verb != Verb.ARCHIVE or bool(self.reason)


class RevisionQuerySet(AboutQuerySet):
    def waiting(self) -> RevisionQuerySet:
        """Edits nobody has settled yet: with the moderators, or back with their author."""
        return self.filter(state__in=(Revision.State.OPEN, Revision.State.RETURNED))


class Revision(About):
    """An edit of something published, kept beside it until it is accepted. One at a time for each page."""

    class State(models.TextChoices):
        OPEN = "open", _("en attente de relecture")
        RETURNED = "returned", _("à compléter")
        ACCEPTED = "accepted", _("acceptée")
        REFUSED = "refused", _("refusée")
        TAKEN_BACK = "taken_back", _("reprise")

    #: What changes, as `Kind.read` writes it: field → new value, plain JSON.
    changes = models.JSONField(_("changements"))
    state = models.CharField(_("état"), max_length=12, choices=State, default=State.OPEN)
    rule = models.CharField(_("règle"), max_length=12, choices=Rule)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("par")
    )
    proposed_at = models.DateTimeField(_("proposée le"), default=timezone.now)
    settled_at = models.DateTimeField(_("réglée le"), null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("modification proposée")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=models.Q(state__in=["open", "returned"]),
                name="revision_one_at_a_time",
                violation_error_message=_("Une modification attend déjà d’être relue."),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "returned"], settled_at__isnull=True)
                | models.Q(state__in=["accepted", "refused", "taken_back"], settled_at__isnull=False),
                name="revision_settled_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return str(self.target)
