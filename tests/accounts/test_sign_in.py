"""Signing in: what a stranger learns (nothing), how often one may try, and what ends a session."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts import actions
from accounts.models import User
from tests.accounts.doors import (
    ASK_CODE,
    GIVE_CODE,
    LOGIN,
    PASSWORD,
    RESET,
    SPACE,
    code_in,
    confirmed,
    headers,
    plain,
    sign_in,
)
from tests.conftest import make_viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> User:
    return confirmed()


@pytest.mark.parametrize("form", ["login", "reset", "code"])
def test_a_stranger_does_not_learn_who_has_an_account(form, member):
    answers = []
    for email in (member.email, "nobody@example.org"):
        client = Client()
        client.get(LOGIN)
        if form == "login":
            answers.append((email, sign_in(client, email, "not the right password")))
        else:
            door = {"reset": RESET, "code": ASK_CODE}[form]
            answers.append((email, client.post(door, {"email": email})))
    (known, first), (unknown, second) = answers
    assert first.status_code == second.status_code == {"login": 200, "reset": 302, "code": 302}[form]
    assert headers(first) == headers(second)
    assert plain(first, known) == plain(second, unknown)
    assert [message.to for message in mail.outbox] == ([] if form == "login" else [[known], [unknown]])


def test_the_page_after_asking_for_a_reset_is_the_same_for_all(member):
    pages = []
    for email in (member.email, "nobody@example.org"):
        client = Client()
        pages.append(plain(client.post(RESET, {"email": email}, follow=True), email))
    assert pages[0] == pages[1]


def test_the_page_after_asking_for_a_code_is_the_same_for_all(member):
    pages = []
    for email in (member.email, "nobody@example.org"):
        client = Client()
        asked = plain(client.post(ASK_CODE, {"email": email}, follow=True), email)
        tried = plain(client.post(GIVE_CODE, {"code": "000-000"}), email)
        pages.append((asked, tried))
    assert pages[0] == pages[1]


def test_a_code_opens_the_account_once(member):
    client = Client()
    client.post(ASK_CODE + "?next=/territoires/", {"email": member.email, "next": "/territoires/"})
    code = code_in(mail.outbox[0])
    done = client.post(GIVE_CODE, {"code": code, "next": "/territoires/"})
    assert done.headers["Location"] == "/territoires/"
    assert client.get(SPACE).status_code == 200
    again = Client()
    again.post(GIVE_CODE, {"code": code})
    assert again.get(SPACE).status_code == 302


def test_a_closed_account_gets_no_code(member):
    actions.close(member, User.Closed.SUSPENDED)
    Client().post(ASK_CODE, {"email": member.email})
    [message] = mail.outbox
    assert re.findall(r"\d{3}-\d{3}", message.body) == []


def test_the_reset_link_works_once_and_leads_to_us(member):
    Client().post(RESET, {"email": member.email}, headers={"Host": "localhost"})
    [message] = mail.outbox
    [link] = re.findall(r"https?://\S+/compte/password/reset/key/\S+", message.body)
    path = link.removeprefix("https://partenariat.example.org")
    client = Client()
    form = client.get(path, follow=True)
    assert form.status_code == 200
    new = "another good long password"
    done = client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert done.status_code == 302
    member.refresh_from_db()
    assert member.check_password(new)
    assert "another" not in Client().get(path, follow=True).content.decode()
    again = Client()
    refused = again.get(path, follow=True)
    again.post(refused.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    member.refresh_from_db()
    assert member.check_password(new)


def test_five_wrong_passwords_and_no_more_for_one_address(member):
    codes = [sign_in(Client(), password="wrong").context["form"].errors.as_data() for _ in range(5)]
    assert all(codes)
    refused = sign_in(Client())
    assert refused.status_code == 200
    assert refused.wsgi_request.user.is_anonymous
    # Another address from the same place is not locked out with it.
    other = User.objects.create_user("other@example.org", PASSWORD)
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    assert sign_in(Client(), "other@example.org").status_code == 302


def test_four_wrong_passwords_then_the_right_one(member):
    for _ in range(4):
        sign_in(Client(), password="wrong")
    assert sign_in(Client()).status_code == 302


def test_a_stranger_is_limited_as_a_member_is():
    """The limit tells nothing either: it counts addresses that have no account too."""
    answers = [
        sign_in(Client(), "nobody@example.org", "wrong").context["form"].errors.as_text() for _ in range(6)
    ]
    assert len(set(answers[:5])) == 1
    assert answers[5] != answers[0]


def test_two_reset_mails_an_hour_to_one_address(member):
    codes = [Client().post(RESET, {"email": member.email}).status_code for _ in range(3)]
    assert codes == [302, 302, 429]
    assert len(mail.outbox) == 2


def test_twenty_tries_a_minute_from_one_place(member):
    codes = [sign_in(Client(), f"nobody{number}@example.org", "wrong").status_code for number in range(21)]
    assert codes == [200] * 20 + [429]


def test_the_session_changes_at_sign_in_and_dies_at_sign_out(member):
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    client.get(LOGIN)
    assert sign_in(client).status_code == 302
    session = client.cookies["sessionid"].value
    assert session != "a" * 32
    assert client.get("/mon-espace/").status_code == 200
    assert client.post("/compte/logout/").status_code == 302
    replayed = Client()
    replayed.cookies["sessionid"] = session
    assert replayed.get("/mon-espace/").status_code == 302


def test_signing_out_takes_a_form_not_a_link(member):
    client = Client()
    sign_in(client)
    assert client.get("/compte/logout/").status_code == 200
    assert client.get("/mon-espace/").status_code == 200


def test_a_suspended_account_is_out_at_the_next_request(member):
    client = Client()
    sign_in(client)
    assert client.get("/mon-espace/").status_code == 200
    actions.close(member, User.Closed.SUSPENDED)
    for address in ("/mon-espace/", "/compte/email/", "/compte/password/change/"):
        assert client.get(address).status_code == 302, address
        assert client.get(address, headers={"HX-Request": "true"}).status_code == 302, address
    assert client.get("/acteurs/").wsgi_request.user.is_anonymous
    refused = sign_in(Client())
    assert refused.wsgi_request.user.is_anonymous
    assert Client().get(refused.headers["Location"]).status_code == 200


def test_changing_the_password_closes_the_other_sessions(member):
    here, elsewhere = Client(), Client()
    sign_in(here), sign_in(elsewhere)
    new = "another good long password"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/compte/password/change/", data).status_code == 302
    assert elsewhere.get("/mon-espace/").status_code == 302


def test_an_address_not_confirmed_gets_a_mail_and_no_session():
    make_viewer("member")
    client = Client()
    answer = sign_in(client)
    assert answer.headers["Location"] == "/compte/confirm-email/"
    assert client.get("/mon-espace/").status_code == 302
    assert [message.to for message in mail.outbox] == [["member@example.org"]]
    client.post("/compte/confirm-email/", {"code": code_in(mail.outbox[0])})
    assert EmailAddress.objects.get().verified


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "\t//evil.example",
    " //evil.example",
    "/\t/evil.example",
    "/%2fevil.example/../..//evil.example",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "//testserver:80@evil.example",
    "ftp://testserver/",
    "\x01//evil.example",
    "//evil。example",
    "/\n/evil.example",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nowhere_else(target, member):
    for answer in (
        sign_in(Client(), next=target),
        Client().post("/langue/", {"language": "en", "next": target}),
    ):
        location = answer.headers["Location"]
        assert location.startswith("/")
        assert not re.match(r"/[/\\\t\n]", location), location


def test_signing_in_leads_back_to_where_one_was(member):
    assert Client().get("/mon-espace/").headers["Location"] == "/compte/login/?next=/mon-espace/"
    assert sign_in(Client(), next="/acteurs/?role=x").headers["Location"] == "/acteurs/?role=x"
    assert sign_in(Client()).headers["Location"] == "/mon-espace/"


def test_the_administration_has_no_door_of_its_own():
    answer = Client().get("/gestion/", follow=True)
    assert [address.split("?")[0] for address, _ in answer.redirect_chain] == [
        "/gestion/login/",
        "/compte/login/",
    ]
    admin = make_viewer("admin")
    posted = Client().post("/gestion/login/", {"username": admin.email, "password": PASSWORD})
    assert posted.headers["Location"].startswith("/compte/login/")
    assert posted.wsgi_request.user.is_anonymous


def test_weak_passwords_are_refused(member):
    client = Client()
    sign_in(client)
    for weak in ("short", "elevenchars", "password1234", "member@example.org"):
        data = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
        assert client.post("/compte/password/change/", data).status_code == 200, weak
