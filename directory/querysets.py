from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.audience import Audience
from accounts.models import Block
from moderation.models import PublishableQuerySet, Status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class ActorQuerySet(PublishableQuerySet):
    def visible_to(self, viewer: User | AnonymousUser) -> ActorQuerySet:
        """Published pages open to the circle of `viewer`, and her own whatever its state.

        Two people of whom one blocked the other do not find each other's page; the team, which answers for
        the site, sees everyone.
        """
        clearance = Audience.clearance(viewer)
        open_ones = Q(status=Status.PUBLISHED, audience__lte=clearance)
        if viewer.is_authenticated and clearance < Audience.TEAM:
            open_ones &= ~Exists(Block.objects.with_owner_of(OuterRef("user"), viewer))
        return self.filter(open_ones | Q(user_id=viewer.pk))


class StructureQuerySet(PublishableQuerySet):
    def visible_to(self, viewer: User | AnonymousUser) -> StructureQuerySet:
        """Published structures, and those `viewer` keeps whatever their state."""
        kept = self.filter(referents=viewer.pk).values("pk") if viewer.pk else []
        return self.filter(Q(status=Status.PUBLISHED) | Q(pk__in=kept))


class MembershipQuerySet(QuerySet):
    def visible_to(self, viewer: User | AnonymousUser) -> MembershipQuerySet:
        """Ties whose two ends `viewer` may see."""
        from .models import Actor, Structure

        return self.filter(
            actor__in=Actor.objects.visible_to(viewer), structure__in=Structure.objects.visible_to(viewer)
        )


class ListingQuerySet(QuerySet):
    def open_to(self, clearance: Audience) -> ListingQuerySet:
        """Rows the circle `clearance` may see."""
        return self.filter(audience__lte=clearance)

    def at(self, positions: list[int]) -> ListingQuerySet:
        """The rows at these positions, in no order."""
        return self.filter(position__in=positions)
