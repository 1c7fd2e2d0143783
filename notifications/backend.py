"""Django's door for mails: whatever goes through it becomes a row of the outbox."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import get_language

from accounts.models import User

from . import kinds, outbox, own_kinds
from .words import Words, one_line, paragraphs

#: What a mail may say of itself to the outbox; none of it leaves.
KIND, RECIPIENT = "X-Kind", "X-Recipient"


class OutboxBackend(BaseEmailBackend):
    """Takes the mails of allauth and of Django itself. They leave like the others, once committed."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            for address in mail.recipients():
                self._write(mail, address)
        return len(email_messages)

    @staticmethod
    def _write(mail: EmailMessage, address: str) -> None:
        code = mail.extra_headers.get(KIND, own_kinds.UNKNOWN)
        if code not in kinds.known():
            code = own_kinds.UNKNOWN
        about = mail.extra_headers.get(RECIPIENT)
        user = User.objects.filter(pk=about) if about else User.objects.filter(email=address.lower())
        message = outbox.write(
            kinds.kind(code),
            key=outbox.key_of(code, None, address, secrets.token_hex(8)),
            to=user.first(),
            address=address,
            spoken=Words(one_line(mail.subject), paragraphs(mail.body)),
            language=get_language() or "fr",
        )
        outbox.start(message)
