"""A consent given shows a theme to whom it was given for; taken back, it is gone at the next request."""

from __future__ import annotations

import pytest

from directory.models import Actor
from tests import makers
from tests.e2e.test_joining import elsewhere, press, session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(site) -> tuple[str, str]:
    """Where someone shows herself to everyone without a word of her health, and her session."""
    made: list[Actor] = []
    elsewhere(lambda: made.append(makers.actor(first_name="Ysoline", last_name="Ombreval")))
    session: list[str] = []
    elsewhere(lambda: session.append(session_of(made[0].user)))
    return made[0].get_absolute_url(), session[0]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_theme_is_shown_once_agreed_to_and_gone_once_taken_back(site, visit, shown, javascript):
    address, session = shown
    found = "/acteurs/?q=Ysoline&theme=diabete"
    page = visit(width=360, javascript=javascript)
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])
    page.goto("/mon-espace/consentements/")
    press(page, "form[action$='/store/'] button")
    press(page, "a:has-text('Choisir mes thèmes de santé')")
    press(page, "[name=themes][value=diabete]", "Space")
    press(page, "button:has-text('Enregistrer')")
    assert visit(found, javascript=False).get_by_role("link", name="Ysoline O.").count() == 0
    assert visit(address, javascript=False).get_by_text("Diabète").count() == 0
    press(page, "form[action$='/everyone/'] button")
    assert visit(found, javascript=False).get_by_role("link", name="Ysoline O.").count() == 1
    assert visit(address, javascript=False).get_by_text("Diabète").count() > 0
    press(page, "form[action$='/everyone/'] button")
    assert visit(found, javascript=False).get_by_role("link", name="Ysoline O.").count() == 0
    assert visit(address, javascript=False).get_by_text("Diabète").count() == 0
    press(page, "form[action$='/store/'] button")
    assert page.get_by_text("Mes thèmes de santé :").count() == 0
