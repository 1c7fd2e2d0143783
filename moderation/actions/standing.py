"""Trust given and taken back, warnings, suspensions."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from notifications.actions import post

from ..links import appeal_path
from ..models import Ground, Sanction, Trust
from ..workflow import Impossible


@transaction.atomic
def vouch(user: User, *, by: User) -> Trust:
    """Let what `user` contributes appear at once, in the name of `by`. Vouching again changes nothing."""
    if Sanction.objects.in_force().filter(user=user).exists():
        raise Impossible(_("Cette personne a un avertissement ou une suspension en cours."))
    trust, _made = Trust.objects.get_or_create(
        user=user, withdrawn_at__isnull=True, defaults={"granted_by": by}
    )
    return trust


def withdraw_trust(user: User, *, by: User) -> None:
    """What `user` contributes is looked at first again."""
    Trust.objects.in_force().filter(user=user).update(withdrawn_at=timezone.now(), withdrawn_by=by)


@transaction.atomic
def warn(user: User, *, by: User, ground: Ground | str, reason: str) -> Sanction:
    """Tell someone officially what is wrong. Her contributions are looked at first again.

    The same words from the same hand, while they stand, are one warning: a button pressed twice says nothing
    twice.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    same = (
        user.sanctions.in_force()
        .filter(kind=Sanction.Kind.WARNING, by=by, ground=ground, reason=reason)
        .first()
    )
    if same:
        return same
    sanction = _sanction(user, Sanction.Kind.WARNING, by=by, ground=ground, reason=reason)
    withdraw_trust(user, by=by)
    post(user, "moderation.warned", about=sanction, **_said_of(sanction))
    return sanction


@transaction.atomic
def suspend(user: User, *, by: User, ground: Ground | str, reason: str, hours: int | None = None) -> Sanction:
    """Close an account for `hours`, or until further notice, and hide what it shows, at once.

    Raises Impossible when it is suspended already.
    """
    now = timezone.now()
    until = now + datetime.timedelta(hours=hours) if hours else None
    sanction = _sanction(
        user, Sanction.Kind.SUSPENSION, by=by, ground=ground, reason=reason, at=now, until=until
    )
    accounts.close(user, User.Closed.SUSPENDED, by=by, reason=reason)
    withdraw_trust(user, by=by)
    post(user, "moderation.suspended", about=sanction, **_said_of(sanction))
    return sanction


@transaction.atomic
def lift(sanction: Sanction, *, by: User | None = None) -> bool:
    """Take back a warning, or end a suspension. `by` is None when its term came.

    The account opens and what was hidden appears again, unless something else keeps it closed. Of several
    who do it at once, one does. Returns whether this one did.
    """
    now = timezone.now()
    held = Sanction.objects.in_force().filter(pk=sanction.pk)
    if not held.update(lifted_at=now, lifted_by=by):
        return False
    sanction.refresh_from_db()
    if sanction.kind == Sanction.Kind.SUSPENSION:
        accounts.open_again(sanction.user, User.Closed.SUSPENDED)
    post(
        sanction.user,
        "moderation.lifted",
        about=sanction,
        lifted=sanction.kind,
        is_open=sanction.user.is_active,
        link="",
    )
    return True


def lift_due(now: datetime.datetime) -> int:
    """End the suspensions whose term has come. Returns how many this run ended."""
    return sum(lift(sanction) for sanction in Sanction.objects.due(now).select_related("user"))


def _sanction(user: User, kind: Sanction.Kind, **said: object) -> Sanction:
    sanction = Sanction(user=user, kind=kind, **said)
    sanction.clean_fields()
    try:
        with transaction.atomic():
            sanction.save()
    except IntegrityError as refusal:
        if "sanction_one_suspension" in str(refusal):
            raise Impossible(_("Ce compte est déjà suspendu.")) from refusal
        raise
    return sanction


def _said_of(sanction: Sanction) -> dict[str, object]:
    contest = appeal_path(sanction, sanction.user)
    return {
        "ground": dict(Ground.choices).get(sanction.ground, ""),
        "reason": sanction.reason,
        "until": sanction.until,
        "contest": contest,
        "link": contest,
    }
