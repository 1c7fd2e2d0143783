from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

from django.db.models import Exists, Func, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from accounts.audience import Audience
from accounts.models import Block
from core.text import plain
from moderation.models import PublishableQuerySet, Status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

    from .models import Charter, Invitation, Structure


class ActorQuerySet(PublishableQuerySet):
    def visible_to(self, viewer: User | AnonymousUser) -> ActorQuerySet:
        """Published pages open to the circle of `viewer`, and her own whatever its state.

        Two people of whom one blocked the other do not find each other's page; the team, which answers for
        the site, sees everyone.
        """
        clearance = Audience.clearance(viewer)
        open_ones = Q(status=Status.PUBLISHED, audience__lte=clearance)
        if viewer.pk and clearance < Audience.TEAM:
            open_ones &= ~Exists(Block.objects.with_owner_of(OuterRef("user"), viewer))
        return self.filter(open_ones | Q(user_id=viewer.pk))


class StructureQuerySet(PublishableQuerySet):
    def visible_to(self, viewer: User | AnonymousUser) -> StructureQuerySet:
        """Published structures, and those `viewer` keeps whatever their state."""
        kept = self.filter(referents=viewer.pk).values("pk") if viewer.pk else []
        return self.filter(Q(status=Status.PUBLISHED) | Q(pk__in=kept))

    def editable_by(self, user: User | AnonymousUser) -> StructureQuerySet:
        """Those `user` keeps; all of them for the team, which writes for those who cannot."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.is_team else self.filter(pk__in=self.filter(referents=user).values("pk"))

    def orphans(self) -> StructureQuerySet:
        """Published structures that nobody keeps."""
        return self.published().filter(referents=None)

    def read_like(self, name: str) -> StructureQuerySet:
        """Those whose name passes for `name` to the eye without being it: letters of another alphabet, 0 for
        O. Names written the same, accents apart, are no disguise.
        """
        read = self.filter(name__fr_skeleton=Func(Value(name), function="fr_skeleton"))
        drawn = any(sign.isalpha() and normalize("NFKC", sign) != sign for sign in normalize("NFC", name))
        return read if drawn else read.exclude(name__fr_sort_key=plain(name))


class ClaimQuerySet(QuerySet):
    def open(self) -> ClaimQuerySet:
        """Those the team has not answered."""
        return self.filter(state="open")


class InvitationQuerySet(QuerySet):
    def open(self) -> InvitationQuerySet:
        """Those not answered yet."""
        return self.filter(state="open")

    def visible_to(self, user: User | AnonymousUser) -> InvitationQuerySet:
        """Those made to `user`: to her account, or to an address she has shown to be hers."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        mine = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
        return self.filter(Q(user=user) | Q(email__in=[address.lower() for address in mine]))


class ProposalQuerySet(QuerySet):
    def open(self) -> ProposalQuerySet:
        """Those not answered yet."""
        return self.filter(state="open")

    def answerable_by(self, user: User | AnonymousUser) -> ProposalQuerySet:
        """Open ones that wait for `user`: proposed to her, or to a structure she keeps."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        kept = user.structures.values("pk")
        return self.open().filter(
            Q(by_person=False, actor__user=user) | Q(by_person=True, structure__in=kept)
        )

    def made_by(self, user: User | AnonymousUser) -> ProposalQuerySet:
        """Open ones that `user`, or a structure she keeps, made and may take back."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        kept = user.structures.values("pk")
        return self.open().filter(
            Q(by_person=True, actor__user=user) | Q(by_person=False, structure__in=kept)
        )


class DuplicateQuerySet(QuerySet):
    def open(self) -> DuplicateQuerySet:
        """Pairs nobody has settled."""
        return self.filter(state="open")

    def of(self, structure: Structure) -> DuplicateQuerySet:
        """The pairs `structure` is in."""
        return self.filter(Q(first=structure) | Q(second=structure))

    def decidable_by(self, user: User | AnonymousUser) -> DuplicateQuerySet:
        """Pairs that `user` may settle: the team alone merges."""
        return self.open() if user.is_authenticated and user.is_active and user.is_team else self.none()


class MembershipQuerySet(QuerySet):
    def visible_to(self, viewer: User | AnonymousUser) -> MembershipQuerySet:
        """Ties whose two ends `viewer` may see."""
        from .models import Actor, Structure

        return self.filter(
            actor__in=Actor.objects.visible_to(viewer), structure__in=Structure.objects.visible_to(viewer)
        )

    def changeable_by(self, user: User | AnonymousUser) -> MembershipQuerySet:
        """One's own ties, and those of the structures one keeps where the person may be seen."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        from .models import Actor

        kept = self.filter(
            structure__in=user.structures.values("pk"), actor__in=Actor.objects.visible_to(user)
        )
        return self.filter(Q(actor__user=user) | Q(pk__in=kept.values("pk")))


class ListingQuerySet(QuerySet):
    def open_to(self, clearance: Audience) -> ListingQuerySet:
        """Rows the circle `clearance` may see."""
        return self.filter(audience__lte=clearance)

    def at(self, positions: list[int]) -> ListingQuerySet:
        """The rows at these positions, in no order."""
        return self.filter(position__in=positions)


class CharterQuerySet(QuerySet):
    def in_force(self) -> Charter | None:
        """The version to sign at present; None where the instance asks for none."""
        return self.filter(published_at__lte=timezone.now()).order_by("-published_at", "-pk").first()

    def to_sign(self, user: User) -> Charter | None:
        """The version in force, when `user` has not signed it yet."""
        charter = self.in_force()
        return None if charter is None or charter.signatures.filter(user=user).exists() else charter


class JoiningQuerySet(QuerySet):
    def usable(self) -> JoiningQuerySet:
        """Neither used yet nor past their term."""
        return self.filter(used_at__isnull=True, expires_at__gt=timezone.now())

    def bearing(self, token: str) -> Invitation | None:
        """The usable invitation that this link leads to."""
        return self.usable().filter(token_print=self.model.print_of(token)).first()
