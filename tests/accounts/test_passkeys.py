"""Passkeys: added, named, used to come in and to prove oneself, taken away; and what does not open."""

from __future__ import annotations

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.accounts.doors import LOGIN, PASSWORD, SPACE, confirmed, sign_in
from tests.accounts.passkey import Passkey

pytestmark = pytest.mark.django_db

HOME = "/compte/securite/"
KEYS, ADD = f"{HOME}webauthn/", f"{HOME}webauthn/add/"
COME_IN, PROVE = f"{HOME}webauthn/login/", f"{HOME}webauthn/reauthenticate/"
CODES, NEW_CODES = f"{HOME}recovery-codes/", f"{HOME}recovery-codes/generate/"


def options(response) -> dict:
    """What the page gives the browser to ask the key for."""
    [found] = re.findall(
        r'<script id="js_data" type="application/json">(.*?)</script>', response.content.decode()
    )
    return json.loads(found)


def proved(name: str = "member") -> Client:
    """Someone who has just signed in, and confirmed that it is she."""
    confirmed(name)
    client = Client()
    sign_in(client, f"{name}@example.org")
    client.post("/compte/reauthenticate/", {"password": PASSWORD})
    mail.outbox.clear()
    return client


def add(client: Client, key: Passkey, name: str = "Mon téléphone"):
    made = key.made_for(options(client.get(ADD)))
    return client.post(ADD, {"name": name, "credential": made, "passwordless": "on"})


def is_in(client: Client) -> bool:
    return client.get(SPACE).status_code == 200


def come_in(client: Client, key: Passkey, **how):
    asked = client.get(COME_IN, headers={"X-Requested-With": "XMLHttpRequest"}).json()
    return client.post(COME_IN, {"credential": key.shown_to(asked, **how)})


@pytest.fixture
def key() -> Passkey:
    return Passkey()


@pytest.fixture
def owner(key) -> Client:
    """Someone signed in, who has just added a key."""
    client = proved()
    add(client, key)
    client.get(CODES)
    mail.outbox.clear()
    return client


def test_adding_a_key(key):
    client = proved()
    answer = add(client, key)
    assert answer.headers["Location"] == CODES
    shown = client.get(CODES).content.decode()
    assert "La clé d’accès est ajoutée" in shown
    assert [message.to for message in mail.outbox] == [["member@example.org"]]
    assert "Mon téléphone" in client.get(KEYS).content.decode()
    assert Authenticator.objects.get(type="webauthn").wrap().is_passwordless


#: What no key says.
NOISE = {
    "nothing": "",
    "no object": "[]",
    "null": "null",
    "a word": '"a"',
    "not JSON": "{",
    "empty": "{}",
    "an identifier alone": '{"id": "a"}',
    "identifiers that differ": '{"id": "a", "rawId": "b"}',
    "an empty answer": '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {}}',
    "a number for an answer": '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": 1}',
    "bottomless": "[" * 100_000,
}


@pytest.mark.parametrize("said", NOISE.values(), ids=NOISE)
def test_what_no_key_says_is_refused_in_words(said, owner, key, client):
    words = "La clé n’a pas répondu. Essayez encore."
    for path in (ADD, PROVE):
        answer = owner.post(path, {"name": "a", "credential": said}, follow=True)
        assert words in answer.content.decode(), path
    client.get(COME_IN, headers={"X-Requested-With": "XMLHttpRequest"})
    assert words in client.post(COME_IN, {"credential": said}, follow=True).content.decode()
    sign_in(client)
    assert client.post(f"{HOME}authenticate/", {"credential": said}).status_code == 200
    assert not is_in(client)
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_what_is_no_new_key_adds_none(key):
    client = proved()
    page = client.get(ADD)
    made = key.made_for(options(page))
    shown = Passkey().shown_to({"request_options": {"publicKey": {"rpId": "a", "challenge": "YQ"}}})
    nul, cut = made.replace('"rk": true', '"rk": "\\u0000"'), Passkey(public=b"\xa0").made_for(options(page))
    for said in (shown, nul, cut):
        answer = client.post(ADD, {"name": "a", "credential": said})
        assert answer.context["form"].errors, said
    # Each time the page is shown it asks anew: what it asked before serves no more.
    assert client.post(ADD, {"name": "a", "credential": made}).context["form"].errors
    assert not Authenticator.objects.exists()


