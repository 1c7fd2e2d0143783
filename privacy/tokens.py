"""The link by which someone whose account is closed takes that back, without being able to sign in."""

from __future__ import annotations

from django.core import signing

from .models import Closure

_SALT = "privacy.closure"


def of_closure(closure: Closure) -> str:
    return signing.dumps([closure.pk, closure.user_id], salt=_SALT)


def closure_of(token: str) -> Closure | None:
    """The closure a link is about; None when it is no link of ours, or there is nothing to take back."""
    try:
        pk, user = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    return (
        Closure.objects.filter(pk=pk, user=user, reason=Closure.Reason.ASKED).select_related("user").first()
    )
