from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Block

if TYPE_CHECKING:
    from accounts.models import User
    from directory.models import Actor, Structure


class ConversationQuerySet(QuerySet):
    def of(self, user: User) -> ConversationQuerySet:
        """Those `user` asked, was asked, or answers for with a structure.

        What is written to a structure never reaches a referent who is cut off from its author.
        """
        cut_off = Block.objects.with_owner_of(OuterRef("asker"), user)
        of_structures = Q(structure__in=user.structures.values("pk")) & ~Exists(cut_off)
        return self.filter(Q(asker=user) | Q(recipient=user) | of_structures)

    def live(self) -> ConversationQuerySet:
        """Those where letters may still be added."""
        return self.filter(state__in=self.model.LIVE)

    def between(self, asker: User, page: Actor | Structure) -> ConversationQuerySet:
        """Those of `asker` with the owner of a page, whoever of the two began; or with a structure."""
        if page._meta.model_name == "structure":
            return self.filter(asker=asker, structure=page)
        return self.filter(Q(asker=asker, recipient=page.user_id) | Q(asker=page.user_id, recipient=asker))

    def asked_of(self, page: Actor | Structure) -> ConversationQuerySet:
        """Those begun by anyone with the owner of a page, or with a structure."""
        if page._meta.model_name == "structure":
            return self.filter(structure=page)
        return self.filter(recipient=page.user_id)

    def with_news_for(self, user: User) -> ConversationQuerySet:
        """Each with `has_news`: a letter of the others that `user` has not read."""
        from .models import Letter, Part

        read_at = Part.objects.filter(conversation=OuterRef("conversation"), user=user).values("read_at")
        read = Q(read_at__isnull=False, sent_at__lte=F("read_at"))
        letters = Letter.objects.filter(conversation=OuterRef("pk")).exclude(author=user)
        return self.annotate(has_news=Exists(letters.annotate(read_at=Subquery(read_at)).exclude(read)))

    def unread_by(self, user: User) -> ConversationQuerySet:
        """Those of `user` where a letter waits to be read."""
        return self.of(user).with_news_for(user).filter(has_news=True)

    def latest_first(self) -> ConversationQuerySet:
        return self.order_by("-last_letter_at", "-pk")

    def with_people(self) -> ConversationQuerySet:
        """What their names are read from, in one query."""
        return self.select_related("asker__actor", "recipient__actor", "structure")
