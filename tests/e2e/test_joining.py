"""Registering on a phone, with the keyboard alone and no script; then axe on each step and its mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Page

from accounts.models import User
from directory.charter import load_charter
from directory.models import Actor
from moderation import actions as moderation
from moderation.models import Case, Verb
from tests import makers
from tests.e2e.test_accessibility import AXE, RUN

#: Nothing on these pages is further away than this.
MOST_TABS = 150
IS_FOCUSED = "(one) => one === document.activeElement"


# Only so that the database is made: what the browser is to see is written outside the test's own transaction.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def newcomers(site, django_db_blocker) -> Iterator[tuple[User, str]]:
    """People with an account and no page, each with her session."""
    with django_db_blocker.unblock():
        load_charter()
        people = [makers.user() for _ in range(3)]
        return iter([(person, session_of(person)) for person in people])


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value


@pytest.fixture
def newcomer(newcomers) -> tuple[User, str]:
    return next(newcomers)


@pytest.fixture
def signed_in(site, visit, newcomer) -> Callable[..., Page]:
    def go(path: str, **how: object) -> Page:
        page = visit(**how)
        page.context.add_cookies([{"name": "sessionid", "value": newcomer[1], "url": site.url}])
        page.goto(path)
        return page

    return go


def elsewhere(do: Callable[[], object]) -> None:
    """Do it in another connection, as another process of the site would: it is committed."""

    def run() -> None:
        try:
            do()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


def publish(user: User) -> None:
    page = Actor.objects.get(user=user)
    case = Case.objects.of(page).open().get(nature="content")
    moderation.decide(case, Verb.PUBLISH, by=makers.user(is_team=True))


def reach(page: Page, what: str) -> None:
    """Press Tab until `what` has the focus."""
    wanted = page.locator(what).first
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate(IS_FOCUSED):
            return
    raise AssertionError(f"{what} is not reached with the keyboard, at {page.url}")


def press(page: Page, what: str, key: str = "Enter") -> None:
    reach(page, what)
    if key != "Enter":
        page.keyboard.press(key)
        return
    with page.expect_navigation():
        page.keyboard.press(key)


def write(page: Page, what: str, words: str) -> None:
    reach(page, what)
    page.keyboard.type(words)


ONWARD = "button:has-text('Enregistrer et continuer')"


def test_from_an_account_to_the_map_with_the_keyboard_alone(signed_in, visit, newcomer):
    page = signed_in("/referencement/", width=360, javascript=False)
    press(page, "a:has-text('Commencer')")
    press(page, ONWARD)
    assert page.get_by_text("Écrivez votre prénom.").first.is_visible()
    write(page, "#id_first_name", "Maëlle")
    write(page, "#id_last_name", "Ombrelune")
    press(page, "[name=roles][value=proche-aidant]", "Space")
    press(page, ONWARD)
    write(page, "#id_lieu", "saint girons ariege")
    press(page, ONWARD)
    write(page, "#id_headline", "Je débute, et j’ai du temps.")
    press(page, ONWARD)
    press(page, ONWARD)
    press(page, "#id_signed", "Space")
    press(page, ONWARD)
    press(page, "a:has-text('un membre')")
    assert page.locator("article.profile h1").inner_text() == "Maëlle O."
    press(page, "a:has-text('Revenir à ma page')")
    press(page, "a:has-text('Reprendre')")
    press(page, "button:has-text('Envoyer ma page')")
    assert page.get_by_role("heading", level=1).inner_text() == "Merci Maëlle, c’est envoyé"
    elsewhere(lambda: publish(newcomer[0]))
    page.goto("/mon-espace/ma-page/partage/")
    press(page, "[name=audience][value='10']", "ArrowDown")
    press(page, "button:has-text('Enregistrer')")
    found = visit("/acteurs/?q=Maëlle&territoire=com-09261", javascript=False, width=360)
    assert found.get_by_role("link", name="Maëlle O.").count() == 1


def check(page: Page, state: str) -> dict[str, object]:
    page.evaluate(AXE)
    found = page.evaluate(RUN)
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return {state: found} if found else {f"{state} scrolls sideways": True} if wide else {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_any_step_nor_in_its_mistakes(signed_in, newcomer, scheme):
    page = signed_in("/referencement/", width=360, scheme=scheme)
    wrong = check(page, "start")
    steps = ["qui-je-suis", "ou", "ce-que-j-apporte", "partage", "charte"]
    sent = {
        "qui-je-suis": {"#id_first_name": "Maëlle", "#id_last_name": "Ombrelune"},
        "ou": {"#id_lieu": "saint girons ariege"},
        "ce-que-j-apporte": {"#id_offers": "Appelez-moi au 05 61 02 30 40"},
        "partage": {},
        "charte": {},
    }
    ticked = {
        "qui-je-suis": "[name=roles][value=proche-aidant]",
        "partage": "#id_members",
        "charte": "#id_signed",
    }
    for step in steps:
        page.goto(f"/referencement/{step}/")
        wrong |= check(page, step)
        if step in ("ou",):
            page.fill("#id_lieu", "saint")
        if step == "partage":
            page.check("#id_members")
        if step == "ce-que-j-apporte":
            page.fill("#id_offers", sent[step]["#id_offers"])
        page.locator(ONWARD).click()
        wrong |= check(page, f"{step}, to correct")
        for field, words in sent[step].items():
            page.fill(field, words)
        if step == "ce-que-j-apporte":
            page.check("[name=offers-garder]")
        elif step == "partage":
            page.check("#id_store")
        elif step in ticked:
            page.check(ticked[step])
        page.locator(ONWARD).click()
    assert page.url.endswith("/referencement/relecture/")
    for name, path in {
        "review": "/referencement/relecture/",
        "seen as a visitor": "/mon-espace/ma-page/voir-comme/visiteur/",
        "seen as a member": "/mon-espace/ma-page/voir-comme/membre/",
        "consents": "/mon-espace/consentements/",
        "themes": "/mon-espace/consentements/themes/",
        "charter": "/charte/",
    }.items():
        page.goto(path)
        wrong |= check(page, name)
    elsewhere(lambda: moderation.submit(Actor.objects.get(user=newcomer[0]), by=newcomer[0]))
    for name, path in {
        "sent": "/referencement/envoye/",
        "my page": "/mon-espace/ma-page/",
        "my path": "/mon-espace/ma-page/parcours/",
        "my space": "/mon-espace/",
        "invite": "/mon-espace/inviter/",
    }.items():
        page.goto(path)
        wrong |= check(page, name)
    assert wrong == {}
