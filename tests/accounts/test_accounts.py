"""Accounts, circles and consents: what the tables themselves refuse."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

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
