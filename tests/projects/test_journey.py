"""A project, from the first sentence to the list, the map and its page; then an edit."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from moderation import actions as moderation
from moderation.models import Case, Revision
from moderation.registry import kind_named
from projects.contributions import read_project
from projects.forms.topics import STEPS
from projects.models import Project
from tests import makers

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def rows(name: str, *sent: dict[str, str]) -> dict[str, str]:
    """The rows of a table as a browser sends them."""
    fields = {f"{name}-TOTAL_FORMS": str(len(sent)), f"{name}-INITIAL_FORMS": "0"}
    for number, row in enumerate(sent):
        fields |= {f"{name}-{number}-{field}": value for field, value in row.items()}
    return fields


def test_a_project_is_written_in_parts_sent_looked_at_and_found():
    author = makers.member()
    client = signed_in(author)
    answer = client.post(
        reverse("project_new"),
        {
            "title": "Un jardin à l’hôpital",
            "summary": "Patients et jardiniers ouvrent un potager.",
            "lieu": "Foix",
        },
    )
    project = Project.objects.get()
    assert answer.url == project.edit_url == "/projets/un-jardin-a-lhopital/modifier/"
    assert list(project.editors.all()) == [author]
    assert "Il manque l’étape" in client.get(project.edit_url).text
    stage = makers.terms(stage="en-cours")[0]
    step = lambda name: reverse("project_step", args=[project.slug, name])  # noqa: E731
    answer = client.post(
        step("l-essentiel"),
        {
            "title": project.title,
            "summary": project.summary,
            "lieu": "Foix",
            "stage": stage.pk,
            "zone_lieu": "Ariège",
            "zone": "dep-09",
        },
    )
    assert answer.url == step("qui")
    answer = client.post(
        step("qui"),
        {
            "me": "on",
            "my_function": "idée et animation",
            "my_side": "usager",
            **rows("people", {"name": "Une jardinière", "function": "conseil", "side": "professionnel"}, {}),
        },
    )
    assert answer.url == step("comment")
    client.post(step("comment"), {"objectives": "Sortir, cultiver, se parler."})
    client.post(step("moyens"), {"budget": "0"})
    client.post(step("enseignements"), {"secret_ingredient": "La patience"})
    answer = client.post(
        step("resultats"),
        {
            **rows(
                "indicators", {"label": "paniers donnés", "value": "40", "year": "2025", "source": "carnet"}
            ),
            **rows("verbatims", {"words": "On respire.", "author": "un patient"}),
        },
    )
    assert answer.url == project.edit_url
    page = client.get(project.edit_url)
    assert "Il manque" not in page.text
    client.post(reverse("project_change", args=[project.slug]), {"verbe": "envoyer"})
    assert Client().get(project.get_absolute_url()).status_code == 404
    case = Case.objects.get()
    moderation.decide(case, "publish", by=makers.user(is_team=True))
    text = Client().get(project.get_absolute_url()).text
    for words in (
        "Un jardin à l’hôpital",
        "La patience",
        "0 €",
        "40",
        "On respire.",
        "Une jardinière",
        "binôme",
    ):
        assert words in text
    assert (
        "Un jardin à l’hôpital" in Client().get("/projets/?q=potager&territoire=dep-09&etape=en-cours").text
    )
    items = Client().get("/carte/donnees.geojson?zoom=17&nature=projet").json()["features"]
    assert [item["properties"]["url"] for item in items] == [project.get_absolute_url()]


@pytest.fixture
def project():
    made = makers.project()
    return made


def test_an_edit_of_a_newcomer_waits_beside_what_is_published(project):
    author = project.editors.get()
    step = reverse("project_step", args=[project.slug, "enseignements"])
    signed_in(author).post(step, {"obstacles": "Le temps"})
    project.refresh_from_db()
    assert project.obstacles == ""
    assert Revision.objects.of(project).get().changes == {"obstacles": "Le temps"}
    assert "Le temps" in signed_in(author).get(project.edit_url).text
    assert "Le temps" not in Client().get(project.get_absolute_url()).text


def test_a_change_of_people_reads_by_their_names():
    page = makers.actor(first_name="Aubeline", last_name="Ombre")
    people = [
        {"actor": page.pk, "name": "", "function": "animation", "side": "usager"},
        {"actor": None, "name": "Une soignante", "function": "", "side": "professionnel"},
    ]
    shown = kind_named("projet").show("people", people)
    assert shown == f"{page.display_name} – animation – usager\nUne soignante – professionnel"


def test_a_name_keeps_nothing_that_cannot_be_seen(project):
    sent = rows("people", {"name": "A\u200bna", "side": "usager"})
    client = signed_in(project.editors.get())
    moderation.archive(project, by=project.editors.get())
    client.post(reverse("project_step", args=[project.slug, "qui"]), sent)
    assert [person.name for person in project.people.all()] == ["Ana"]


def test_a_member_who_is_not_shown_to_all_is_told_by_her_side():
    hidden = makers.actor(audience=makers.Audience.MEMBERS, first_name="Aubeline", last_name="Ombre")
    row = {"actor": hidden.pk, "name": "", "function": "animation", "side": "usager"}
    project = makers.project(people=[row])
    assert "Aubeline" not in Client().get(project.get_absolute_url()).text
    assert "Aubeline" in signed_in(makers.member()).get(project.get_absolute_url()).text


def test_the_words_of_a_project_lead_to_others_that_bear_them():
    words = makers.terms(domain="organisation", public="adultes")
    themes = [term.pk for term in makers.terms(theme="diabete")]
    project = makers.project(terms=[term.pk for term in words], themes=themes)
    text = Client().get(project.get_absolute_url()).text
    for address in ("?domaine=organisation", "?public=adultes", "?theme=diabete"):
        assert f"/projets/{address}" in text
        assert project.title in Client().get(f"/projets/{address}").text


@pytest.mark.parametrize("step", STEPS)
def test_each_part_opens_with_what_the_page_says(project, step):
    page = signed_in(project.editors.get()).get(reverse("project_step", args=[project.slug, step]))
    assert str(STEPS[step].title) in page.text
    for name in (*STEPS[step].form.plain, *STEPS[step].form.one):
        assert page.context["form"].initial[name] == read_project(project)[name]


def test_more_rows_keep_what_was_typed(project):
    step = reverse("project_step", args=[project.slug, "resultats"])
    sent = rows("indicators", {"label": "visites", "value": "3"}) | rows("verbatims", {})
    page = signed_in(project.editors.get()).post(step, sent | {"plus": "indicators"})
    assert page.context["form"].rows["indicators"].total_form_count() == 3
    assert 'value="visites"' in page.text
    assert not project.indicators.exists()


@pytest.mark.parametrize(
    ("step", "sent", "said"),
    [
        ("moyens", {"budget": "-1"}, "Un budget ne peut pas être négatif."),
        ("moyens", {"budget": "beaucoup"}, "Écrivez un nombre entier"),
        ("moyens", {"budget": "10", "money": "aucun"}, "ne vont pas ensemble"),
        ("resultats", rows("indicators", {"label": "x"}) | rows("verbatims"), "Il manque une réponse ici."),
        (
            "resultats",
            rows("indicators") | rows("verbatims") | {"video": "javascript:alert(1)"},
            "pas complète",
        ),
        ("qui", rows("people", {"name": "Ana"}), "Il manque une réponse ici."),
        ("qui", rows("people") | {"structure_name": "Nulle part"}, "Aucune structure de ce nom"),
        ("comment", {"objectives": "Appelez le 06 12 34 56 78"}, "un numéro de téléphone"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(project, step, sent, said):
    page = signed_in(project.editors.get()).post(reverse("project_step", args=[project.slug, step]), sent)
    assert page.status_code == 200
    assert said in page.text


def test_of_two_who_write_at_once_the_second_sees_both_versions(project):
    author = project.editors.get()
    moderation.archive(project, by=author)
    step = reverse("project_step", args=[project.slug, "enseignements"])
    client = signed_in(author)
    opened = client.get(step).context["form"]["version"].value()
    moderation.revise(project, {"obstacles": "Le temps", "prospects": "Recommencer"}, by=author)
    sent = {"version": opened, "obstacles": "L’argent"}
    page = client.post(step, sent)
    assert page.status_code == 200
    assert "Quelqu’un a changé cette page" in page.text
    for words in ("Le temps", "L’argent"):
        assert words in page.text
    answer = client.post(step, sent | {"version": page.context["form"]["version"].value()})
    assert answer.status_code == 302
    project.refresh_from_db()
    assert (project.obstacles, project.prospects) == ("L’argent", "Recommencer")
