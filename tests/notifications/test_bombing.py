"""Burying someone under our mails: every door that sends one to an address, from many places and accounts.

`BOMBS=10000` in the environment asks for that many requests; sixty are enough to hit every limit.
"""

from __future__ import annotations

import os
from itertools import cycle

import pytest
from django.test import Client
from django.urls import reverse

from accounts import limits
from accounts.models import User
from notifications.models import Message
from notifications.outbox import MAILS_A_DAY_FROM_ANYONE

pytestmark = pytest.mark.django_db

BOMBS = int(os.environ.get("BOMBS", "60"))
VICTIM = "victim@example.org"
EVIL = "victim@example.org\r\nBcc: other@example.org"


def bombard(victim: str, times: int = BOMBS) -> set[int]:
    """Ask so many times for mails to `victim` at every door in turn. Returns the codes of the answers."""
    members = [User.objects.create_user(f"member{rank}@example.org") for rank in range(20)]
    clients = [Client() for _member in members]
    for client, member in zip(clients, members, strict=True):
        client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    doors = [
        ("account_reset_password", {"email": victim}),
        ("account_request_login_code", {"email": victim}),
        ("account_signup", {"email": victim}),
        ("account_signup", {"email": victim, "password1": "a good long password"}),
        ("account_email", {"email": victim, "action_add": ""}),
    ]
    signed_in, codes = cycle(clients), set()
    for rank in range(times):
        door, data = doors[rank % len(doors)]
        client = next(signed_in) if door == "account_email" else Client()
        place = f"192.0.2.{rank % 100 + 1}"
        codes.add(client.post(reverse(door), data, REMOTE_ADDR=place).status_code)
    return codes


@pytest.mark.parametrize(
    ("lock", "has_an_account"), [("both locks", True), ("both locks", False), ("the outbox alone", True)]
)
def test_a_victim_gets_five_mails_a_day_at_most(lock, has_an_account, took, monkeypatch, settings):
    if has_an_account:
        User.objects.create_user(VICTIM)
    if lock == "the outbox alone":
        monkeypatch.setattr(limits, "spend", lambda *args, **kwargs: None)
        settings.ACCOUNT_RATE_LIMITS = {}
    assert bombard(VICTIM) <= {200, 302, 409, 429}
    received = [to for to, _id in took()]
    assert set(received) <= {VICTIM}
    if lock == "both locks":
        assert 1 <= len(received) <= MAILS_A_DAY_FROM_ANYONE
    else:
        assert len(received) == MAILS_A_DAY_FROM_ANYONE
        assert Message.objects.filter(address=VICTIM, state="withheld").exists()


def test_nobody_else_is_reached_by_an_address_with_a_line_break(took):
    bombard(EVIL, times=5)
    assert took() == []
