"""axe finds nothing on any page, narrow or wide, light or dark, in any state; nothing scrolls sideways."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

# Only so that the database is made: the site is filled once, for all the tests.
pytestmark = pytest.mark.django_db

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RUN = f"""async () => {{
  const found = await axe.run(document, {{ runOnly: {json.dumps(TAGS)}, resultTypes: ["violations"] }});
  return found.violations.map((one) => [
    one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))]);
}}"""

PAGES = {
    "home": "/",
    "map": "/carte/",
    "framed map": "/carte/integrer/",
    "people": "/acteurs/",
    "people, second page": "/acteurs/?page=2",
    "people, filtered": "/acteurs/?role=proche-aidant&territoire=dep-09&tri=nom",
    "people, none": "/acteurs/?q=zzzzzzzz",
    "people, invalid filter": "/acteurs/?theme=inconnu&km=0",
    "people, several places": "/acteurs/?lieu=saint",
    "structures": "/structures/",
    "person": "actor",
    "structure": "structure",
    "territories": "/territoires/",
    "territories found": "/territoires/?q=saint",
    "territories, none found": "/territoires/?q=zzzzzzzz",
    "région": "/territoires/reg-76/",
    "département": "/territoires/dep-09/",
    "commune": "/territoires/com-09261/",
    "empty commune": "/territoires/com-09029/",
    "register of personal data": "/donnees-personnelles/registre/",
    "account closed": "/compte-ferme/",
    "sign in": "/compte/login/",
    "forgotten password": "/compte/password/reset/",
    "bad reset link": "/compte/password/reset/key/1-x/",
    "making an account": "/compte/signup/",
    "asking for a code": "/compte/login/code/",
    "legal": "/mentions-legales/",
    "privacy": "/donnees-personnelles/",
    "accessibility": "/accessibilite/",
    "site plan": "/plan-du-site/",
    "source code": "/code-source/",
    "components": "/composants/",
    "mailbox": "/boite-aux-lettres/",
    "not found": "/nulle-part/",
    "unreadable": "/acteurs/?q=%00",
}
SIGNED_IN = {
    "my space": "/mon-espace/",
    "my data": "/mon-espace/mes-donnees/",
    "closing my account": "/mon-espace/supprimer-mon-compte/",
    "own page": "actor",
    "notices": "/mon-espace/notifications/",
    "which mails, and when": "/mon-espace/preferences/",
    "mails received": "/mon-espace/messages-recus/",
    "outbox, in doubt": "/moderation/envois/",
    "outbox, failed": "/moderation/envois/?etat=echoues",
    "outbox, withheld": "/moderation/envois/?etat=retenus",
    "people": "/acteurs/",
    "sign out": "/compte/logout/",
    "password": "/compte/password/change/",
    "mail address": "/compte/email/",
    "second factor": "/compte/securite/",
    "keys": "/compte/securite/webauthn/",
    "devices": "/compte/sessions/",
    "proving it is oneself": "/compte/reauthenticate/code/",
    "national identity": "/compte/identite/",
}


def address(path: str, site) -> str:
    return getattr(site, path).get_absolute_url() if not path.startswith("/") else path


def violations(page: Page) -> list:
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE)
    return page.evaluate(RUN)


def judge(page: Page) -> dict[str, list]:
    """What axe finds in the four settings, and whether the page is wider than a small screen."""
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            if wrong := violations(page):
                found[f"{scheme} {width}"] = wrong
    page.set_viewport_size({"width": 320, "height": 900})
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > 320:
        found["sideways at 320"] = [wide, page.evaluate(WIDEST)]
    return found


#: The elements that stick out, the deepest first.
WIDEST = """() => [...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
  .map((element) => element.outerHTML.slice(0, 120)).slice(-3)"""


def test_what_is_wrong_is_found(visit):
    page = visit("/mentions-legales/")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button><h6>x</h6>')"
    )
    assert {"button-name", "heading-order"} <= {name for name, _ in violations(page)}


@pytest.mark.parametrize("name", PAGES)
def test_page(name, visit, site):
    assert judge(visit(address(PAGES[name], site))) == {}


@pytest.mark.parametrize("name", SIGNED_IN)
def test_page_signed_in(name, visit, site):
    assert judge(visit(address(SIGNED_IN[name], site), signed_in=True)) == {}


def test_in_english(visit):
    page = visit("/acteurs/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert judge(page) == {}


def test_menu_open_on_a_phone(visit):
    page = visit("/", width=360)
    page.get_by_role("banner").get_by_text("Menu", exact=True).click()
    expect(page.get_by_role("navigation", name="Menu principal")).to_be_visible()
    assert violations(page) == []


def test_display_menu_open(visit):
    page = visit("/")
    page.get_by_text("Affichage", exact=True).click()
    expect(page.get_by_role("radio", name="Sombres")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/acteurs/", "/carte/"])
def test_every_filter_open(path, visit):
    page = visit(path, width=360)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    page.get_by_role("checkbox").first.wait_for(state="visible")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("typed", ["saint-g", "zzzzzzzz"])
def test_place_box_open(typed, visit):
    page = visit("/mentions-legales/")
    page.get_by_role("banner").get_by_role("combobox").press_sequentially(typed)
    expect(page.get_by_role("banner").get_by_role("option").first).to_be_visible()
    assert violations(page) == []


def test_results_just_swapped(visit):
    page = visit("/acteurs/")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    with page.expect_response(lambda answer: "role=" in answer.url):
        page.get_by_role("checkbox", name="Proche aidant").first.check()
    page.wait_for_load_state("networkidle")
    assert violations(page) == []


def test_sign_in_refused(visit):
    page = visit("/compte/login/")
    page.locator("input[name=login]").fill("nobody@example.org")
    page.locator("input[name=password]").fill("wrong")
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    page.wait_for_load_state("networkidle")
    assert judge(page) == {}
