"""How often one may try: so many go, one more is refused with words that help, and it passes."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as AwayError

from accounts.models import User
from tests.accounts.doors import ASK_CODE, LOGIN, PASSWORD, RESET, SPACE, confirmed, sign_in, sign_up

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = datetime.timedelta(minutes=1), datetime.timedelta(hours=1), datetime.timedelta(days=1)
BY_ADDRESS, BY_PLACE, BY_ACCOUNT, OTHER = (
    "deux par heure et cinq par jour à une même adresse",
    "plusieurs personnes partagent souvent la même",
    "Vous avez déjà demandé plusieurs changements",
    "Trop d’essais en peu de temps",
)


def place(number: int) -> Client:
    return Client(REMOTE_ADDR=f"203.0.113.{number}")


def reset(client: Client, email: str):
    return client.post(RESET, {"email": email})


def code(client: Client, email: str):
    return client.post(ASK_CODE, {"email": email})


DOORS = {"reset": reset, "code": code, "sign up": sign_up}


@pytest.fixture
def at():
    """`at(HOUR)`: from now on it is an hour after the test began, and the clock stands still."""
    began, travels = timezone.now(), []

    def move(later: datetime.timedelta) -> None:
        if travels:
            travels.pop().stop()
        travels.append(time_machine.travel(began + later, tick=False))
        travels[-1].start()

    move(datetime.timedelta())
    yield move
    travels.pop().stop()


def refused(answer, words: str) -> bool:
    return answer.status_code == 429 and words in answer.content.decode()


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_two_mails_an_hour_and_five_a_day_to_one_address(door: Callable, known, at):
    email = confirmed().email if known else "nobody@example.org"
    number = 0

    def ask():
        nonlocal number
        number += 1
        return door(place(number), email)

    for hour in (0, 1):
        at(hour * HOUR)
        assert [ask().status_code for _ in range(2)] == [302, 302]
        assert refused(ask(), BY_ADDRESS)
    at(2 * HOUR)
    assert ask().status_code == 302
    at(3 * HOUR)
    assert refused(ask(), BY_ADDRESS)
    assert len(mail.outbox) == 5
    at(DAY)
    assert ask().status_code == 302
    assert len(mail.outbox) == 6


def test_all_doors_together_count_for_one_address(at):
    email = confirmed().email
    assert [DOORS[name](place(2), email).status_code for name in ("reset", "code", "sign up")] == [
        302,
        302,
        429,
    ]
    assert len(mail.outbox) == 2


def test_an_address_is_one_whatever_its_capitals(at):
    codes = [
        reset(place(3), email).status_code for email in ("a@example.org", "A@example.org", "a@EXAMPLE.org")
    ]
    assert codes == [302, 302, 429]


def test_twenty_mails_a_day_from_one_place(at):
    codes = [code(place(4), f"nobody{number}@example.org").status_code for number in range(20)]
    assert codes == [302] * 20
    assert refused(code(place(4), "another@example.org"), BY_PLACE)
    assert code(place(5), "another@example.org").status_code == 302
    at(DAY)
    assert code(place(4), "yet.another@example.org").status_code == 302


def test_ipv6_neighbours_are_one_place(at):
    for number in range(20):
        code(Client(REMOTE_ADDR=f"2001:db8:1:1::{number:x}"), f"nobody{number}@example.org")
    assert refused(code(Client(REMOTE_ADDR="2001:db8:1:1:ffff::1"), "another@example.org"), BY_PLACE)
    assert code(Client(REMOTE_ADDR="2001:db8:1:2::1"), "another@example.org").status_code == 302


def test_a_forged_header_is_no_other_place(at):
    for number in range(20):
        Client(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}").post(
            ASK_CODE, {"email": f"nobody{number}@example.org"}
        )
    forged = Client(HTTP_X_FORWARDED_FOR="198.51.100.99").post(ASK_CODE, {"email": "another@example.org"})
    assert refused(forged, BY_PLACE)


def test_five_accounts_in_half_an_hour_from_one_place(at):
    codes = [sign_up(place(6), f"new{number}@example.org").status_code for number in range(5)]
    assert codes == [302] * 5
    assert refused(sign_up(place(6), "new5@example.org"), BY_PLACE)
    assert User.objects.count() == 5, "who is refused leaves nothing behind"
    # A mistake in the form is no account.
    assert sign_up(place(6), "incomplete@").status_code == 200
    at(30 * MINUTE)
    assert sign_up(place(6), "new5@example.org").status_code == 302


def test_whoever_gets_no_mail_leaves_no_account_behind(at):
    for email in ("a@example.org", "A@example.org", "a@example.org"):
        sign_up(place(7), email)
        User.objects.all().delete()
    assert refused(sign_up(place(7), "a@example.org"), BY_ADDRESS)
    assert User.objects.count() == 0


def test_two_changes_of_address_an_hour_and_five_a_day(at):
    confirmed()
    client = place(8)

    def ask(number: int):
        sign_in(client) if client.get(SPACE).status_code == 302 else None
        client.post("/compte/reauthenticate/", {"password": PASSWORD})
        return client.post("/compte/email/", {"action_add": "", "email": f"new{number}@example.org"})

    for hour in (0, 1):
        at(hour * HOUR)
        assert [ask(10 * hour + number).status_code for number in range(2)] == [302, 302]
        assert refused(ask(10 * hour + 9), BY_ACCOUNT)
    at(2 * HOUR)
    assert ask(20).status_code == 302
    at(3 * HOUR)
    assert refused(ask(30), BY_ACCOUNT)
    at(DAY)
    assert ask(40).status_code == 302


def test_five_wrong_passwords_then_a_quarter_of_an_hour_and_never_for_good(at):
    member = confirmed()
    for _ in range(5):
        sign_in(place(9), password="wrong")
    late = sign_in(place(10))
    assert "Attendez un quart d’heure" in str(late.context["form"].errors)
    # The other way in stays open meanwhile.
    assert code(place(10), member.email).status_code == 302
    at(15 * MINUTE)
    assert sign_in(place(10)).status_code == 302


def test_two_names_of_the_site_count_tries_together(at):
    confirmed()
    for host in ("localhost", "127.0.0.1", "testserver", "localhost", "127.0.0.1"):
        place(11).post(LOGIN, {"login": "member@example.org", "password": "wrong"}, headers={"Host": host})
    assert sign_in(place(11)).status_code == 200


def test_twenty_tries_a_minute_from_one_place(at):
    for number in range(20):
        sign_in(place(12), f"nobody{number}@example.org", "wrong")
    assert refused(sign_in(place(12), "another@example.org", "wrong"), OTHER)
    at(MINUTE)
    assert sign_in(place(12), "another@example.org", "wrong").status_code == 200


def test_no_key_names_anyone():
    sign_in(place(13), "someone.named@example.org", "wrong")
    code(place(13), "someone.named@example.org")
    keys = [key.decode() for key in cache._cache.get_client().scan_iter()]
    assert len([key for key in keys if "hmac:" in key]) > 4
    assert [key for key in keys if "named" in key or "203.0.113" in key or "allauth:rl" in key] == []


@pytest.fixture
def _no_cache(monkeypatch):
    """The server of the cache is away."""

    def away(*args, **kwargs):
        raise AwayError("away")

    monkeypatch.setattr("redis.connection.ConnectionPool.get_connection", away)


@pytest.mark.usefixtures("_no_cache")
def test_without_its_cache_the_site_opens_its_pages_and_no_door():
    member = confirmed()
    client = Client()
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert [client.get(path).status_code for path in ("/", "/acteurs/", SPACE)] == [200, 200, 200]
    assert Client().get(LOGIN).status_code == 200
    assert sign_in(Client()).status_code == 429
    assert [door(Client(), member.email).status_code for door in DOORS.values()] == [429, 429, 429]
    assert mail.outbox == []
    assert cache.get("anything", "default") == "default"
    assert (cache.add("a", 1), cache.set("a", 1), cache.delete("a"), cache.get_many(["a"])) == (
        False,
        None,
        False,
        {},
    )
