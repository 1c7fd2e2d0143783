"""What would tell a stranger by its time who has an account: hashing a password, above all.

The time itself is measured by `python -m bench.doors`; here is its cause, which no load of a machine changes.
"""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client

from accounts import actions
from accounts.models import User
from tests.accounts.doors import ASK_CODE, PASSWORD, RESET, sign_in, sign_up

pytestmark = pytest.mark.django_db

DOORS = {
    "wrong password": lambda email: sign_in(Client(), email, "not the right one"),
    "sign up with a password": lambda email: sign_up(Client(), email, password=PASSWORD),
    "sign up with a code": lambda email: sign_up(Client(), email),
    "new password": lambda email: Client().post(RESET, {"email": email}),
    "code": lambda email: Client().post(ASK_CODE, {"email": email}),
}
#: How many hashes each door costs.
HASHES = {
    "wrong password": 1,
    "sign up with a password": 1,
    "sign up with a code": 0,
    "new password": 0,
    "code": 0,
}


def account(kind: str) -> str:
    """An address of this kind."""
    email = f"{kind}@example.org"
    if kind == "nobody":
        return email
    user = User.objects.create_user(email, None if kind == "passwordless" else PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=kind != "unverified", primary=True)
    if kind == "suspended":
        actions.close(user, User.Closed.SUSPENDED)
    return email


@pytest.mark.parametrize("door", DOORS)
def test_as_many_hashes_and_mails_whoever_has_an_account(door, monkeypatch):
    hashed = []
    encode = MD5PasswordHasher.encode

    def counted(self, password, salt):
        hashed.append(1)
        return encode(self, password, salt)

    emails = [account(kind) for kind in ("nobody", "member", "passwordless", "unverified", "suspended")]
    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    found = {}
    for email in emails:
        hashed.clear(), mail.outbox.clear()
        answer = DOORS[door](email)
        found[email] = (answer.status_code, len(hashed), len(mail.outbox))
    assert set(found.values()) == {
        (200 if door == "wrong password" else 302, HASHES[door], int(door != "wrong password"))
    }
