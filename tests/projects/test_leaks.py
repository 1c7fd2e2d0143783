"""What is not published of a project is nowhere; a list costs the same whatever it shows."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from moderation import actions as moderation
from moderation.models import Status
from projects.models import Project
from tests import makers
from tests.conftest import VIEWERS, make_viewer
from tests.projects.test_journey import signed_in

pytestmark = pytest.mark.django_db
TOKEN = "canariproj"
CHANNELS = (
    "/",
    "/projets/",
    "/projets/export.csv",
    "/carte/",
    "/carte/donnees.geojson?zoom=17",
    "/territoires/dep-09/",
    "/territoires/com-09261/",
)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_draft_and_an_edit_that_waits_are_shown_to_their_author_alone(viewer):
    makers.project(published=False, objectives=TOKEN)
    published = makers.project()
    moderation.revise(published, {"objectives": TOKEN}, by=published.editors.get())
    user = make_viewer(viewer)
    client = signed_in(user) if user else Client()
    for address in (*CHANNELS, published.get_absolute_url()):
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200
        assert TOKEN.encode() not in content, address
    found = client.get(f"/projets/?q={TOKEN}")
    assert found.context["page"].total == 0
    assert "Projet" in client.get("/projets/").text


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_costs_the_same_for_one_and_for_three(number, django_assert_num_queries):
    makers.project()
    for _ in range(number - 1):
        makers.project()
    Client().get("/projets/")
    with django_assert_num_queries(2):
        Client().get("/projets/")


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_costs_the_same_for_one_person_and_for_three(number, django_assert_num_queries):
    people = [
        {"actor": makers.actor().pk, "name": "", "function": "", "side": "usager"} for _ in range(number)
    ]
    project = makers.project(people=people)
    with django_assert_num_queries(12):
        Client().get(project.get_absolute_url())


@pytest.mark.parametrize(
    ("verb", "state"),
    [("reprendre", Status.DRAFT), ("envoyer", Status.SUBMITTED), ("retirer", Status.ARCHIVED)],
)
def test_what_a_button_does_once_it_does_not_twice(verb, state):
    project = makers.project(published=verb == "retirer")
    client, change = signed_in(project.editors.get()), reverse("project_change", args=[project.slug])
    if verb == "reprendre":
        client.post(change, {"verbe": "envoyer"})
    for _ in range(2):
        assert client.post(change, {"verbe": verb}).url == project.edit_url
        project.refresh_from_db()
        assert project.status == state


def test_a_draft_is_erased_and_a_page_that_was_sent_is_not():
    draft, sent = makers.project(published=False), makers.project()
    for project in (draft, sent):
        change = reverse("project_change", args=[project.slug])
        signed_in(project.editors.get()).post(change, {"verbe": "effacer"})
    assert list(Project.objects.all()) == [sent]
    change = reverse("project_change", args=[sent.slug])
    page = signed_in(sent.editors.get()).post(change, {"verbe": "inconnu"}, follow=True)
    assert "Ce bouton n’existe plus" in page.text


def test_ten_drafts_are_enough():
    author = makers.member()
    for _ in range(10):
        makers.project(by=author, published=False)
    sent = {"title": "Un de plus", "summary": "Une phrase", "lieu": "Foix"}
    page = signed_in(author).post(reverse("project_new"), sent)
    assert "terminez-en un" in page.text
    assert Project.objects.count() == 10


def test_a_structure_is_found_by_its_name_and_chosen_when_several_bear_it():
    makers.structure(name="Maison des aidants de Foix")
    other = makers.structure(name="Maison des aidants de Pamiers")
    project = makers.project()
    client, step = signed_in(project.editors.get()), reverse("project_step", args=[project.slug, "qui"])
    rows = {"people-TOTAL_FORMS": "0", "people-INITIAL_FORMS": "0", "structure_name": "maison des aidants"}
    page = client.post(step, rows)
    assert [one.name for one in page.context["form"].candidates] == [
        "Maison des aidants de Foix",
        "Maison des aidants de Pamiers",
    ]
    moderation.archive(project, by=project.editors.get())
    client.post(step, rows | {"structure_choice": str(other.pk)})
    assert list(project.structures.all()) == [other]
