"""The one table of what may become of a contribution, and the one function that does it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import Enum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import refusal_as

from .models import CLOSING_RULES, Decision, Ground, Publishable, Rule, Status, Verb
from .registry import kind_of

__all__ = ["TRANSITIONS", "Hand", "Impossible", "Verb", "apply"]


class Hand(Enum):
    """In what capacity one acts."""

    AUTHOR = "author"
    MODERATOR = "moderator"
    #: The site by itself: a rule, a term that ran out, an import.
    SITE = "site"


class Impossible(Exception):
    """The state of a contribution does not allow what was asked. Its text is for the person."""


@dataclass(frozen=True)
class Step:
    to: Status
    hands: frozenset[Hand]


_AUTHOR = frozenset({Hand.AUTHOR})
_KEEPERS = frozenset({Hand.MODERATOR, Hand.SITE})
_ANYONE = frozenset(Hand)

TRANSITIONS: dict[tuple[Status, Verb], Step] = {
    (Status.DRAFT, Verb.SUBMIT): Step(Status.SUBMITTED, _AUTHOR),
    (Status.RETURNED, Verb.SUBMIT): Step(Status.SUBMITTED, _AUTHOR),
    (Status.HIDDEN, Verb.SUBMIT): Step(Status.SUBMITTED, _AUTHOR),
    (Status.ARCHIVED, Verb.SUBMIT): Step(Status.SUBMITTED, _AUTHOR),
    (Status.SUBMITTED, Verb.TAKE_BACK): Step(Status.DRAFT, _AUTHOR),
    (Status.SUBMITTED, Verb.PUBLISH): Step(Status.PUBLISHED, _KEEPERS),
    (Status.SUBMITTED, Verb.RETURN): Step(Status.RETURNED, frozenset({Hand.MODERATOR})),
    (Status.SUBMITTED, Verb.REFUSE): Step(Status.REFUSED, frozenset({Hand.MODERATOR})),
    # Entered by the team, imported, or given back after an appeal.
    (Status.DRAFT, Verb.PUBLISH): Step(Status.PUBLISHED, _KEEPERS),
    (Status.REFUSED, Verb.PUBLISH): Step(Status.PUBLISHED, _KEEPERS),
    (Status.HIDDEN, Verb.PUBLISH): Step(Status.PUBLISHED, _KEEPERS),
    (Status.ARCHIVED, Verb.PUBLISH): Step(Status.PUBLISHED, _KEEPERS),
    (Status.PUBLISHED, Verb.HIDE): Step(Status.HIDDEN, _KEEPERS),
    # A moderator makes hers what the site hid by itself.
    (Status.HIDDEN, Verb.HIDE): Step(Status.HIDDEN, frozenset({Hand.MODERATOR})),
    (Status.PUBLISHED, Verb.ARCHIVE): Step(Status.ARCHIVED, _ANYONE),
    (Status.HIDDEN, Verb.ARCHIVE): Step(Status.ARCHIVED, _ANYONE),
    (Status.RETURNED, Verb.ARCHIVE): Step(Status.ARCHIVED, _ANYONE),
    (Status.REFUSED, Verb.ARCHIVE): Step(Status.ARCHIVED, _ANYONE),
    (Status.SUBMITTED, Verb.ARCHIVE): Step(Status.ARCHIVED, _KEEPERS),
    (Status.DRAFT, Verb.ARCHIVE): Step(Status.ARCHIVED, _KEEPERS),
}


@transaction.atomic
def apply(
    item: Publishable,
    verb: Verb,
    *,
    hand: Hand,
    by: User | None = None,
    reason: str = "",
    ground: Ground | str = "",
    rule: Rule | None = None,
    at: datetime.datetime | None = None,
) -> Decision | None:
    """Move `item` along TRANSITIONS, write the decision down, and tell the app it belongs to.

    Nothing else assigns a status. The caller has checked *who*: it found `item` through the queryset that
    says so; here it is *whether its state allows it*, read again under a lock, so that of two people who
    decide at the same moment the second is told.

    `at` keeps an earlier date of publication. A hand of the site that asks for what is already so changes
    nothing and gets None. Raises Impossible, with words for the person. Nothing appears of someone whose
    account is closed, whoever's hand it is: it can be decided again once the account is open.
    """
    if verb == Verb.PUBLISH:
        _refuse_while_closed(item)
    status = Status(type(item)._default_manager.select_for_update().get(pk=item.pk).status)
    step = TRANSITIONS.get((status, verb))
    if step is None or hand not in step.hands:
        if hand is Hand.SITE and _already(status, verb):
            item.status = status
            return None
        raise Impossible(
            _("Ce n’est plus possible : l’état est maintenant « %(state)s ». Rechargez la page.")
            % {"state": status.label}
        )
    now = timezone.now()
    item.status = step.to
    changed = ["status"]
    if step.to == Status.SUBMITTED:
        item.submitted_at = now
        changed.append("submitted_at")
    if step.to == Status.PUBLISHED:
        # What comes back keeps the date it first appeared; someone has just looked at it,
        # unless it comes back by itself with its account.
        item.published_at = at or item.published_at or now
        changed.append("published_at")
        if rule not in CLOSING_RULES or item.confirmed_at is None:
            item.confirmed_at = at or now
            changed.append("confirmed_at")
    with refusal_as(Impossible, type(item)):
        item.save(update_fields=changed)
    decision = Decision(
        target=item,
        verb=verb,
        before=status,
        after=step.to,
        by=by,
        ground=ground,
        rule=rule or "",
        reason=reason,
        at=now,
    )
    decision.full_clean(exclude=["content_type", "object_id"])
    decision.save()
    kind_of(item).changed(item)
    return decision


def _refuse_while_closed(item: Publishable) -> None:
    """Raise Impossible if `item` is shown by one person alone whose account is closed.

    The account is locked before the page, as when it closes: of a closing and a publication at the same
    moment, the second sees the first.
    """
    kind = kind_of(item)
    alone = [owner.pk for owner in kind.owners(item) if item in kind.shown_by(owner)]
    for owner in User.objects.filter(pk__in=alone).select_for_update(no_key=True):
        if User.Closed.SUSPENDED in owner.closed_for:
            raise Impossible(
                _(
                    "Le compte de cette personne est suspendu : rien d’elle ne peut paraître. "
                    "Ce sera possible quand la suspension sera levée."
                )
            )
        if not owner.is_active:
            raise Impossible(_("Le compte de cette personne est fermé : rien d’elle ne peut paraître."))


def _already(status: Status, verb: Verb) -> bool:
    return any(step.to == status for (_before, known), step in TRANSITIONS.items() if known == verb)
