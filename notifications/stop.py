"""Stopping mails from the link in one of them, without signing in."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from accounts.models import User

from . import kinds
from .models import Message

#: Without a date: a mail is read months later, and stopping must work then.
signer = signing.Signer(salt="notifications.stop")


def stop_path(message: Message) -> str:
    """The page that stops the family of this message for its reader; for a digest, all that it gathers."""
    return reverse("stop_mails", args=[signer.sign_object([message.recipient_id, message.family])])


def who_stops_what(token: str) -> tuple[User, str] | None:
    """The person and the family a link of ours names, however old it is. None for any other link."""
    try:
        user_id, family = signer.unsign_object(token)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=user_id).first()
    known = {kinds.OWN_FAMILY, *(one.code for one in kinds.chosen_families())}
    return (user, family) if user and family in known else None
