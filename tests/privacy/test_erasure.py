"""Closing an account: hidden at once, a week to think again, then nothing left, even after a restore."""

from __future__ import annotations

import re
import threading

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from directory import actions as directory
from directory.models import Actor, Listing
from moderation.models import Decision
from notifications.models import Message
from privacy import actions, journal, terms
from privacy.erasure import erase
from privacy.models import Closure, Erasure
from tests import makers
from tests.privacy.test_export import PASSWORD, client_of, confirmed, person

pytestmark = pytest.mark.django_db


def names_listed() -> list[str]:
    return list(Listing.objects.filter(kind="acteur").values_list("name", flat=True))


def close(user: User, when: str) -> Client:
    client = confirmed(client_of(user))
    answer = client.post(reverse("close_account"), {"when": when})
    assert (answer.status_code, answer.url) == (302, reverse("account_closed"))
    return client


def test_the_whole_journey_with_a_week_to_think(django_capture_on_commit_callbacks):
    with time_machine.travel("2026-03-01 10:00Z", tick=False) as now:
        user = person()
        other_device = client_of(user)
        page = user.actor.get_absolute_url()
        client = client_of(user)
        assert client.get(reverse("close_account")).status_code == 200
        asked = client.post(reverse("close_account"), {"when": "later"})
        assert asked.url.startswith(reverse("account_reauthenticate"))
        assert Client().get(page).status_code == 200
        answer = client.post(asked.url, {"password": PASSWORD})
        assert answer.url == reverse("account_closed")
        assert Client().get(reverse("account_closed")).status_code == 200
        assert (Client().get(page).status_code, names_listed()) == (404, [])
        assert other_device.get(reverse("my_space")).status_code == 302
        assert Message.objects.get(kind="privacy.closed").recipient == user
        now.shift(7 * 24 * 3600 - 1)
        terms.apply_all()
        assert User.objects.filter(pk=user.pk).exists()
        now.shift(1)
        with django_capture_on_commit_callbacks(execute=True):
            terms.apply_all()
    assert not User.objects.filter(pk=user.pk).exists()
    assert not Actor.objects.exists()
    assert Erasure.objects.count() == 1


def test_the_page_says_what_stays_of_what_there_is():
    user = person()
    client = client_of(user)
    assert client.get(reverse("close_account")).context["kept"] == []
    makers.structure(referents=[user])
    kept = client.get(reverse("close_account")).context["kept"]
    assert [name for name, _why in kept] == ["Structure"]


def test_at_once(django_capture_on_commit_callbacks):
    user = person()
    with django_capture_on_commit_callbacks(execute=True):
        close(user, "now")
    assert not User.objects.filter(pk=user.pk).exists()
    assert not Message.objects.exists()


def test_not_without_proving_who_one_is():
    user = person()
    client_of(user).post(reverse("close_account"), {"when": "now"})
    assert not Closure.objects.exists()
    assert User.objects.get(pk=user.pk).is_active


def test_a_bad_choice_is_told_and_nothing_happens():
    user = person()
    answer = confirmed(client_of(user)).post(reverse("close_account"), {"when": "yesterday"})
    assert "Choisissez quand." in answer.content.decode()
    assert not Closure.objects.exists()


def cancel_link(user: User) -> str:
    """From the mail itself: the outbox forgets it as soon as it has left."""
    assert Message.objects.get(kind="privacy.closed", recipient=user).link == ""
    return re.search(r"/compte-ferme/\S+", mail.outbox[-1].body)[0]


def test_one_may_think_again():
    user = person()
    page = user.actor.get_absolute_url()
    close(user, "later")
    link = cancel_link(user)
    assert "Garder mon compte" in Client().get(link).content.decode()
    assert Closure.objects.count() == 1, "a scanner that follows links changes nothing"
    assert Client().post(link).url == reverse("account_login")
    assert not Closure.objects.exists()
    assert User.objects.get(pk=user.pk).is_active
    assert Client().get(page).status_code == 200
    assert (Client().get(link).status_code, Client().post(link).status_code) == (404, 404)


def test_what_was_not_shown_before_is_not_shown_after():
    user = makers.user(password=PASSWORD)
    actor = makers.actor(user=user)
    directory.withdraw(actor)
    close(user, "later")
    Client().post(cancel_link(user))
    actor.refresh_from_db()
    assert actor.status == "archived"


def test_no_other_link_opens_it():
    close(person(), "later")
    assert Client().get(reverse("closed_account", args=["MTIz:abc:def"])).status_code == 404


