from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F

from . import closing
from .consents import current
from .models import Block, Consent, User


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
def close(user: User, why: User.Closed, *, by: User | None = None, reason: str = "") -> None:
    """Close the account for a reason, beside those it may have already: what it shows is hidden now, its
    sessions end at their next request. `by` and `reason` are written down with what is hidden.
    """
    _write_reasons(user, lambda reasons: reasons | {why})
    close_sessions(user)
    closing.hide(user, why, by, reason)


@transaction.atomic
def open_again(user: User, why: User.Closed) -> bool:
    """Take a reason away. When no other is left the account opens, and what its closing hid appears again.

    Returns whether it is open. Sessions of before stay closed.
    """
    _write_reasons(user, lambda reasons: reasons - {why})
    if user.is_active:
        closing.show_again(user)
    return user.is_active


def _write_reasons(user: User, change: Callable[[set[str]], set[str]]) -> None:
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    user.closed_for = sorted(map(str, change(set(locked.closed_for))))
    user.is_active = not user.closed_for
    user.save(update_fields=["closed_for", "is_active"])


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


def block(*, blocker: User, blocked: User) -> Block:
    """Cut every channel between the two, both ways. Doing it again changes nothing."""
    made, _created = Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    return made


def unblock(*, blocker: User, blocked: User) -> None:
    """Take one's own block back. One that the other made holds."""
    Block.objects.filter(blocker=blocker, blocked=blocked).delete()
