"""What the desk settles about structures beside the pages themselves: who keeps one, which are the same."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from moderation.registry import Choice, Matter, register_matter

from .actions import answer_claim, tell_apart
from .contributions import places_of
from .models import ClaimRequest, Duplicate


def register_matters() -> None:
    """Tell the desk of claims and of pairs that look alike."""
    register_matter(
        Matter(
            model=ClaimRequest,
            places=lambda claim: places_of(claim.structure),
            template="directory/desk/_claim.html",
            choices=(
                Choice("grant", _("Accorder")),
                Choice("refuse", _("Refuser"), needs_reason=True, variant="danger"),
            ),
            settle=_settle_claim,
        )
    )
    register_matter(
        Matter(
            model=Duplicate,
            places=lambda pair: {*places_of(pair.first), *places_of(pair.second)},
            template="directory/desk/_duplicate.html",
            choices=(Choice("different", _("Ce sont deux structures différentes"), variant="secondary"),),
            settle=_settle_pair,
        )
    )


def _settle_claim(claim: ClaimRequest, code: str, by: User, reason: str) -> None:
    answer_claim(claim, granted=code == "grant", by=by, reason=reason)


def _settle_pair(pair: Duplicate, code: str, by: User, reason: str) -> None:
    tell_apart(pair)