def test_coming_in_by_key_alone(owner, key, client):
    come_in(client, key)
    assert is_in(client)
    assert Authenticator.objects.get(type="webauthn").last_used_at


@pytest.mark.parametrize(
    "how",
    [{"verified": False}, {"secret": ec.generate_private_key(ec.SECP256R1())}],
    ids=["nobody showed who she is", "signed by another key"],
)
def test_what_does_not_let_in(how, owner, key, client):
    assert come_in(client, key, **how).headers["Location"] == LOGIN
    assert not is_in(client)


def test_an_answer_serves_once(owner, key, client):
    asked = client.get(COME_IN, headers={"X-Requested-With": "XMLHttpRequest"}).json()
    answer = key.shown_to(asked)
    client.post(COME_IN, {"credential": answer})
    other = Client()
    other.get(COME_IN, headers={"X-Requested-With": "XMLHttpRequest"})
    other.post(COME_IN, {"credential": answer})
    assert (is_in(client), is_in(other)) == (True, False)


def test_a_key_is_the_second_factor_of_a_password(owner, key, client):
    asked = sign_in(client)
    assert asked.headers["Location"] == f"{HOME}authenticate/"
    assert not is_in(client)
    page = client.get(f"{HOME}authenticate/")
    client.post(f"{HOME}authenticate/", {"credential": key.shown_to(options(page))})
    assert is_in(client)


def test_proving_by_key_that_it_is_oneself(owner, key, client):
    come_in(client, key)
    with_time = client.session
    with_time["account_authentication_methods"] = []
    with_time.save()
    asked = client.get(NEW_CODES)
    assert asked.status_code == 302
    page = client.get(f"{PROVE}?next={NEW_CODES}")
    answer = client.post(PROVE, {"credential": key.shown_to(options(page)), "next": NEW_CODES})
    assert answer.headers["Location"] == NEW_CODES
    page = client.get(NEW_CODES)
    assert "Ceux que vous avez ne marcheront plus." in page.content.decode()
    assert client.post(NEW_CODES).headers["Location"] == CODES


def test_naming_a_key(owner):
    [one] = Authenticator.objects.filter(type="webauthn")
    edit = f"{KEYS}keys/{one.pk}/edit/"
    assert owner.get(edit).context["form"].initial == {"name": "Mon téléphone"}
    assert owner.post(edit, {"name": ""}).context["form"].errors
    owner.post(edit, {"name": "Ma tablette"})
    assert "Ma tablette" in owner.get(KEYS).content.decode()


def test_taking_a_key_away(owner, key, client):
    [one] = Authenticator.objects.filter(type="webauthn")
    remove = f"{KEYS}keys/{one.pk}/remove/"
    assert "Mon téléphone" in owner.get(remove).content.decode()
    assert Authenticator.objects.filter(type="webauthn").exists()
    owner.post(remove)
    assert "La clé d’accès est retirée" in owner.get(KEYS).content.decode()
    assert [message.to for message in mail.outbox] == [["member@example.org"]]
    come_in(client, key)
    assert not is_in(client)


def test_the_key_of_another_is_not_there(owner):
    [one] = Authenticator.objects.filter(type="webauthn")
    other = proved("professional")
    for what in ("edit", "remove"):
        assert other.get(f"{KEYS}keys/{one.pk}/{what}/").status_code == 404
        assert other.post(f"{KEYS}keys/{one.pk}/{what}/", {"name": "a"}).status_code == 404
    assert Authenticator.objects.get(pk=one.pk).wrap().name == "Mon téléphone"


def test_whoever_must_have_a_second_factor_keeps_her_last_key(owner, settings):
    settings.SECOND_FACTOR_COMPULSORY = True
    User.objects.update(is_team=True)
    [one] = Authenticator.objects.filter(type="webauthn")
    remove = f"{KEYS}keys/{one.pk}/remove/"
    for page in (owner.get(remove, follow=True), owner.post(remove, follow=True)):
        assert "ajoutez-en d’abord un autre" in page.content.decode()
    add(owner, Passkey(), "Une autre")
    owner.post(remove)
    assert [one.wrap().name for one in Authenticator.objects.filter(type="webauthn")] == ["Une autre"]
