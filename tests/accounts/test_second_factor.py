"""The second factor: who must have one, what it protects, and what its loss does not open."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.second_factor import SecondFactorAdapter
from tests import makers
from tests.accounts.doors import (
    ASK_CODE,
    GIVE_CODE,
    PASSWORD,
    RESET,
    SPACE,
    code_in,
    confirmed,
    sign_in,
)
from tests.conftest import VIEWERS
from tests.rules.routes import routes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _time_stands_still():
    """No test is at the turn of the thirty seconds of a code."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


HOME, AUTHENTICATE = "/compte/securite/", "/compte/securite/authenticate/"
ACTIVATE, REMOVE = "/compte/securite/totp/activate/", "/compte/securite/totp/deactivate/"
CODES, NEW_CODES = "/compte/securite/recovery-codes/", "/compte/securite/recovery-codes/generate/"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def shown_by(secret: str) -> str:
    """What the application shows now."""
    [counter] = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, counter))


def enrolled(name: str = "member") -> User:
    user = confirmed(name)
    TOTP.activate(user, SECRET)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    sign_in(client, user.email)
    if client.get(AUTHENTICATE).status_code == 200:
        client.post(AUTHENTICATE, {"code": shown_by(SECRET)})
    return client


def is_in(client: Client) -> bool:
    return client.get(SPACE).status_code == 200


@pytest.mark.parametrize(
    ("traits", "duties"),
    [
        ({}, False),
        ({"is_verified_professional": True}, False),
        ({"is_team": True}, True),
        ({"is_staff": True}, True),
        ({"is_superuser": True}, True),
    ],
)
def test_who_has_duties(traits, duties):
    assert User.objects.create_user("a@example.org", **traits).has_duties is duties


def test_an_ambassador_has_duties_while_she_is_one():
    user = User.objects.create_user("a@example.org")
    user.ambassador_of.add(makers.commune())
    assert user.has_duties
    user.ambassador_of.clear()
    assert not user.has_duties


def test_enrolling_an_application(client):
    confirmed()
    sign_in(client)
    mail.outbox.clear()
    page = client.get(ACTIVATE).content.decode()
    secret = client.session["mfa.totp.secret"]
    assert secret in page
    assert "data:image/svg+xml" in page
    wrong = client.post(ACTIVATE, {"code": "000000" if shown_by(secret) != "000000" else "111111"})
    assert wrong.context["form"].errors["code"] == [
        "Ce n’est pas le bon code. Attendez le suivant, puis essayez encore."
    ]
    assert not Authenticator.objects.exists()
    assert client.post(ACTIVATE, {"code": shown_by(secret)}).headers["Location"] == CODES
    first, again = client.get(CODES).content.decode(), client.get(CODES).content.decode()
    assert len(set(re.findall(r"<code>(\d{8})</code>", first))) == 10
    assert re.findall(r"<code>(\d{8})</code>", again) == []
    assert [message.to for message in mail.outbox] == [["member@example.org"]]


def test_nothing_in_the_database_gives_codes():
    user = enrolled()
    data = str(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))
    assert SECRET not in data
    adapter = SecondFactorAdapter()
    assert adapter.decrypt(adapter.encrypt("secret")) == "secret"


def test_secrets_outlive_a_change_of_key(settings):
    locked = SecondFactorAdapter().encrypt("secret")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-" + "1" * 50, [settings.SECRET_KEY]
    assert SecondFactorAdapter().decrypt(locked) == "secret"


def test_a_password_alone_does_not_open_the_account(client):
    enrolled()
    assert sign_in(client).headers["Location"] == AUTHENTICATE
    assert not is_in(client)
    client.post(AUTHENTICATE, {"code": "123 456"})
    assert not is_in(client)
    client.post(AUTHENTICATE, {"code": shown_by(SECRET)})
    assert is_in(client)


def test_a_code_by_mail_alone_does_not_open_it_either(client):
    user = enrolled()
    client.post(ASK_CODE, {"email": user.email})
    done = client.post(GIVE_CODE, {"code": code_in(mail.outbox[0])})
    assert done.headers["Location"] == AUTHENTICATE
    assert not is_in(client)
    client.post(AUTHENTICATE, {"code": shown_by(SECRET)})
    assert is_in(client)


def test_a_new_password_by_mail_does_not_open_it_either(client):
    user = enrolled()
    client.post(RESET, {"email": user.email})
    [path] = re.findall(r"/compte/password/reset/key/\S+", mail.outbox[0].body)
    new = "another good long password"
    form = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": new, "password2": new})
    assert not is_in(client)
    assert sign_in(client, password=new).headers["Location"] == AUTHENTICATE
    assert not is_in(client)


def test_what_an_application_shows_serves_once():
    user = enrolled()
    assert is_in(signed_in(user))
    again = Client()
    sign_in(again)
    again.post(AUTHENTICATE, {"code": shown_by(SECRET)})
    assert not is_in(again)


def test_a_recovery_code_serves_once():
    user = enrolled()
    client = signed_in(user)
    client.post(NEW_CODES)
    [code, *_others] = re.findall(r"<code>(\d{8})</code>", client.get(CODES).content.decode())
    outcomes = []
    for _ in range(2):
        lost = Client()
        sign_in(lost)
        lost.post(AUTHENTICATE, {"code": code})
        outcomes.append(is_in(lost))
    assert outcomes == [True, False]


