"""How those who keep a page are named to each other."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from moderation.models import Revision

from .models import Actor, Answer, ClaimRequest, Membership, MembershipProposal, ReferentInvitation, Structure


@dataclass(frozen=True)
class Referent:
    """Someone who keeps a page, under the name on her own page; else how her address begins and ends."""

    user: User
    name: str
    is_me: bool


def referents_of(structure: Structure, viewer: User) -> list[Referent]:
    """Those who keep the page, as `viewer`, who keeps it too, may know them."""
    users = list(structure.referents.order_by("pk"))
    pages = {page.user_id: page for page in Actor.objects.visible_to(viewer).filter(user__in=users)}
    return [
        Referent(
            user=user,
            name=pages[user.pk].display_name if user.pk in pages else masked(user.email),
            is_me=user.pk == viewer.pk,
        )
        for user in users
    ]


def members_to_invite(structure: Structure, viewer: User) -> QuerySet[Membership]:
    """The people named on the page whom `viewer` may see, and who neither keep it nor are asked to yet."""
    asked = structure.invitations.open().filter(user__isnull=False).values("user")
    ties = Membership.objects.visible_to(viewer).filter(structure=structure)
    ties = ties.exclude(actor__user__in=structure.referents.all()).exclude(actor__user__in=asked)
    return ties.select_related("actor__user").order_by("pk")


def masked(email: str) -> str:
    """Enough of an address to be recognised by who knows it: "c…@example.org"."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"


def my_structures(user: User) -> dict[str, object]:
    """What one's own space says of structures: those kept, what waits of each, what is asked of oneself."""
    waiting = Count("proposals", filter=Q(proposals__state=Answer.OPEN, proposals__by_person=True))
    kept = (
        user.structures.select_related("commune", "category").annotate(asked=waiting).order_by("name", "pk")
    )
    structures = list(kept)
    pks = [structure.pk for structure in structures]
    edits = Revision.objects.about(Structure).waiting().filter(object_id__in=pks)
    invitations = ReferentInvitation.objects.open().visible_to(user).select_related("structure")
    mine = MembershipProposal.objects.answerable_by(user).filter(by_person=False)
    named = Membership.objects.filter(actor__user=user, structure__in=Structure.objects.published())
    return {
        "named": named.select_related("structure").order_by("structure__name", "pk"),
        "structures": structures,
        "edits": set(edits.values_list("object_id", flat=True)),
        "invitations": invitations.order_by("pk"),
        "proposals": mine.select_related("structure", "actor").order_by("pk"),
        "claims": ClaimRequest.objects.open().filter(user=user).select_related("structure").order_by("pk"),
    }
