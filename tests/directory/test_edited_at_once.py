"""Two people, or one on two devices, edit the same page: nobody's words are lost without being seen."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from directory.models import Actor, Structure
from moderation.models import Revision, Trust
from tests import makers
from tests.directory.test_joining import client_of
from tests.directory.test_structures_write import form_of

pytestmark = pytest.mark.django_db


def trusted(**traits):
    person = makers.user(**traits)
    Trust.objects.create(user=person)
    return person


class Tab:
    """A page opened at some moment, in someone's browser."""

    def __init__(self, user, path: str, fields: dict[str, object]) -> None:
        self.client, self.path, self.sent = client_of(user), path, fields
        self.read(self.client.get(path))

    def read(self, answer) -> None:
        self.answer = answer
        self.sent["version"] = answer.context["form"]["version"].value()

    def send(self, **changed: object):
        self.sent |= changed
        answer = self.client.post(self.path, self.sent)
        if answer.status_code == 200:
            self.read(answer)
        return answer

    @property
    def text(self) -> str:
        return self.answer.content.decode()


@pytest.fixture
def structure() -> Structure:
    return makers.structure(
        name="Les Lanternes",
        description="Avant",
        address="1 rue du Pont",
        referents=[trusted(), trusted()],
    )


@pytest.fixture
def tabs(structure) -> tuple[Tab, Tab]:
    path = reverse("structure_edit", args=[structure.slug])
    one, other = structure.referents.order_by("pk")
    return Tab(one, path, form_of(structure)), Tab(other, path, form_of(structure))


def now(structure: Structure) -> tuple[str, str]:
    return Structure.objects.values_list("description", "address").get(pk=structure.pk)


class TestReferents:
    def test_the_second_is_told_and_sees_both(self, structure, tabs):
        one, other = tabs
        assert one.send(description="De l’une").status_code == 302
        answer = other.send(description="De l’autre")
        assert answer.status_code == 200
        assert "Quelqu’un a changé cette page depuis que vous l’avez ouverte" in other.text
        assert answer.context["conflicts"] == [("présentation", "De l’une", "De l’autre")]
        assert other.answer.context["form"]["description"].value() == "De l’autre", "what she typed is kept"
        assert now(structure) == ("De l’une", "1 rue du Pont"), "nothing is changed yet"

    def test_hers_is_worth_once_she_saw_the_other(self, structure, tabs):
        one, other = tabs
        one.send(description="De l’une")
        other.send(description="De l’autre")
        assert other.send().status_code == 302
        assert now(structure) == ("De l’autre", "1 rue du Pont")

    def test_what_changed_again_meanwhile_is_told_again(self, structure, tabs):
        one, other = tabs
        one.send(description="De l’une")
        other.send(description="De l’autre")
        one.read(one.client.get(one.path))
        one.send(description="De l’une, encore")
        assert other.send().context["conflicts"] == [("présentation", "De l’une, encore", "De l’autre")]
        assert now(structure)[0] == "De l’une, encore"

    def test_what_she_did_not_touch_stays_as_the_other_wrote_it_and_she_is_told(self, structure, tabs):
        one, other = tabs
        one.send(description="De l’une")
        answer = other.client.post(other.path, other.sent | {"address": "2 rue du Pont"}, follow=True)
        assert now(structure) == ("De l’une", "2 rue du Pont")
        assert "gardé aussi : présentation" in answer.content.decode().replace("\u00a0", " ")

    def test_even_when_another_field_comes_back(self, structure, tabs):
        one, other = tabs
        one.send(description="De l’une", address="3 rue du Pont")
        assert other.send(address="2 rue du Pont").status_code == 200
        assert other.send().status_code == 302
        assert now(structure) == ("De l’une", "2 rue du Pont")

    def test_the_same_words_are_no_conflict_nor_are_ones_own(self, structure, tabs):
        one, other = tabs
        one.send(description="Les mêmes\nmots")
        assert other.send(description="Les mêmes\r\nmots").status_code == 302
        other.read(other.client.get(other.path))
        assert other.send(description="Encore").status_code == 302

    def test_an_edit_that_waits_is_not_lost_either(self):
        one, other = makers.user(), makers.user()
        structure = makers.structure(description="Avant", address="1 rue du Pont", referents=[one, other])
        path = reverse("structure_edit", args=[structure.slug])
        first, second = (Tab(user, path, form_of(structure)) for user in (one, other))
        first.send(description="De l’une")
        assert second.send(address="2 rue du Pont").status_code == 302
        assert Revision.objects.get().changes == {"description": "De l’une", "address": "2 rue du Pont"}

    @pytest.mark.parametrize("version", ["", "lune", "[]", "{" * 3000, '{"name": 3}', "\u00e9" * 5000])
    def test_a_version_that_no_page_wrote_breaks_nothing(self, version, structure, tabs):
        one, _other = tabs
        one.sent["version"] = version
        assert one.client.post(one.path, one.sent | {"description": "Après"}).status_code in (200, 302)


def test_of_two_who_send_at_the_same_moment_one_is_told(committed):
    structure = makers.structure(description="Avant", referents=[trusted(), trusted()])
    path = reverse("structure_edit", args=[structure.slug])
    tabs = [Tab(user, path, form_of(structure)) for user in structure.referents.order_by("pk")]
    gate, codes = threading.Barrier(2), []

    def send(tab: Tab, words: str) -> None:
        try:
            gate.wait()
            codes.append(tab.send(description=words).status_code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=send, args=[tab, words])
        for tab, words in zip(tabs, ("De l’une", "De l’autre"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200, 302]


class TestOnesOwnPage:
    """The same on two devices."""

    BRING = {"headline": "Avant", "offers": "", "needs": ""}

    @pytest.fixture
    def page(self) -> Actor:
        return makers.actor(user=trusted(), texts={"headline": "Avant"})

    def test_the_second_is_told_and_sees_both(self, page):
        path = reverse("my_page_topic", args=["ce-que-j-apporte"])
        one, other = (Tab(page.user, path, dict(self.BRING)) for _tab in range(2))
        one.send(headline="Au bureau")
        assert other.send(headline="Au téléphone").context["conflicts"] == [
            ("en une phrase", "Au bureau", "Au téléphone")
        ]
        page.refresh_from_db()
        assert page.headline == "Au bureau"
        assert other.send().status_code == 302
        page.refresh_from_db()
        assert page.headline == "Au téléphone"

    def test_a_topic_does_not_stand_in_the_way_of_another(self, page):
        bring = Tab(page.user, reverse("my_page_topic", args=["ce-que-j-apporte"]), dict(self.BRING))
        who = {"first_name": "Camille", "last_name": "B", "name_style": "full", "roles": ["aidant"]}
        Tab(page.user, reverse("my_page_topic", args=["qui-je-suis"]), who).send(roles=["proche-aidant"])
        assert bring.send(headline="Après").status_code == 302

    def test_a_draft_too(self):
        page = makers.actor(published=False, texts={"headline": "Avant"})
        path = reverse("joining_step", args=["ce-que-j-apporte"])
        one, other = (Tab(page.user, path, dict(self.BRING)) for _tab in range(2))
        one.send(headline="Au bureau")
        assert other.send(headline="Au téléphone").status_code == 200
        page.refresh_from_db()
        assert page.headline == "Au bureau"


def test_the_page_carries_prints_and_not_values(structure):
    client: Client = client_of(structure.referents.first())
    form = client.get(reverse("structure_edit", args=[structure.slug])).context["form"]
    assert "Lanternes" not in form["version"].value()