def test_five_wrong_codes_and_no_more():
    enrolled()
    client = Client()
    sign_in(client)
    for _ in range(5):
        client.post(AUTHENTICATE, {"code": "12345678"})
    refused = client.post(AUTHENTICATE, {"code": shown_by(SECRET)})
    assert "quart d’heure" in str(refused.context["form"].errors)
    assert not is_in(client)


def test_a_change_of_factor_closes_the_other_sessions_and_is_told():
    user = enrolled()
    elsewhere = Client()
    elsewhere.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client = signed_in(user)
    mail.outbox.clear()
    client.post(REMOVE)
    assert not Authenticator.objects.exists()
    assert (is_in(client), is_in(elsewhere)) == (True, False)
    assert [message.to for message in mail.outbox] == [[user.email]]


def test_whoever_must_have_a_factor_keeps_one(settings):
    settings.SECOND_FACTOR_COMPULSORY = True
    client = signed_in(enrolled("team"))
    page = client.post(REMOVE)
    assert "Votre rôle demande un second facteur" in page.content.decode()
    assert Authenticator.objects.filter(type="totp").count() == 1


#: What remains open on the way to a second factor.
ON_THE_WAY = {"account_logout", "account_reauthenticate", "reauthenticate_by_code", "set_language", "health"}


def with_duties(viewer: str) -> Client:
    """Someone with duties, signed in, and without a second factor."""
    user = confirmed(viewer)
    if viewer == "ambassador":
        user.ambassador_of.add(makers.commune())
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("viewer", ["ambassador", "team", "admin"])
def test_duties_begin_with_a_second_factor(viewer, settings):
    settings.SECOND_FACTOR_COMPULSORY = True
    client = with_duties(viewer)
    paths = ("/", SPACE, "/acteurs/", "/gestion/", "/gestion/accounts/user/", "/compte/email/")
    assert {client.get(path).headers.get("Location") for path in paths} == {HOME}
    assert [client.get(path).status_code for path in (HOME, "/sante/")] == [200, 503]
    assert client.get(ACTIVATE).headers["Location"].startswith("/compte/reauthenticate/")


def test_duties_begin_with_a_second_factor_at_every_address(settings):
    settings.SECOND_FACTOR_COMPULSORY = True
    client = with_duties("team")
    asked = [route for route in routes() if route.key not in ON_THE_WAY and not route.key.startswith("mfa_")]
    let_in, tried = [], 0
    for route in asked:
        for method in ("GET", "POST"):
            answer = client.generic(method, route.example)
            # An example that no pattern takes leads nowhere, for anyone.
            tried += answer.status_code != 404
            if answer.status_code != 404 and answer.headers.get("Location") != HOME:
                let_in.append(f"{method} {route.key}")
    assert let_in == []
    assert tried > 150
    assert client.get(HOME).status_code == 200


def test_a_part_of_a_page_leads_there_too(settings):
    settings.SECOND_FACTOR_COMPULSORY = True
    client = with_duties("team")
    assert client.get("/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == HOME


@pytest.mark.parametrize("viewer", [name for name in VIEWERS if name not in ("visitor", "ambassador")])
def test_with_a_second_factor_one_goes_where_one_did(viewer, settings):
    settings.SECOND_FACTOR_COMPULSORY = True
    user = enrolled(viewer)
    client = signed_in(user)
    assert is_in(client)
    assert client.get("/gestion/").status_code == (200 if viewer == "admin" else 302)
    assert get_user(client).pk == user.pk


def test_the_team_removes_the_factor_of_whoever_lost_it():
    user = enrolled()
    client = signed_in(user)
    admin = Client()
    admin.force_login(confirmed("admin"), backend="allauth.account.auth_backends.AuthenticationBackend")
    data = {"action": "remove_second_factor", "_selected_action": user.pk}
    assert admin.post("/gestion/accounts/user/", data).status_code == 302
    assert not Authenticator.objects.exists()
    assert not is_in(client)


def test_a_member_is_not_asked(settings):
    settings.SECOND_FACTOR_COMPULSORY = True
    user = confirmed()
    client = Client()
    sign_in(client, user.email, PASSWORD)
    assert is_in(client)


def test_the_demonstration_says_what_it_forgives(settings):
    told = {}
    for name in ("member", "team"):
        user = confirmed(name)
        client = Client()
        sign_in(client, user.email)
        told[name] = "démonstration" in " ".join(str(said) for said in client.get(SPACE).context["messages"])
    assert told == {"member": False, "team": True}


def test_new_codes_are_asked_for_once_one_has_proved_who_one_is(client):
    enrolled()
    client = signed_in(User.objects.get())
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    prove = client.get(NEW_CODES)
    assert prove.headers["Location"].startswith("/compte/reauthenticate/")
    by_code = f"/compte/securite/reauthenticate/?next={NEW_CODES}"
    assert "Confirmez que c’est vous" in client.get(by_code).content.decode()
    wrong = "000000" if shown_by(SECRET) != "000000" else "111111"
    assert client.post(by_code, {"code": wrong}).context["form"].errors
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1), tick=False):
        answer = client.post(by_code, {"code": shown_by(SECRET), "next": NEW_CODES})
        assert answer.headers["Location"] == NEW_CODES
        assert "Faire les codes" in client.get(NEW_CODES).content.decode()
        assert client.post(NEW_CODES).headers["Location"] == CODES
    assert len(set(re.findall(r"<code>(\d{8})</code>", client.get(CODES).content.decode()))) == 10
