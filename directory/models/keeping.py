"""How one comes to keep the page of a structure, or to be named on it: asked, answered, kept as a trace."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..querysets import ClaimQuerySet, InvitationQuerySet, ProposalQuerySet
from .actors import Actor
from .structures import Structure


class Answer(models.TextChoices):
    """Where a request stands."""

    OPEN = "open", _("en attente")
    YES = "yes", _("acceptée")
    NO = "no", _("refusée")
    #: By whoever made it, or because nothing is left to answer.
    DROPPED = "dropped", _("retirée")


def _settled_is_dated(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(state="open", settled_at__isnull=True)
        | (~models.Q(state="open") & models.Q(settled_at__isnull=False)),
        name=name,
    )


class Request(models.Model):
    """Something asked about a structure, that someone answers once."""

    state = models.CharField(_("état"), max_length=8, choices=Answer, default=Answer.OPEN)
    made_at = models.DateTimeField(_("faite le"), default=timezone.now)
    settled_at = models.DateTimeField(_("réglée le"), null=True, blank=True)

    class Meta:
        abstract = True


class ClaimRequest(Request):
    """Someone says that a page nobody keeps is that of her structure. The team answers."""

    structure = models.ForeignKey(
        Structure, models.CASCADE, related_name="claims", verbose_name=_("structure")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("personne")
    )
    function = models.CharField(_("fonction dans la structure"), max_length=120)
    proof = models.TextField(_("comment le vérifier"), max_length=1000)
    #: What the person is told when the answer is no.
    reason = models.TextField(_("motif"), max_length=2000, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande de tenir une page")
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "user"],
                condition=models.Q(state="open"),
                name="claim_open_once",
                violation_error_message=_("Votre demande attend déjà la réponse de l’équipe."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state="no") | ~models.Q(reason=""),
                name="claim_refused_with_reason",
                violation_error_message=_("Dites pourquoi : la personne le lira."),
            ),
            _settled_is_dated("claim_settled_is_dated"),
        ]

    def __str__(self) -> str:
        return str(self.structure)


class ReferentInvitation(Request):
    """Someone is asked to keep a page too: an account, or an address that may have none yet."""

    structure = models.ForeignKey(
        Structure, models.CASCADE, related_name="invitations", verbose_name=_("structure")
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("invité par")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("personne"),
    )
    email = models.EmailField(_("adresse mail"), blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation à tenir une page")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, email="")
                | (models.Q(user__isnull=True) & ~models.Q(email="")),
                name="referent_invitation_to_someone",
            ),
            models.UniqueConstraint(
                fields=["structure", "user"],
                condition=models.Q(state="open", user__isnull=False),
                name="referent_invitation_once_user",
            ),
            models.UniqueConstraint(
                fields=["structure", "email"],
                condition=models.Q(state="open") & ~models.Q(email=""),
                name="referent_invitation_once_mail",
            ),
            _settled_is_dated("referent_invitation_dated"),
        ]

    def __str__(self) -> str:
        return str(self.structure)


class MembershipProposal(Request):
    """That a person be named on the page of a structure: one side proposes, the other says yes or no."""

    structure = models.ForeignKey(
        Structure, models.CASCADE, related_name="proposals", verbose_name=_("structure")
    )
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="proposals", verbose_name=_("personne"))
    function = models.CharField(_("fonction"), max_length=120, blank=True)
    #: Who proposed: the person herself, or those who keep the structure's page.
    by_person = models.BooleanField(_("proposée par la personne"))

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("appartenance proposée")
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "actor"],
                condition=models.Q(state="open"),
                name="membership_proposal_once",
                violation_error_message=_("Cela attend déjà une réponse."),
            ),
            _settled_is_dated("membership_proposal_dated"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} – {self.structure}"
