from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from moderation.models import PublishableQuerySet, Status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class ProjectQuerySet(PublishableQuerySet):
    def visible_to(self, viewer: User | AnonymousUser) -> ProjectQuerySet:
        """Published projects, open to everyone, and those `viewer` writes whatever their state."""
        own = self.filter(editors=viewer.pk).values("pk") if viewer.pk else []
        return self.filter(Q(status=Status.PUBLISHED) | Q(pk__in=own))

    def editable_by(self, user: User | AnonymousUser) -> ProjectQuerySet:
        """Those `user` writes; for the team, which helps those who cannot, all but the drafts of others."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Q(pk__in=self.filter(editors=user).values("pk"))
        return self.filter(own | ~Q(status=Status.DRAFT)) if user.is_team else self.filter(own)
