"""Whoever of the team reads what a person keeps from members says why, and each reading is one row."""

from __future__ import annotations

import pytest
from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.audience import Audience
from directory.models import Actor
from moderation import actions as moderation
from moderation.models import Case
from privacy.erasure import erase
from privacy.models import HealthRead
from tests import makers
from tests.privacy.test_export import client_of, person

pytestmark = pytest.mark.django_db

PRIVATE = {
    "page for the team": {"audience": Audience.TEAM},
    "page for professionals": {"audience": Audience.PROFESSIONALS},
    "a field for the team": {
        "texts": {"experience": "Vingt ans"},
        "audiences": {"experience": Audience.TEAM},
    },
    "a theme, on a page for the team": {
        "audience": Audience.TEAM,
        "consents": ("store", "everyone"),
        "themes": ("diabete",),
    },
}
OPEN = {
    "page for everyone": {},
    "page for members": {"audience": Audience.MEMBERS},
    "a theme for members": {"consents": ("store", "members"), "themes": ("diabete",)},
    "a theme for nobody": {"consents": ("store",), "themes": ("diabete",)},
    "a field for nobody": {
        "texts": {"experience": "Vingt ans"},
        "audiences": {"experience": Audience.ME},
    },
    "an address for the team": {
        "texts": {"email": "camille@example.org"},
        "audiences": {"email": Audience.TEAM},
    },
}


def team() -> Client:
    reader = makers.user(is_team=True)
    client = client_of(reader)
    client.reader = reader
    return client


def say_why(client: Client, page: str, **answer: str):
    """Fill in the form that stands before `page`, as it was given."""
    form = client.get(page).context["form"]
    hidden = {name: form[name].value() for name in ("subject", "next")}
    return client.post(reverse("state_purpose"), hidden | {"purpose": "request"} | answer)


@pytest.mark.parametrize("traits", PRIVATE.values(), ids=PRIVATE)
def test_reading_asks_why_then_writes_one_row_for_each_view(traits):
    actor = makers.actor(**traits)
    page = actor.get_absolute_url()
    client = team()
    asked = client.get(page).content.decode()
    assert "Pourquoi lisez-vous cette page" in asked
    assert actor.first_name not in asked
    assert HealthRead.objects.count() == 0
    assert say_why(client, page).url == page
    for number in (1, 2, 3):
        assert actor.first_name in client.get(page).content.decode()
        assert HealthRead.objects.count() == number
    read = HealthRead.objects.latest_first()[0]
    assert (read.subject, read.reader, read.purpose) == (actor.user, client.reader, "request")


@pytest.mark.parametrize("traits", OPEN.values(), ids=OPEN)
def test_what_members_read_too_is_not_asked_about(traits):
    actor = makers.actor(**traits)
    assert "Pourquoi lisez-vous" not in team().get(actor.get_absolute_url()).content.decode()
    assert not HealthRead.objects.exists()


def test_others_than_the_team_are_asked_nothing():
    actor = makers.actor(audience=Audience.PROFESSIONALS)
    professional = client_of(makers.user(is_verified_professional=True))
    assert actor.first_name in professional.get(actor.get_absolute_url()).content.decode()
    assert client_of(actor.user).get(actor.get_absolute_url()).status_code == 200
    assert not HealthRead.objects.exists()


