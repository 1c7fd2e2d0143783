"""By which way people came, and who is told: those who moderate, the person, and whoever invited her.

Nobody else: that someone knows someone is theirs to say.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import User
from moderation.registry import names_of

from .models import Actor, Invitation, Origin, Structure


def came_by(actor: Actor) -> str:
    """The way someone came, in words for those who moderate."""
    if actor.origin == Origin.MEMBER and actor.invitation:
        sponsor = actor.invitation.sponsor
        return _("parrainé par %(name)s") % {"name": names_of([sponsor])[sponsor.pk]}
    if actor.origin == Origin.STRUCTURE and actor.invitation:
        return _("invité par %(name)s") % {"name": actor.invitation.structure.name}
    if actor.origin == Origin.POSTER and actor.poster:
        return _("affiche « %(title)s »") % {"title": actor.poster.title}
    return str(actor.get_origin_display())


def inviter_of(actor: Actor) -> Actor | Structure | None:
    """The page of the person or the structure that invited her; None when she may not see it."""
    invitation = actor.invitation
    if invitation is None or invitation.kind == Invitation.Kind.TEAM:
        return None
    if invitation.structure:
        return invitation.structure
    return Actor.objects.visible_to(actor.user).published().filter(user=invitation.sponsor_id).first()


def pages_made(invitations: Iterable[Invitation], viewer: User) -> dict[int, Actor]:
    """The page that each invitation led to, for those that who sent them may see."""
    pages = Actor.objects.visible_to(viewer).published().filter(invitation__in=list(invitations))
    return {page.invitation_id: page for page in pages}
