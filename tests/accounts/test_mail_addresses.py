"""Changing one's address: a code confirms the new one, a message tells the old one."""

from __future__ import annotations

import datetime
from email.utils import parseaddr

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from tests.accounts.doors import (
    ASK_CODE,
    CONFIRM,
    GIVE_CODE,
    SPACE,
    code_in,
    confirmed,
    headers,
    plain,
    sign_in,
    wrong,
)
from tests.conftest import make_viewer

pytestmark = pytest.mark.django_db

ADDRESS, CONFIRM_ONESELF = "/compte/email/", "/compte/reauthenticate/"
OLD, NEW = "member@example.org", "new@example.org"


@pytest.fixture
def client() -> Client:
    """Someone signed in, who has just confirmed that it is she."""
    confirmed()
    client = Client()
    sign_in(client)
    client.post(CONFIRM_ONESELF, {"password": "a good long password"})
    client.get("/")
    mail.outbox.clear()
    return client


def told(client: Client) -> str:
    """What the next page says of what has just been done."""
    return " ".join(str(message) for message in client.get("/").context["messages"])


def ask(client: Client, email: str = NEW):
    return client.post(ADDRESS, {"action_add": "", "email": email})


def state() -> dict[str, tuple[bool, bool]]:
    return {one.email: (one.verified, one.primary) for one in EmailAddress.objects.order_by("email")}


def test_nothing_changes_before_the_code(client):
    assert ask(client).headers["Location"] == CONFIRM
    assert [message.to for message in mail.outbox] == [[NEW]]
    client.post(CONFIRM, {"code": wrong(code_in(mail.outbox[0]))})
    assert state() == {OLD: (True, True)}
    assert User.objects.get().email == OLD


def test_the_code_changes_the_address_and_the_old_one_is_told(client):
    ask(client)
    client.post(CONFIRM, {"code": code_in(mail.outbox.pop())})
    assert NEW in told(client)
    assert state() == {NEW: (True, True)}
    assert User.objects.get().email == NEW
    assert [message.to for message in mail.outbox] == [[OLD]]
    assert NEW in mail.outbox[0].body
    assert sign_in(Client(), OLD).status_code == 200
    assert sign_in(Client(), NEW).status_code == 302


def test_the_code_is_for_the_browser_that_asked(client):
    ask(client)
    other = Client()
    sign_in(other)
    other.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert state() == {OLD: (True, True)}


def test_the_address_of_someone_else_is_not_taken_nor_told(client):
    taken = confirmed("professional").email
    free, taken_answer = ask(client, "free@example.org"), ask(client, taken)
    assert headers(free) == headers(taken_answer)
    page = client.get(CONFIRM)
    assert plain(page, taken)
    client.post(CONFIRM, {"code": code_in(mail.outbox[-1])})
    assert User.objects.get(email=OLD)
    assert set(state()) == {OLD, taken}


def test_one_confirms_that_it_is_oneself_first():
    confirmed()
    client = Client()
    with time_machine.travel(timezone.now() - datetime.timedelta(minutes=6)):
        sign_in(client)
    mail.outbox.clear()
    refused = ask(client)
    assert refused.headers["Location"] == f"{CONFIRM_ONESELF}?next=%2Fcompte%2Femail%2F"
    assert mail.outbox == []
    # What was asked is done once it is confirmed.
    client.post(refused.headers["Location"], {"password": "a good long password", "next": ADDRESS})
    assert [message.to for message in mail.outbox] == [[NEW]]


def test_ones_own_address_is_no_change(client):
    answer = ask(client, OLD.upper())
    assert answer.context["form"].errors == {"email": ["Cette adresse mail est déjà celle de votre compte."]}


