"""Every mail is a row: said once, sent once, and what became of it is written down."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.mail import send_mail

from notifications.models import Message

pytestmark = pytest.mark.django_db


def test_what_goes_through_django_becomes_a_row():
    send_mail("Bonjour", "Voici\n\nvotre code", None, ["someone@example.org"])
    row = Message.objects.get()
    assert (row.state, row.address, row.kind, row.text) == (
        "sent",
        "someone@example.org",
        "notifications.other",
        "",
    )
    (sent,) = mail.outbox
    assert sent.to == ["someone@example.org"]
    assert "votre code" in sent.body
    assert sent.extra_headers["Message-ID"] == row.message_id
