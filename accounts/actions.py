from __future__ import annotations

import datetime
from collections.abc import Set as AbstractSet

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F

from .consents import current
from .models import Block, Consent, User

#: How long an account waits for its address to be confirmed.
UNVERIFIED_KEPT = datetime.timedelta(hours=72)


@transaction.atomic
def record_consent(
    user: User, purpose: Consent.Purpose, *, granted: bool, channel: Consent.Channel
) -> Consent:
    """Write down an answer, and to which words. What follows from it is the caller's to do."""
    read = current(purpose)
    return Consent.objects.create(
        subject=user,
        purpose=purpose,
        granted=granted,
        channel=channel,
        text_version=read.version,
        text_digest=read.digest,
    )


def granted_purposes(user: User) -> AbstractSet[str]:
    """The purposes whose latest answer is yes."""
    latest = user.consents.order_by("purpose", "-pk").distinct("purpose")
    return {consent.purpose for consent in latest if consent.granted}


def close_sessions(user: User) -> None:
    """End every session of `user`, on every device, at its next request.

    To keep the one at hand, call `django.contrib.auth.update_session_auth_hash(request, user)` after.
    """
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])


@transaction.atomic
def suspend(user: User, *, until: datetime.datetime | None = None) -> None:
    """Close the account and all its sessions, at their next request. `until`: None for no term."""
    user.is_active = False
    user.suspended_until = until
    user.save(update_fields=["is_active", "suspended_until"])
    close_sessions(user)


@transaction.atomic
def reinstate(user: User) -> None:
    """Open the account again. Sessions of before stay closed."""
    user.is_active = True
    user.suspended_until = None
    user.save(update_fields=["is_active", "suspended_until"])


def end_suspensions(now: datetime.datetime) -> int:
    """Open again the accounts whose suspension has reached its term. Returns how many."""
    return User.objects.filter(suspended_until__lte=now).update(is_active=True, suspended_until=None)


@transaction.atomic
def verify_professional(user: User) -> None:
    """Note that Pro Santé Connect knows her as a professional. Her sessions of before are closed."""
    if not user.is_verified_professional:
        user.is_verified_professional = True
        user.save(update_fields=["is_verified_professional"])
        close_sessions(user)


@transaction.atomic
def remove_second_factor(user: User) -> None:
    """For someone who has lost both her device and her codes. Her sessions are closed."""
    Authenticator.objects.filter(user=user).delete()
    close_sessions(user)


def forget_unverified(now: datetime.datetime) -> int:
    """Erase the accounts asked for online whose address was never confirmed in 72 hours. Returns how many.

    Those made by the team on behalf of someone wait for her.
    """
    begun = User.objects.filter(is_unconfirmed=True, date_joined__lte=now - UNVERIFIED_KEPT)
    return len([user.delete() for user in begun.order_by("pk")])


def block(*, blocker: User, blocked: User) -> Block:
    """Cut every channel between the two, both ways. Doing it again changes nothing."""
    made, _created = Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    return made


def unblock(*, blocker: User, blocked: User) -> None:
    """Take one's own block back. One that the other made holds."""
    Block.objects.filter(blocker=blocker, blocked=blocked).delete()
