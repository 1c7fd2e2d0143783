"""The addresses of an account: each change is confirmed by mail, and told to the address that was there."""

from __future__ import annotations

import re
from email.utils import parseaddr

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from tests.conftest import make_viewer

pytestmark = pytest.mark.django_db

ADDRESSES, OLD, NEW = "/compte/email/", "member@example.org", "new@example.org"


@pytest.fixture
def client() -> Client:
    """Someone signed in, just now, whose one address is confirmed."""
    user = make_viewer("member")
    EmailAddress.objects.create(user=user, email=OLD, verified=True, primary=True)
    client = Client()
    client.post("/compte/login/", {"login": OLD, "password": "a good long password"})
    client.get("/")
    mail.outbox.clear()
    return client


def told(client: Client) -> str:
    """What the next page says of what has just been done."""
    return " ".join(str(message) for message in client.get("/").context["messages"])


def add(client: Client) -> str:
    """Add an address; return the path that confirms it."""
    client.post(ADDRESSES, {"action_add": "", "email": NEW})
    [message] = mail.outbox
    assert message.to == [NEW]
    mail.outbox.clear()
    return re.search(r"https?://[^/]+(/compte/confirm-email/\S+)", message.body)[1]


def state() -> dict[str, tuple[bool, bool]]:
    return {one.email: (one.verified, one.primary) for one in EmailAddress.objects.order_by("email")}


def test_a_new_address_waits_for_its_confirmation(client):
    link = add(client)
    assert NEW in told(client)
    assert state() == {OLD: (True, True), NEW: (False, False)}
    assert client.get(link).status_code == 200
    client.post(link)
    assert NEW in told(client)
    assert state() == {OLD: (True, True), NEW: (True, False)}


def test_the_old_address_is_told_of_the_new_one(client):
    client.post(add(client))
    mail.outbox.clear()
    client.post(ADDRESSES, {"action_primary": "", "email": NEW})
    assert told(client)
    assert state() == {OLD: (True, False), NEW: (True, True)}
    assert [OLD] in [message.to for message in mail.outbox]
    mail.outbox.clear()
    client.post(ADDRESSES, {"action_remove": "", "email": OLD})
    assert OLD in told(client)
    assert state() == {NEW: (True, True)}
    assert mail.outbox


def test_an_address_not_confirmed_does_not_become_the_main_one(client):
    add(client)
    told(client)
    client.post(ADDRESSES, {"action_primary": "", "email": NEW})
    assert told(client)
    assert state() == {OLD: (True, True), NEW: (False, False)}


def test_the_main_address_is_not_removed(client):
    add(client)
    told(client)
    client.post(ADDRESSES, {"action_remove": "", "email": OLD})
    assert OLD in told(client)
    assert OLD in state()


def test_an_address_confirmed_by_another_meanwhile_stays_theirs(client):
    link = add(client)
    told(client)
    other = make_viewer("professional")
    EmailAddress.objects.create(user=other, email=NEW, verified=True, primary=True)
    client.post(link)
    assert told(client)
    assert list(EmailAddress.objects.filter(email=NEW, verified=True).values_list("user", flat=True)) == [
        other.pk
    ]


def test_another_confirmation_can_be_asked_for(client):
    EmailAddress.objects.create(user=client.get("/").context["user"], email=NEW)
    client.post(ADDRESSES, {"action_send": "", "email": NEW})
    assert [message.to for message in mail.outbox] == [[NEW]]


def test_a_password_is_set_once_then_changed():
    user = make_viewer("member")
    user.set_unusable_password()
    user.save()
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/compte/password/change/").headers["Location"] == "/compte/password/set/"
    assert client.get("/compte/password/set/").status_code == 200
    new = "another good long password"
    client.post("/compte/password/set/", {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)
    assert told(client)
    assert [message.to for message in mail.outbox] == [[OLD]]


def test_no_mail_tells_more_than_it_should(client):
    """Plain text, from our own address, with no address but the reader's."""
    client.post(add(client))
    client.post(ADDRESSES, {"action_primary": "", "email": NEW})
    assert mail.outbox
    for message in mail.outbox:
        assert parseaddr(message.from_email)[1] == "partenariat@example.org"
        assert "\n" not in message.subject
        assert len(message.subject) > 5
        assert "⟦" not in message.body
