"""Who keeps the page of a structure: inviting, joining, leaving, and claiming one that nobody keeps.

Each takes the lock of the structure first: of two people who act at once, the second sees what the first did.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import refusal_as
from moderation.actions import drop, open_case
from moderation.models import Case, Status
from moderation.workflow import Impossible
from notifications.actions import post, tell

from ..models import Answer, ClaimRequest, ReferentInvitation, Structure

#: What one structure may send in a day, and what one person may ask for at a time.
INVITATIONS_A_DAY, MOST_CLAIMS = 10, 5
INVITATION_LASTS = datetime.timedelta(days=30)


class LastReferent(Impossible):
    """Leaving would leave the page without anyone: asked again before it is done."""


@transaction.atomic
def claim_structure(structure: Structure, *, by: User, function: str, proof: str) -> ClaimRequest:
    """Ask to keep a page that nobody keeps. The team answers.

    Raises Impossible when someone keeps it, when it was asked already, or too many were asked at once.
    """
    _locked(structure)
    if not Structure.objects.orphans().filter(pk=structure.pk).exists():
        raise Impossible(_("Quelqu’un tient déjà cette page : écrivez-lui plutôt."))
    if ClaimRequest.objects.open().filter(user=by).count() >= MOST_CLAIMS:
        raise Impossible(_("Vous avez déjà plusieurs demandes en attente : l’équipe y répond d’abord."))
    claim = ClaimRequest(structure=structure, user=by, function=function, proof=proof)
    with refusal_as(Impossible, ClaimRequest):
        claim.save()
    open_case(Case.Nature.CLAIM, claim, author=by)
    return claim


@transaction.atomic
def drop_claim(claim: ClaimRequest) -> None:
    """Take a request back before it is answered."""
    _settle(claim, Answer.DROPPED)
    drop(claim, Case.Nature.CLAIM)


@transaction.atomic
def answer_claim(claim: ClaimRequest, *, granted: bool, by: User, reason: str = "") -> None:
    """Grant a request, or refuse it with a reason; the person is told. Raises Impossible once answered.

    Granting says that the team checked: the page shows when.
    """
    structure = _locked(claim.structure)
    if granted and structure.status == Status.ARCHIVED:
        raise Impossible(_("Cette page a été retirée du répertoire."))
    claim.reason = reason
    _settle(claim, Answer.YES if granted else Answer.NO)
    if granted:
        structure.referents.add(claim.user)
        verify_structure(structure)
    tell(
        claim.user,
        "directory.claim_granted" if granted else "directory.claim_refused",
        about=claim,
        structure=structure.name,
        reason=reason,
        link=reverse("structure_edit", args=[structure.slug]) if granted else structure.get_absolute_url(),
    )


def verify_structure(structure: Structure) -> None:
    """Write down that the team has just checked who keeps this page."""
    structure.verified_at = timezone.now()
    structure.save(update_fields=["verified_at"])


@transaction.atomic
def invite_referent(
    structure: Structure, *, by: User, email: str = "", user: User | None = None
) -> ReferentInvitation | None:
    """Ask an account, or whoever reads an address, to keep a page too. One mail, in our own words.

    Asking again the same changes nothing, and neither does asking someone who already keeps it: None.
    Raises Impossible when `by` does not keep it, or too many were invited today.
    """
    _locked(structure)
    _must_keep(structure, by)
    email = email.strip().lower()
    known = structure.referents.filter(pk=user.pk) if user else structure.referents.filter(email=email)
    waiting = structure.invitations.open().filter(user=user, email=email)
    if known.exists() or waiting.exists():
        return None
    today = structure.invitations.filter(made_at__gt=timezone.now() - datetime.timedelta(days=1))
    if today.count() >= INVITATIONS_A_DAY:
        raise Impossible(_("Vous avez invité beaucoup de monde aujourd’hui : reprenez demain."))
    invitation = ReferentInvitation.objects.create(structure=structure, invited_by=by, email=email, user=user)
    words = {"structure": structure.name, "link": reverse("referent_invitation", args=[invitation.pk])}
    if user:
        tell(user, "directory.referent_invited", by=by, about=invitation, **words)
    else:
        post(email, "directory.referent_invited", by=by, about=invitation, **words)
    return invitation


@transaction.atomic
def answer_invitation(invitation: ReferentInvitation, *, by: User, accepted: bool) -> None:
    """Say yes or no to an invitation; those who keep the page learn of a yes. Raises Impossible once over."""
    structure = _locked(invitation.structure)
    if timezone.now() - invitation.made_at > INVITATION_LASTS:
        raise Impossible(_("Cette invitation a plus de trente jours : demandez-en une autre."))
    if structure.status == Status.ARCHIVED:
        raise Impossible(_("Cette page a été retirée du répertoire."))
    _settle(invitation, Answer.YES if accepted else Answer.NO)
    if not accepted:
        return
    others = list(structure.referents.filter(is_active=True).exclude(pk=by.pk))
    structure.referents.add(by)
    for other in others:
        tell(
            other,
            "directory.referent_joined",
            by=by,
            about=invitation,
            structure=structure.name,
            link=reverse("structure_referents", args=[structure.slug]),
        )


@transaction.atomic
def cancel_invitation(invitation: ReferentInvitation) -> None:
    """Take an invitation back before it is answered."""
    _settle(invitation, Answer.DROPPED)


@transaction.atomic
def remove_referent(structure: Structure, referent: User, *, by: User) -> None:
    """Take the page out of another's hands; she is told. Raises Impossible when either does not keep it."""
    _locked(structure)
    _must_keep(structure, by)
    if referent.pk == by.pk or not structure.referents.filter(pk=referent.pk).exists():
        raise Impossible(_("Cette personne ne tient pas cette page."))
    structure.referents.remove(referent)
    tell(
        referent,
        "directory.referent_removed",
        about=structure,
        period=timezone.now().isoformat(),
        structure=structure.name,
        link=structure.get_absolute_url(),
    )


@transaction.atomic
def step_down(structure: Structure, *, by: User, leaving_nobody: bool = False) -> None:
    """Stop keeping a page.

    Raises LastReferent when nobody would keep it any more, unless `leaving_nobody` says that this is meant.
    """
    _locked(structure)
    _must_keep(structure, by)
    if structure.referents.count() == 1 and not leaving_nobody:
        raise LastReferent(_("Vous êtes la seule personne à tenir cette page."))
    structure.referents.remove(by)


def _locked(structure: Structure) -> Structure:
    return Structure.objects.select_for_update().get(pk=structure.pk)


def _must_keep(structure: Structure, user: User) -> None:
    if not user.is_team and not structure.referents.filter(pk=user.pk).exists():
        raise Impossible(_("Vous ne tenez plus cette page."))


def _settle(request: ClaimRequest | ReferentInvitation, state: Answer) -> None:
    """Answer a request, once. Raises Impossible when it was answered meanwhile."""
    locked = type(request).objects.select_for_update().get(pk=request.pk)
    if locked.state != Answer.OPEN:
        raise Impossible(_("C’est déjà réglé. Rechargez la page."))
    request.state, request.settled_at = state, timezone.now()
    request.save()
