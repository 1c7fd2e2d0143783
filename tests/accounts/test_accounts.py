"""Accounts, circles and consents: what the tables themselves refuse."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts import consents
from accounts.actions import granted_purposes, record_consent
from accounts.audience import Audience
from accounts.models import Consent, User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("traits", "clearance"),
    [
        ({}, Audience.MEMBERS),
        ({"is_verified_professional": True}, Audience.PROFESSIONALS),
        ({"is_team": True}, Audience.TEAM),
        ({"is_team": True, "is_verified_professional": True}, Audience.TEAM),
        ({"is_staff": True}, Audience.MEMBERS),
        ({"is_superuser": True}, Audience.MEMBERS),
        ({"is_team": True, "is_active": False}, Audience.EVERYONE),
        ({"is_verified_professional": True, "is_active": False}, Audience.EVERYONE),
    ],
)
def test_how_far_one_sees(traits, clearance):
    assert Audience.clearance(User(email="a@example.org", **traits)) == clearance


def test_a_visitor_sees_what_is_for_everyone():
    assert Audience.clearance(AnonymousUser()) == Audience.EVERYONE


def test_circles_are_nested_and_nobody_reaches_ones_own():
    assert [circle.value for circle in Audience] == sorted(circle.value for circle in Audience)
    assert max(Audience) == Audience.ME
    everybody = User(email="a@example.org", is_team=True, is_verified_professional=True, is_superuser=True)
    assert Audience.clearance(everybody) < Audience.ME


@pytest.fixture
def person():
    return User.objects.create_user("person@example.org")


def consent(user: User, *, granted: bool = True, purpose: str = "store") -> Consent:
    return record_consent(user, purpose, granted=granted, channel=Consent.Channel.SITE)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE accounts_consent SET granted = false",
        "UPDATE accounts_consent SET purpose = 'everyone'",
        "UPDATE accounts_consent SET recorded_at = now() - interval '1 year'",
        "UPDATE accounts_consent SET subject_id = subject_id",
    ],
)
def test_a_consent_is_never_rewritten(change, person):
    consent(person)
    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    kept = Consent.objects.get()
    assert (kept.granted, kept.purpose, kept.text_version) == (True, "store", "2026-11")


def test_a_consent_is_not_rewritten_through_the_model_either(person):
    made = consent(person)
    made.granted = False
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


def test_the_latest_answer_holds_for_each_purpose(person):
    consent(person, purpose="store")
    consent(person, purpose="everyone")
    consent(person, purpose="everyone", granted=False)
    consent(person, purpose="members", granted=False)
    consent(person, purpose="members")
    assert granted_purposes(person) == {"store", "members"}
    assert Consent.objects.count() == 5


#: The words people have answered to. A line is added for a new version; none is ever changed or removed.
PUBLISHED = {
    ("store", "2026-11"): "13ca5dab6f76376030bb1dfabec5882b278387ee4b8821b80903593b4db92b93",
    ("members", "2026-11"): "34cfbf5396fc91d4831aa1491616cf4a45850d8d875a4c6ee835c6ad0e21f80e",
    ("everyone", "2026-11"): "e00a6189d3f9e2204cc7c16e586a554694be4118385896533c920ff8e05220b1",
    ("matching", "2026-11"): "35e243ad83adc48577c2d5eb01725643515e1076a516b8202c58a92d2592c200",
}


def test_published_words_never_change():
    assert {key: text.digest for key, text in consents.texts().items()} == PUBLISHED


@pytest.mark.parametrize("purpose", Consent.Purpose.values)
def test_an_answer_says_to_which_words(purpose, person):
    made = consent(person, purpose=purpose)
    read = consents.texts()[purpose, made.text_version]
    assert (made.text_digest, read) == (PUBLISHED[purpose, made.text_version], consents.current(purpose))


def test_a_new_version_is_what_is_read_from_then_on(monkeypatch, person):
    newer = consents.Text("2027-01", "store", "Autres mots", "Autre sens")
    known = {**consents.texts(), ("store", "2027-01"): newer}
    monkeypatch.setattr(consents, "texts", lambda: known)
    assert consents.current("store") == newer
    assert consent(person).text_digest == newer.digest


def test_one_answers_for_oneself_only(person):
    consent(User.objects.create_user("other@example.org"))
    assert granted_purposes(person) == set()


def test_erasing_an_account_erases_its_consents(person):
    consent(person)
    person.delete()
    assert Consent.objects.count() == 0


def test_an_address_has_one_spelling():
    assert User.objects.create_user("Prénom.NOM@Example.ORG").email == "prénom.nom@example.org"
    with pytest.raises(IntegrityError, match="user_email_lower_case"), transaction.atomic():
        User.objects.create(email="Shouting@example.org")
    with pytest.raises(IntegrityError, match="unique"), transaction.atomic():
        User.objects.create_user("PRÉNOM.nom@example.org")
    with pytest.raises(ValidationError, match="minuscules"):
        User(email="Shouting@example.org", password="x").full_clean()


def test_an_account_without_a_password_lets_nobody_in():
    made = User.objects.create_user("person@example.org")
    assert not made.has_usable_password()
    assert not made.check_password("")


def test_an_administrator_is_of_the_team(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a good long password")
    call_command("createsuperuser", email="Chef@example.org", interactive=False, verbosity=0)
    made = User.objects.get()
    assert made.email == "chef@example.org"
    assert (made.is_staff, made.is_superuser, made.is_team, made.is_active) == (True, True, True, True)
    assert made.check_password("a good long password")
