"""The answers kept ready: who writes them, and that the desk proposes them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from moderation import actions
from moderation.models import AnswerTemplate, Case
from tests import makers
from tests.conftest import say_why
from tests.moderation.test_desk import ambassador, sign_in

pytestmark = pytest.mark.django_db
SAID = {"act": "refuse", "title": "Publicité", "text": "Ce site n’en publie pas.", "rank": "3"}
LIST = "/moderation/reponses/"


@pytest.fixture
def team() -> Client:
    return sign_in(makers.user(is_team=True))


def kept() -> list[tuple]:
    return list(AnswerTemplate.objects.values_list("act", "title", "text", "rank"))


def test_the_team_adds_changes_and_retires_one(team):
    answer = team.post(f"{LIST}nouvelle/", SAID, follow=True)
    assert (answer.redirect_chain[-1][0], kept()) == (
        LIST,
        [("refuse", "Publicité", "Ce site n’en publie pas.", 3)],
    )
    assert "La réponse « Publicité » est gardée" in answer.content.decode().replace("\u00a0", " ")
    (found,) = AnswerTemplate.objects.all()
    team.post(f"{LIST}{found.pk}/", SAID | {"text": "Ni ici ni ailleurs.", "rank": "0"})
    assert kept() == [("refuse", "Publicité", "Ni ici ni ailleurs.", 0)]
    team.post(f"{LIST}{found.pk}/retirer/")
    assert kept() == []


def test_what_the_team_writes_is_proposed_where_it_is_for(team):
    page = makers.actor(published=False)
    actions.submit(page, by=page.user)
    case = Case.objects.get()
    say_why(team, page)
    team.post(f"{LIST}nouvelle/", SAID)
    team.post(f"{LIST}nouvelle/", SAID | {"act": "grant", "title": "Pardon"})
    proposed = [one.title for one in team.get(case.get_absolute_url()).context["dossier"].answers]
    assert proposed == ["Publicité"]


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"act": ""}, "act", "Choisissez la décision."),
        ({"act": "lune"}, "act", "Choisissez dans la liste."),
        ({"title": " "}, "title", "Donnez un titre."),
        ({"title": "a" * 81}, "title", "Le titre est trop long : pas plus de 80 signes."),
        ({"text": ""}, "text", "Écrivez la réponse."),
        ({"text": "a" * 2001}, "text", "Le texte est trop long : pas plus de 2000 signes."),
        ({"rank": ""}, "rank", "Écrivez un nombre entre 0 et 999."),
        ({"rank": "-1"}, "rank", "Écrivez un nombre entre 0 et 999."),
        ({"rank": "9" * 30}, "rank", "Écrivez un nombre entre 0 et 999."),
        ({"title": "Déjà là"}, "__all__", "Une réponse de ce titre existe déjà pour cet acte."),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_what_was_typed_is_kept(wrong, field, words, team):
    AnswerTemplate.objects.create(act="refuse", title="Déjà là", text="Oui.")
    answer = team.post(f"{LIST}nouvelle/", SAID | wrong)
    found = answer.context["form"].errors.items()
    errors = {name: [error.replace("\u00a0", " ") for error in said] for name, said in found}
    assert (answer.status_code, errors) == (422, {field: [words]})
    assert AnswerTemplate.objects.count() == 1
    for name, value in (SAID | wrong).items():
        assert answer.context["form"][name].value() == value


def test_the_list_costs_the_same_whatever_its_length(team, django_assert_num_queries):
    AnswerTemplate.objects.create(act="refuse", title="Une", text="Oui.")
    team.get(LIST)
    with django_assert_num_queries(2):
        team.get(LIST)
    for act in ("keep", "refuse"):
        AnswerTemplate.objects.create(act=act, title="Deux", text="Oui.")
    with django_assert_num_queries(2):
        assert len(team.get(LIST).context["answers"]) == 3


def test_the_desk_leads_there_for_the_team_alone(team):
    link = reverse("moderation_answers")
    assert link in team.get("/moderation/").content.decode()
    assert link not in sign_in(ambassador()).get("/moderation/").content.decode()


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (makers.user, 404),
        (ambassador, 404),
        (lambda: makers.user(is_team=True, closed="suspended"), 302),
        (lambda: makers.user(is_team=True), 200),
    ],
    ids=["member", "ambassador", "suspended", "team"],
)
def test_they_are_kept_by_the_team_alone(who, code):
    found = AnswerTemplate.objects.create(act="refuse", title="Une", text="Oui.")
    client = sign_in(who())
    paths = [LIST, f"{LIST}nouvelle/", f"{LIST}{found.pk}/"]
    assert [client.get(path).status_code for path in paths] == [code] * 3
    client.post(f"{LIST}{found.pk}/", SAID), client.post(f"{LIST}nouvelle/", SAID | {"title": "Deux"})
    assert len(kept()) == (2 if code == 200 else 1)
    client.post(f"{LIST}{found.pk}/retirer/")
    assert len(kept()) == 1
    assert kept()[0][1] == ("Deux" if code == 200 else "Une")
