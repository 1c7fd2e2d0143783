"""How long a session lasts, what closes it, and the list of one's devices."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.templatetags.devices import device
from tests import makers
from tests.accounts.doors import PASSWORD, SPACE, code_in, confirmed, sign_in, wrong

pytestmark = pytest.mark.django_db

SESSIONS, ADDRESS, PROOF = "/compte/sessions/", "/compte/email/", "/compte/reauthenticate/code/"
Delta = datetime.timedelta


def is_in(client: Client) -> bool:
    return client.get(SPACE).status_code == 200


def signed_in(name: str = "member") -> Client:
    user = confirmed(name)
    if name == "ambassador":
        user.ambassador_of.add(makers.commune())
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize(
    ("viewer", "idle"),
    [
        ("member", Delta(days=7)),
        ("ambassador", Delta(minutes=30)),
        ("team", Delta(minutes=30)),
        ("admin", Delta(minutes=30)),
    ],
)
def test_a_session_that_does_not_serve_ends(viewer, idle):
    now = timezone.now()
    for later, lasts in ((-Delta(seconds=5), True), (Delta(seconds=5), False)):
        User.objects.all().delete()
        with time_machine.travel(now, tick=False):
            client = signed_in(viewer)
            assert is_in(client)
        with time_machine.travel(now + idle + later, tick=False):
            assert is_in(client) is lasts


@pytest.mark.parametrize(
    ("viewer", "whole", "step"),
    [
        ("member", Delta(days=30), Delta(days=6)),
        ("ambassador", Delta(hours=12), Delta(minutes=29)),
        ("team", Delta(hours=12), Delta(minutes=29)),
    ],
)
def test_a_session_that_serves_ends_too(viewer, whole, step):
    begun = now = timezone.now()
    with time_machine.travel(begun, tick=False):
        client = signed_in(viewer)
    while (now := now + step) < begun + whole:
        with time_machine.travel(now, tick=False):
            assert is_in(client)
    with time_machine.travel(begun + whole - Delta(seconds=1), tick=False):
        assert is_in(client)
    with time_machine.travel(begun + whole, tick=False):
        assert not is_in(client)


def test_a_session_is_written_once_a_minute_at_most():
    client = signed_in()
    with time_machine.travel(timezone.now(), tick=False):
        before = client.session["seen_at"]
        is_in(client)
        assert client.session["seen_at"] == before


def test_a_new_role_closes_the_sessions_of_before():
    client, admin = signed_in(), signed_in("admin")
    member = User.objects.get(email="member@example.org")
    form = {"email": member.email, "language": "fr", "is_active": "on", "date_joined_0": "2026-01-01"}
    assert admin.post(f"/gestion/accounts/user/{member.pk}/change/", form).status_code == 302
    assert is_in(client), "nothing has changed"
    assert (
        admin.post(f"/gestion/accounts/user/{member.pk}/change/", form | {"is_team": "on"}).status_code == 302
    )
    assert User.objects.get(pk=member.pk).is_team
    assert not is_in(client)
    assert is_in(admin)


def test_one_sees_ones_devices_and_disconnects_the_others():
    confirmed()
    here, there = Client(), Client(headers={"User-Agent": "Mozilla/5.0 (Android 15) Firefox/140.0"})
    sign_in(here), sign_in(there)
    page = here.get(SESSIONS).content.decode()
    assert page.count("Firefox sur Android") == 1
    assert page.count("cet appareil") == 1
    here.post(SESSIONS)
    assert (is_in(here), is_in(there)) == (True, False)
    assert here.get(SESSIONS).context["session_count"] == 1


def test_one_does_not_see_the_devices_of_another():
    signed_in("professional")
    client = signed_in()
    sign_in(Client(headers={"User-Agent": "Mozilla/5.0 (iPad) Safari/600"}), "professional@example.org")
    assert "iPad" not in client.get(SESSIONS).content.decode()


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox sur Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604", "Safari sur iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge sur Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome sur Android"),
        ("<script>", "Un navigateur sur un appareil inconnu"),
        ("", "Un navigateur sur un appareil inconnu"),
    ],
)
def test_a_browser_is_named_in_words(says, words):
    assert device(says) == words


def without_password() -> Client:
    user = User.objects.create_user("member@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def ask(client: Client):
    return client.post(ADDRESS, {"action_add": "", "email": "new@example.org"})


def test_without_a_password_a_code_by_mail_proves_that_it_is_oneself():
    client = without_password()
    refused = ask(client)
    assert refused.headers["Location"] == f"{PROOF}?next=%2Fcompte%2Femail%2F"
    assert mail.outbox == []
    client.get(PROOF)
    client.post(PROOF, {"action": "send", "next": ADDRESS})
    assert [message.to for message in mail.outbox] == [["member@example.org"]]
    code = code_in(mail.outbox.pop())
    assert client.get(PROOF + f"?next={ADDRESS}").status_code == 200
    answer = client.post(PROOF, {"code": wrong(code), "next": ADDRESS})
    assert answer.context["form"].errors["code"]
    client.post(PROOF, {"code": code, "next": ADDRESS})
    # What was asked before is done.
    assert [message.to for message in mail.outbox] == [["new@example.org"]]


def test_that_code_has_three_tries_and_ten_minutes():
    client = without_password()
    client.post(PROOF, {"action": "send"})
    code = code_in(mail.outbox.pop())
    for _ in range(3):
        client.post(PROOF, {"code": wrong(code)})
    client.post(PROOF, {"code": code})
    assert ask(client).headers["Location"].startswith(PROOF)
    client.post(PROOF, {"action": "send"})
    code = code_in(mail.outbox.pop())
    with time_machine.travel(timezone.now() + Delta(minutes=10, seconds=1), tick=False):
        client.post(PROOF, {"code": code})
        assert ask(client).headers["Location"].startswith(PROOF)


def test_without_a_code_sent_none_is_right():
    client = without_password()
    for code in ("", "000-000", "None"):
        assert client.post(PROOF, {"code": code}).status_code == 200
    assert ask(client).headers["Location"].startswith(PROOF)


def test_having_proved_it_lasts_five_minutes():
    confirmed()
    now = timezone.now()
    client = Client()
    with time_machine.travel(now, tick=False):
        sign_in(client)
    for later, asked in ((Delta(minutes=5, seconds=-1), False), (Delta(minutes=5), True)):
        with time_machine.travel(now + later, tick=False):
            assert ("reauthenticate" in ask(client).headers["Location"]) is asked


def test_three_codes_an_hour_to_prove_it():
    client = without_password()
    codes = [client.post(PROOF, {"action": "send"}).status_code for _ in range(4)]
    assert codes == [302, 302, 302, 429]
    with time_machine.travel(timezone.now() + Delta(hours=1, seconds=1), tick=False):
        assert client.post(PROOF, {"action": "send"}).status_code == 302


def test_a_first_password_is_not_set_by_whoever_found_the_session_open():
    client = without_password()
    answer = client.post("/compte/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    assert answer.headers["Location"].startswith(PROOF)
    assert not User.objects.get().has_usable_password()