def test_why_is_asked_again_for_someone_else_and_in_another_session():
    one, other = makers.actor(audience=Audience.TEAM), makers.actor(audience=Audience.TEAM)
    reader = makers.user(is_team=True)
    client = client_of(reader)
    say_why(client, one.get_absolute_url())
    assert "Pourquoi lisez-vous" in client.get(other.get_absolute_url()).content.decode()
    assert "Pourquoi lisez-vous" in client_of(reader).get(one.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"purpose": ""}, "Dites pourquoi."),
        ({"purpose": "curiosity"}, "Choisissez l’une de ces raisons."),
        ({"purpose": "other"}, "Dites quelle est cette raison."),
        ({"explanation": "x" * 201}, "200"),
    ],
)
def test_a_purpose_that_says_nothing_is_refused(answer, error):
    actor = makers.actor(audience=Audience.TEAM)
    client = team()
    assert error in say_why(client, actor.get_absolute_url(), **answer).content.decode()
    assert "Pourquoi lisez-vous" in client.get(actor.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "forged",
    [
        {"next": "https://elsewhere.example.org/"},
        {"next": "//elsewhere.example.org/"},
        {"subject": "12"},
        {"subject": signing.dumps(12, salt="another")},
    ],
)
def test_nothing_is_taken_from_a_forged_form(forged):
    actor = makers.actor(audience=Audience.TEAM)
    assert say_why(team(), actor.get_absolute_url(), **forged).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE privacy_healthread SET purpose = 'care'",
        "UPDATE privacy_healthread SET at = now()",
        "DELETE FROM privacy_healthread",
    ],
)
def test_the_log_is_neither_changed_nor_deleted(change):
    HealthRead.objects.create(subject=makers.user(), reader=makers.user(), purpose="request", page="page")
    with transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(IntegrityError):
            cursor.execute(change)
        transaction.set_rollback(True)


def test_a_reader_who_leaves_leaves_the_reading():
    subject, reader = makers.user(), makers.user(is_team=True)
    HealthRead.objects.create(subject=subject, reader=reader, purpose="request", page="page")
    erase(reader)
    assert list(HealthRead.objects.values_list("subject", "reader")) == [(subject.pk, None)]


def test_the_person_sees_how_many_times_and_why_not_who():
    user = person()
    reader = makers.user(is_team=True)
    for purpose in ("request", "request", "moderation"):
        HealthRead.objects.create(subject=user, reader=reader, purpose=purpose, page="page")
    page = client_of(user).get(reverse("my_data")).content.decode()
    assert "Répondre à une demande de cette personne : 2 fois" in page
    assert "Relire ou modérer sa page : 1 fois" in page
    assert reader.email not in page


def test_administrators_read_the_log_and_it_costs_the_same_for_three(django_assert_num_queries):
    administrator = client_of(makers.user(is_team=True, is_staff=True, is_superuser=True))
    administrator.get(reverse("health_reads"))
    reader = makers.user(is_team=True)
    counts = []
    for _number in range(2):
        for _row in range(1 if not counts else 2):
            HealthRead.objects.create(subject=makers.user(), reader=reader, purpose="care", page="page")
        with django_assert_num_queries(3):
            counts.append(administrator.get(reverse("health_reads")).content.decode().count(reader.email))
    assert counts == [1, 3]


def test_an_empty_log_says_so():
    administrator = client_of(makers.user(is_superuser=True))
    assert "Aucune lecture" in administrator.get(reverse("health_reads")).content.decode()


def test_a_page_hidden_from_the_team_stays_hidden():
    actor = makers.actor(audience=Audience.ME)
    assert team().get(actor.get_absolute_url()).status_code == 404
    assert Actor.objects.get(pk=actor.pk).keeps_health_from_members() is False


def test_opening_the_case_of_a_page_is_one_reading_whose_purpose_is_known():
    actor = makers.actor(published=False)
    moderation.submit(actor, by=actor.user)
    client = team()
    case = Case.objects.get(nature="content")
    for number in (1, 2):
        assert client.get(reverse("moderation_case", args=[case.pk])).status_code == 200
        reads = HealthRead.objects.values_list("subject", "reader", "purpose", "page")
        assert list(reads) == [(actor.user.pk, client.reader.pk, "moderation", "case")] * number


def test_opening_the_case_of_a_structure_is_not_reading_someone():
    structure = makers.structure(published=False, referents=[makers.user()])
    moderation.submit(structure, by=structure.referents.get())
    case = Case.objects.get(nature="content")
    assert team().get(reverse("moderation_case", args=[case.pk])).status_code == 200
    assert not HealthRead.objects.exists()
