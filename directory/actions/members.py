"""Who is named on the page of a structure: never without the person's own yes, nor that of the structure."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import refusal_as
from moderation.models import Status
from moderation.workflow import Impossible
from notifications.actions import tell

from ..models import Actor, Answer, Membership, MembershipProposal, Structure
from .actors import join_structure

#: What one structure may propose, and one person ask for, before anything is answered.
MOST_WAITING = 20


@transaction.atomic
def ask_to_be_named(structure: Structure, actor: Actor, *, function: str = "") -> MembershipProposal:
    """A person asks to be named on a page; those who keep it are told. Raises Impossible, in words."""
    referents = list(structure.referents.filter(is_active=True))
    if structure.status != Status.PUBLISHED or not referents:
        raise Impossible(_("Personne ne tient cette page : personne ne pourrait vous répondre."))
    _check_room(actor.proposals.open().filter(by_person=True).count())
    proposal = _propose(structure, actor, function, by_person=True)
    for referent in referents:
        tell(
            referent,
            "directory.member_asks",
            by=actor.user,
            about=proposal,
            structure=structure.name,
            link=reverse("structure_members", args=[structure.slug]),
        )
    return proposal


@transaction.atomic
def propose_member(structure: Structure, actor: Actor, *, by: User, function: str = "") -> MembershipProposal:
    """Those who keep a page ask a person to be named on it; she is told. Raises Impossible, in words."""
    _check_room(structure.proposals.open().filter(by_person=False).count())
    proposal = _propose(structure, actor, function, by_person=False)
    tell(
        actor.user,
        "directory.member_proposed",
        by=by,
        about=proposal,
        structure=structure.name,
        link=reverse("my_space"),
    )
    return proposal


@transaction.atomic
def answer_proposal(proposal: MembershipProposal, *, accepted: bool) -> None:
    """Say yes or no, on the side that was asked; the person is told of a yes. Raises Impossible once over."""
    locked = MembershipProposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.state != Answer.OPEN:
        raise Impossible(_("C’est déjà réglé. Rechargez la page."))
    locked.state, locked.settled_at = (Answer.YES if accepted else Answer.NO), timezone.now()
    locked.save()
    if not accepted:
        return
    join_structure(locked.actor, locked.structure, locked.function)
    if locked.by_person:
        tell(
            locked.actor.user,
            "directory.member_named",
            about=locked,
            structure=locked.structure.name,
            link=locked.structure.get_absolute_url(),
        )


@transaction.atomic
def drop_proposal(proposal: MembershipProposal) -> None:
    """Take a proposal back before it is answered."""
    waiting = MembershipProposal.objects.open().filter(pk=proposal.pk)
    waiting.update(state=Answer.DROPPED, settled_at=timezone.now())


def leave_structure(membership: Membership) -> None:
    """Take a person's name off a page, whoever of the two sides wishes it."""
    membership.delete()


def _propose(structure: Structure, actor: Actor, function: str, *, by_person: bool) -> MembershipProposal:
    if Membership.objects.filter(structure=structure, actor=actor).exists():
        raise Impossible(_("C’est déjà le cas."))
    proposal = MembershipProposal(structure=structure, actor=actor, function=function, by_person=by_person)
    with refusal_as(Impossible, MembershipProposal):
        proposal.save()
    return proposal


def _check_room(waiting: int) -> None:
    if waiting >= MOST_WAITING:
        raise Impossible(_("Beaucoup de propositions attendent déjà une réponse : laissez-leur le temps."))
