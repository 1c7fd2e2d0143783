"""From a page that is sent to a page on the map, from a report to an appeal: by keyboard, no script."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import pytest
from django.db import connection
from playwright.sync_api import Page

from accounts.models import User
from directory.actions import sign_charter
from directory.models import Actor, Charter
from moderation import actions, links
from moderation.answers import load_answers
from moderation.models import AnswerTemplate, Case, Decision, Ground, Verb
from tests import makers
from tests.e2e.test_joining import check, press, reach, session_of, write

# Only so that the database is made: what the browser is to see is written outside the test's own transaction.
pytestmark = pytest.mark.django_db
T = TypeVar("T")
DECIDE = "button:has-text('Décider et passer au suivant')"


def elsewhere(do: Callable[[], T]) -> T:
    """Do it in another connection, as another process of the site would: it is committed."""

    def run() -> T:
        try:
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


@dataclass
class Team:
    """Two moderators, and how to be either in a browser."""

    first: User
    second: User
    sessions: dict[User, str]


@pytest.fixture(scope="module")
def team(site, django_db_blocker) -> Team:
    def make() -> Team:
        load_answers()
        people = [makers.user(is_team=True), makers.user(is_team=True)]
        return Team(*people, {person: session_of(person) for person in people})

    with django_db_blocker.unblock():
        return elsewhere(make)


@pytest.fixture
def at_desk(site, visit, team) -> Callable[..., Page]:
    def go(path: str, who: User, **how: object) -> Page:
        page = visit(**how)
        page.context.add_cookies([{"name": "sessionid", "value": team.sessions[who], "url": site.url}])
        page.goto(path)
        return page

    return go


def submitted(name: str) -> Actor:
    page = makers.actor(first_name=name, last_name="Ombrelune", published=False)
    # The tests of joining, which may have run before, put one in force.
    if charter := Charter.objects.in_force():
        sign_charter(charter, user=page.user)
    actions.submit(page, by=page.user)
    return page


def address_of(page: Actor, nature: str) -> str:
    return Case.objects.of(page).open().get(nature=nature).get_absolute_url()


def test_a_page_goes_back_with_a_reason_is_completed_and_appears_by_keyboard(visit, at_desk, team):
    sent = elsewhere(lambda: submitted("Liselotte"))
    desk = at_desk("/moderation/?nature=content", team.first, width=360, javascript=False)
    press(desk, "a:has-text('Liselotte O.')")
    press(desk, "button:has-text('Je m’en occupe')")
    other = at_desk(elsewhere(lambda: address_of(sent, "content")), team.second, javascript=False)
    assert other.get_by_text("Quelqu’un s’en occupe déjà").is_visible()
    assert other.locator(DECIDE).count() == 0
    reach(desk, "[name=act]")
    desk.keyboard.press("ArrowDown")
    press(desk, DECIDE)
    assert desk.get_by_text("Dites pourquoi : la personne le lira.").first.is_visible()
    write(desk, "#id_reason", "Dites-nous en deux phrases ce que vous aimeriez partager.")
    press(desk, DECIDE)
    assert desk.get_by_text("Fait : Renvoyer à compléter (Liselotte O.).").is_visible()

    def complete() -> str:
        page = Actor.objects.get(pk=sent.pk)
        assert page.status == "returned"
        actions.revise(page, {"headline": "Je partage mon chemin."}, by=page.user)
        actions.submit(page, by=page.user)
        return address_of(page, "content")

    desk.goto(elsewhere(complete))
    assert desk.get_by_text("Dites-nous en deux phrases").is_visible()
    reach(desk, "[name=act][value=publish]")
    desk.keyboard.press("Space")
    press(desk, DECIDE)
    found = visit("/acteurs/?q=Liselotte", javascript=False, width=360)
    assert found.get_by_role("link", name="Liselotte O.").count() == 1
    places = visit("/carte/?q=Liselotte", javascript=False)
    assert places.get_by_role("link", name="Liselotte O.").count() == 1


def test_a_report_without_an_account_a_decision_an_appeal_and_another_moderator(visit, at_desk, team):
    shown = elsewhere(lambda: makers.actor(first_name="Philomène", last_name="Verdelune"))
    visitor = visit(shown.get_absolute_url(), width=360, javascript=False)
    press(visitor, "a:has-text('Signaler cette page')")
    reach(visitor, "[name=ground]")
    visitor.keyboard.press("ArrowUp")
    visitor.keyboard.press("ArrowUp")
    write(visitor, "#id_text", "Cette page vend quelque chose.")
    time.sleep(3.2)
    press(visitor, "button:has-text('Envoyer le signalement')")
    assert visitor.get_by_text("Merci, votre signalement est arrivé.").is_visible()
    assert visitor.get_by_text("En cours").is_visible()

    desk = at_desk(elsewhere(lambda: address_of(shown, "report")), team.first, javascript=False)
    reach(desk, "[name=act]")
    desk.keyboard.press("ArrowDown")
    desk.locator("#id_ground").select_option("spam")
    write(desk, "#id_reason", "Ce site ne publie pas de publicité.")
    press(desk, DECIDE)
    visitor.reload()
    assert visitor.get_by_text("Nous avons agi").is_visible()
    assert visit().goto(shown.get_absolute_url()).status == 404

    def contesting() -> str:
        decision = Decision.objects.of(shown).first()
        return links.appeal_path(decision, shown.user)

    author = visit(elsewhere(contesting), width=360, javascript=False)
    write(author, "#id_text", "Je ne vends rien : ces ateliers sont gratuits.")
    press(author, "button:has-text('Envoyer ma contestation')")
    assert author.get_by_text("En cours d’examen").is_visible()

    def contested() -> str:
        return Case.objects.open().filter(nature="appeal", author=shown.user).get().get_absolute_url()

    case = elsewhere(contested)
    assert at_desk("/moderation/", team.first).request.get(case).status == 404
    judge = at_desk(case, team.second, javascript=False)
    reach(judge, "[name=act][value=grant]")
    judge.keyboard.press("Space")
    write(judge, "#id_reason", "Vous avez raison, pardon pour le dérangement.")
    press(judge, DECIDE)
    author.goto(author.url)
    assert author.get_by_text("vous avez été entendu", exact=False).is_visible()
    assert visit().goto(shown.get_absolute_url()).status == 200


def test_the_queue_by_j_and_k(at_desk, team):
    elsewhere(lambda: [submitted(name) for name in ("Aubrune", "Brindille")])
    page = at_desk("/moderation/", team.first)
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") != first
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == first
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/moderation/dossiers/" in page.url
    page.locator("#id_text").focus()
    page.keyboard.type("jk")
    assert page.locator("#id_text").input_value() == "jk"


def states(team: Team) -> dict[str, str]:
    """The address of each page of moderation, for the second of the team."""
    edited = makers.actor(texts={"headline": "Avant le pont"})
    actions.revise(edited, {"headline": "Après le pont", "phone": "0561000000"}, by=edited.user)
    reported = makers.actor()
    actions.report(reported, ground=Ground.PRIVACY, text="Un voisin est nommé.", mail="a@example.org")
    turned_down = submitted("Capucine")
    case = Case.objects.of(turned_down).open().get()
    decision = actions.decide(case, Verb.REFUSE, by=team.first, reason="Publicité.", ground="spam")
    answered = submitted("Doriane")
    other = Case.objects.of(answered).open().get()
    refusal = actions.decide(other, Verb.REFUSE, by=team.first, reason="Publicité.", ground="spam")
    actions.appeal(refusal, by=answered.user, text="Non.")
    warned = makers.actor().user
    actions.warn(warned, by=team.first, ground=Ground.SPAM, reason="Publicité.")
    actions.suspend(warned, by=team.first, ground=Ground.SPAM, reason="Publicité.", hours=24)
    held = submitted("Églantine")
    actions.claim(Case.objects.of(held).open().get(), by=team.first)
    return {
        "queue": "/moderation/",
        "queue, nothing": "/moderation/?depuis=30",
        "queue, bad filter": "/moderation/?nature=lune",
        "edit": address_of(edited, "edit"),
        "report": address_of(reported, "report"),
        "held by another": address_of(held, "content"),
        "settled": case.get_absolute_url(),
        "appeal": Case.objects.open().get(nature="appeal", author=answered.user).get_absolute_url(),
        "card": f"/moderation/personnes/{warned.pk}/",
        "freshness": "/moderation/fraicheur/?territoire=dep-09",
        "answers": "/moderation/reponses/",
        "answer": f"/moderation/reponses/{AnswerTemplate.objects.first().pk}/",
        "answer, new": "/moderation/reponses/nouvelle/",
        "reporting": f"/signaler/acteur/{reported.slug}/",
        "following": links.follow_up_path(Case.objects.of(reported).get().reports.get()),
        "contesting": links.appeal_path(decision, turned_down.user),
        "contested": links.appeal_path(refusal, answered.user),
        "confirming": links.confirm_path(reported, reported.user),
    }


@pytest.fixture(scope="module")
def pages(team, django_db_blocker) -> dict[str, str]:
    with django_db_blocker.unblock():
        return elsewhere(lambda: states(team))


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (768, "dark"), (1280, "light")])
def test_axe_finds_nothing_in_any_state(width, scheme, at_desk, team, pages):
    page = at_desk("/moderation/", team.second, width=width, scheme=scheme)
    found = {}
    for state, path in pages.items():
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        found |= check(page, state)
    mistakes = {
        "edit": DECIDE,
        "reporting": "button:has-text('Envoyer')",
        "answer, new": "button:has-text('Enregistrer')",
    }
    for state, button in mistakes.items():
        page.goto(pages[state])
        page.locator(button).first.click()
        assert page.locator(".error-summary").is_visible()
        found |= check(page, f"{state}, mistakes")
    assert found == {}
