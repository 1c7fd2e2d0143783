"""Making an account: with a code or a password, for oneself only, and telling nobody who has one."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from privacy import terms
from privacy.tasks import apply_terms
from tests.accounts.doors import (
    ASK_CODE,
    CONFIRM,
    GIVE_CODE,
    PASSWORD,
    RESET,
    SIGN_UP,
    SPACE,
    code_in,
    confirmed,
    headers,
    plain,
    sign_in,
    sign_up,
    wrong,
)

pytestmark = pytest.mark.django_db

NEW = "nouvelle@example.org"


def errors(response) -> dict[str, list[str]]:
    return {name: list(map(str, found)) for name, found in response.context["form"].errors.items()}


def test_an_account_with_a_code(client):
    asked = sign_up(client, "Nouvelle@Example.org")
    assert (asked.status_code, asked.headers["Location"]) == (302, CONFIRM)
    [message] = mail.outbox
    assert message.to == [NEW]
    assert client.get(SPACE).status_code == 302
    done = client.post(CONFIRM, {"code": code_in(message)})
    assert done.status_code == 302
    assert client.get(SPACE).status_code == 200
    user = User.objects.get()
    assert (user.email, user.language, user.has_usable_password()) == (NEW, "fr", False)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(NEW, True, True)]


def test_an_account_with_a_password(client):
    sign_up(client, NEW, password=PASSWORD)
    client.post(CONFIRM, {"code": code_in(mail.outbox[0]).replace("-", " ")})
    assert client.get(SPACE).status_code == 200
    assert User.objects.get().check_password(PASSWORD)
    assert sign_in(Client(), NEW).status_code == 302


def test_an_account_speaks_the_language_of_the_page_it_was_made_on(client):
    client.post("/langue/", {"language": "en"})
    sign_up(client, NEW)
    assert User.objects.get().language == "en"


def test_one_goes_on_where_one_was_going(client):
    client.get(SIGN_UP + "?next=/territoires/")
    sign_up(client, NEW, next="/territoires/")
    done = client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert done.headers["Location"] == "/territoires/"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:x"])
def test_one_is_not_sent_elsewhere(client, elsewhere):
    sign_up(client, NEW, next=elsewhere)
    done = client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert done.headers["Location"].startswith("/")
    assert "elsewhere" not in done.headers["Location"]


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(client):
    answer = client.post(SIGN_UP, {"email": "nouvelle@", "way": "password", "password1": ""})
    assert errors(answer) == {
        "email": ["Cette adresse n’est pas complète. Exemple\u00a0: prenom.nom@exemple.fr"],
        "password1": ["Écrivez le mot de passe que vous choisissez."],
    }
    assert 'value="nouvelle@"' in answer.content.decode()
    assert list(errors(client.post(SIGN_UP, {"email": NEW}))) == ["way"]
    short = client.post(SIGN_UP, {"email": NEW, "way": "password", "password1": "trop court"})
    assert "12" in str(errors(short)["password1"])
    assert User.objects.count() == 0
    assert mail.outbox == []


def test_what_is_typed_in_a_field_that_is_not_shown_is_no_password(client):
    client.post(SIGN_UP, {"email": NEW, "way": "code", "password1": "short"})
    assert not User.objects.get().has_usable_password()


def test_a_stranger_does_not_learn_who_has_an_account():
    member = confirmed()
    for password in ("", PASSWORD):
        mail.outbox.clear()
        answers, pages, tries = [], [], []
        for email in (member.email, f"nobody{len(password)}@example.org"):
            client = Client()
            answers.append(sign_up(client, email, password=password))
            pages.append(plain(client.get(CONFIRM), email))
            tries.append(plain(client.post(CONFIRM, {"code": "000-000"}), email))
        assert [answer.status_code for answer in answers] == [302, 302]
        assert headers(answers[0]) == headers(answers[1])
        assert pages[0] == pages[1]
        assert tries[0] == tries[1]
        assert len(mail.outbox) == 2
    assert EmailAddress.objects.filter(user=member).count() == 1


def test_another_code_is_counted_for_an_address_with_or_without_an_account():
    member = confirmed()
    for email in (member.email, NEW):
        client = Client()
        sign_up(client, email)
        answers = [client.post(CONFIRM, {"action": "resend"}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 429]
        # The code that came still waits to be written where it was asked for.
        assert f'href="{CONFIRM}"' in answers[1].content.decode()
        assert client.get(CONFIRM).status_code == 200
    client = Client()
    for email in ("other@example.org", "nobody@example.org"):
        if email.startswith("other"):
            User.objects.create_user(email)
        client = Client()
        client.post(ASK_CODE, {"email": email})
        codes = [client.post(GIVE_CODE, {"action": "resend"}).status_code for _ in range(2)]
        assert codes == [302, 429]


def test_the_owner_of_the_address_is_told_that_she_has_an_account():
    member = confirmed()
    sign_up(Client(), member.email, password="another good long password")
    [message] = mail.outbox
    assert message.to == [member.email]
    assert "https://partenariat.example.org/compte/login/code/" in message.body
    member.refresh_from_db()
    assert member.check_password(PASSWORD)


def test_a_code_serves_once_in_the_browser_that_asked_and_for_ten_minutes(client):
    sign_up(client, NEW)
    code = code_in(mail.outbox[0])
    assert Client().post(CONFIRM, {"code": code}).status_code == 302
    assert not EmailAddress.objects.get().verified
    assert client.post(CONFIRM, {"code": wrong(code)}).status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=10, seconds=2), tick=False):
        client.post(CONFIRM, {"code": code})
    assert not EmailAddress.objects.get().verified


def test_three_tries_at_a_code_and_no_more(client):
    sign_up(client, NEW)
    code = code_in(mail.outbox[0])
    for _ in range(3):
        client.post(CONFIRM, {"code": wrong(code)})
    client.post(CONFIRM, {"code": code})
    assert client.get(SPACE).status_code == 302


def test_whoever_took_someone_elses_address_keeps_no_key_to_her_account():
    """Someone registers with her address and a password of theirs, and waits for her to come."""
    sign_up(Client(), NEW, password=PASSWORD)
    mail.outbox.clear()
    owner = Client()
    owner.post(ASK_CODE, {"email": NEW})
    owner.post(GIVE_CODE, {"code": code_in(mail.outbox[0])})
    assert owner.get(SPACE).status_code == 200
    taker = Client()
    assert sign_in(taker, NEW).status_code == 200
    assert taker.get(SPACE).status_code == 302


def test_a_password_one_set_oneself_stays_when_one_comes_by_code():
    member = confirmed()
    client = Client()
    client.post(ASK_CODE, {"email": member.email})
    client.post(GIVE_CODE, {"code": code_in(mail.outbox[0])})
    assert client.get(SPACE).status_code == 200
    assert sign_in(Client()).status_code == 302


def test_the_page_says_what_an_account_is_and_who_sees_what(client):
    page = client.get(SIGN_UP).content.decode()
    said = ("annuaire", "ne la voient jamais", "effacé au bout de trois jours")
    assert [words for words in said if words not in page] == []


@pytest.mark.parametrize(
    ("age", "kept"),
    [
        (datetime.timedelta(hours=71, minutes=59), True),
        (datetime.timedelta(hours=72), False),
        (datetime.timedelta(hours=73), False),
    ],
)
def test_an_account_never_confirmed_is_erased_after_three_days(age, kept):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        sign_up(Client(), NEW, password=PASSWORD)
    (term,) = [one for one in terms.terms() if one.name == "accounts-unconfirmed"]
    assert terms.apply(term, now + age) == int(not kept)
    assert User.objects.filter(email=NEW).exists() is kept
    assert terms.apply(term, now + age) == 0


def test_what_is_finished_or_made_by_the_team_is_not_erased():
    later = timezone.now() + datetime.timedelta(days=30)
    client = Client()
    sign_up(client, NEW)
    client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    confirmed()
    User.objects.create_user("for.someone@example.org")
    admin = User.objects.create_superuser("admin@example.org", PASSWORD)
    # Someone tried their address once, without going on.
    Client().post(RESET, {"email": "for.someone@example.org"})
    sign_in(Client(), admin.email)
    before = set(User.objects.values_list("email", flat=True))
    with time_machine.travel(later, tick=False):
        apply_terms.delay()
    assert set(User.objects.values_list("email", flat=True)) == before