def test_the_last_administrator_stays():
    last = makers.user(is_team=True, is_staff=True, is_superuser=True)
    answer = confirmed(client_of(last)).post(reverse("close_account"), {"when": "now"})
    assert "la seule personne à administrer ce site" in answer.content.decode()
    assert not Closure.objects.exists()
    makers.user(is_superuser=True)
    close(last, "later")


def test_a_structure_without_its_only_referent_stays_an_orphan():
    user = person()
    structure = makers.structure(referents=[user])
    erase(user)
    structure.refresh_from_db()
    assert (structure.status, list(structure.referents.all())) == ("published", [])


def test_what_she_decided_for_others_stays_without_her_name():
    moderator, actor = makers.user(is_team=True), makers.actor()
    directory.withdraw(actor, by=moderator)
    erase(moderator)
    assert list(Decision.objects.of(actor).values_list("verb", "by")) == [
        ("archive", None),
        ("publish", None),
    ]


def test_erasing_twice_is_erasing_once():
    user = person()
    erase(User.objects.get(pk=user.pk))
    erase(user)
    assert Erasure.objects.count() == 1


def test_what_remains_is_a_fingerprint(django_capture_on_commit_callbacks):
    user = person()
    address = user.email
    with django_capture_on_commit_callbacks(execute=True):
        erase(user)
    erasure = Erasure.objects.get()
    assert erasure.fingerprint == journal.fingerprint(address.upper())
    assert list(journal.noted()) == [(erasure.fingerprint, erasure.erased_at)]


def test_an_erasure_that_fails_is_not_noted(monkeypatch):
    user = person()
    monkeypatch.setattr(User, "delete", lambda user: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        erase(user)
    assert list(journal.noted()) == []
    assert Actor.objects.filter(user=user).exists()


def test_a_restored_backup_is_put_right(django_capture_on_commit_callbacks, capsys):
    """Yesterday's dump holds her, and no row that says she was erased: the storage remembers."""
    with time_machine.travel("2026-03-01 10:00Z"):
        address = person().email
        before = person()
    with time_machine.travel("2026-03-02 10:00Z"), django_capture_on_commit_callbacks(execute=True):
        erase(User.objects.get(email=address))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL partenariat.erasing = 'on'; DELETE FROM privacy_erasure;")
    with time_machine.travel("2026-03-01 10:00Z"):
        User.objects.create_user(address)
    with time_machine.travel("2026-03-03 10:00Z"):
        newcomer = User.objects.create_user("newcomer@example.org")
        with django_capture_on_commit_callbacks(execute=True):
            call_command("replay_erasures")
    assert "1 account(s) erased again." in capsys.readouterr().out
    assert list(User.objects.order_by("pk")) == [before, newcomer]


def test_who_comes_back_under_the_same_address_is_left_alone(django_capture_on_commit_callbacks):
    with time_machine.travel("2026-03-01 10:00Z"), django_capture_on_commit_callbacks(execute=True):
        user = makers.user()
        address = user.email
        erase(user)
    with time_machine.travel("2026-03-02 10:00Z"):
        User.objects.create_user(address)
        assert actions.replay_erasures() == 0


def test_the_fingerprint_survives_a_change_of_key(settings, django_capture_on_commit_callbacks):
    user = makers.user()
    address, joined = user.email, user.date_joined
    with django_capture_on_commit_callbacks(execute=True):
        erase(user)
    User.objects.create_user(address, date_joined=joined)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" + "1" * 40
    assert actions.replay_erasures() == 1


def test_a_stop_before_the_journal_is_caught_up_with():
    erase(person())
    for mark, at in list(journal.noted()):
        journal.forget(mark, at)
    actions.note_erasures()
    actions.note_erasures()
    assert len(list(journal.noted())) == 1


CHANGES = ["UPDATE privacy_erasure SET erased_at = now()", "DELETE FROM privacy_erasure"]


@pytest.mark.parametrize("change", CHANGES)
def test_the_proof_is_neither_changed_nor_deleted(change):
    erase(person())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL partenariat.erasing = 'off'")
        with pytest.raises(IntegrityError):
            cursor.execute(change)
        transaction.set_rollback(True)


def test_two_runs_at_once_erase_once(committed):
    users = [person() for _number in range(3)]
    for user in users:
        actions.close_account(user)
    Closure.objects.update(asked_at="2026-01-01T00:00Z", due_at="2026-01-02T00:00Z")
    failures = []

    def run() -> None:
        try:
            terms.apply_all()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (User.objects.count(), Erasure.objects.count()) == (0, 3)
