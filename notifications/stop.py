"""Stopping mails from the link in one of them, without signing in."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from .models import Message

SALT = "notifications.stop"


def stop_path(message: Message) -> str:
    """The page that stops the family of this message for its reader; for a digest, all that it gathers."""
    token = signing.dumps([message.recipient_id, message.kind.partition(".")[0]], salt=SALT)
    return reverse("stop_mails", args=[token])