def test_a_password_is_set_once_then_changed():
    user = make_viewer("member")
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=OLD, verified=True, primary=True)
    client = Client()
    client.post(ASK_CODE, {"email": OLD})
    client.post(GIVE_CODE, {"code": code_in(mail.outbox.pop())})
    client.get("/")
    assert client.get("/compte/password/change/").headers["Location"] == "/compte/password/set/"
    assert client.get("/compte/password/set/").status_code == 200
    new = "another good long password"
    client.post("/compte/password/set/", {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)
    assert told(client)
    assert [message.to for message in mail.outbox] == [[OLD]]


def test_changing_the_address_closes_the_other_sessions(client):
    other = Client()
    sign_in(other)
    assert other.get(SPACE).status_code == 200
    mail.outbox.clear()
    ask(client)
    client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert client.get(SPACE).status_code == 200
    assert other.get(SPACE).status_code == 302


def test_no_mail_tells_more_than_it_should(client):
    """From our own address, with no address but the reader's own two."""
    ask(client)
    client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        assert parseaddr(message.from_email)[1] == "partenariat@example.org"
        assert "\n" not in message.subject
        assert len(message.subject) > 5
        assert "⟦" not in message.body


def test_an_address_beside_ones_own_is_confirmed_before_it_is_the_first(client):
    """The page has none of these buttons: whoever writes the request herself gets a sentence all the same."""
    user = User.objects.get()
    other = user.emailaddress_set.create(email=NEW)
    client.post(ADDRESS, {"action_primary": "", "email": NEW})
    assert "Confirmez d’abord cette adresse mail" in told(client)
    assert state() == {OLD: (True, True), NEW: (False, False)}
    other.verified = True
    other.save()
    client.post(ADDRESS, {"action_primary": "", "email": NEW})
    assert "C’est maintenant votre adresse mail principale." in told(client)
    assert state() == {OLD: (True, False), NEW: (True, True)}
    assert User.objects.get().email == NEW


def test_the_first_address_is_not_taken_away_and_another_is(client):
    User.objects.get().emailaddress_set.create(email=NEW)
    client.post(ADDRESS, {"action_remove": "", "email": OLD})
    assert "choisissez-en d’abord une autre" in told(client)
    assert mail.outbox == []
    client.post(ADDRESS, {"action_remove": "", "email": NEW})
    assert f"{NEW} est retirée" in told(client)
    assert state() == {OLD: (True, True)}
    assert [message.to for message in mail.outbox] == [[OLD]]
    assert NEW in mail.outbox[0].body


def test_an_address_that_another_confirmed_meanwhile_is_not_taken(client):
    ask(client)
    code = code_in(mail.outbox.pop())
    EmailAddress.objects.create(user=make_viewer("professional"), email=NEW, verified=True)
    answer = client.post(CONFIRM, {"code": code})
    assert answer.context["form"].errors == {"code": ["Un compte existe déjà avec cette adresse mail."]}
    assert User.objects.get(email=OLD).emailaddress_set.get().email == OLD


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_ones_address_writes_nothing(method):
    """Not even of an account made by hand, whose address nobody has noted down."""
    user = User.objects.create_user("by.hand@example.org", "a good long password")
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    with CaptureQueriesContext(connection) as queries:
        answer = getattr(client, method)(ADDRESS)
    assert (answer.status_code, EmailAddress.objects.count()) == (200, 0)
    written = [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]
    assert written == []
    ask(client)
    assert "by.hand@example.org" in set(EmailAddress.objects.values_list("email", flat=True))


def test_who_signs_in_by_code_and_changes_her_address_keeps_her_password():
    """Only the password of an account nobody has come into yet may be a stranger's."""
    user = confirmed()
    user.last_login = timezone.now()
    user.save()
    by_code = Client()
    by_code.post(ASK_CODE, {"email": OLD})
    by_code.post(GIVE_CODE, {"code": code_in(mail.outbox.pop())})
    mail.outbox.clear()
    ask(by_code)
    by_code.post(CONFIRM, {"code": code_in(mail.outbox.pop(0))})
    assert state() == {NEW: (True, True)}
    assert User.objects.get().has_usable_password()
