"""The mailbox of the demonstration: mails stay on the machine, one file each, and a page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class MailboxBackend(BaseEmailBackend):
    """Keeps each mail as a file named after its Message-ID: the same mail twice is one file."""

    in_doubt = False

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.OUTBOX_MAILBOX)
        folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            path = _path(mail.extra_headers["Message-ID"])
            draft = path.with_suffix(".part")
            draft.write_bytes(mail.message().as_bytes())
            draft.replace(path)
        return len(email_messages)


def took(message_id: str) -> bool:
    """The relay's log of the demonstration: whether the mailbox holds this mail."""
    return _path(message_id).exists()


def _path(message_id: str) -> Path:
    return Path(settings.OUTBOX_MAILBOX) / f"{message_id.strip('<>').partition('@')[0]}.eml"
