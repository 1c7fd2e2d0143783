"""What people come to do, by keyboard, without JavaScript, with it, and in the other language."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

# Only so that the database is made: the site is filled once, for all the tests.
pytestmark = pytest.mark.django_db

UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true })"
FOCUSED_IS_SEEN = """() => {
  const box = document.activeElement.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
}"""


def tab_to(page: Page, test: str, limit: int = 150) -> None:
    """Press Tab until the focused element `e` passes `test`; where it stops, it is in sight."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate(f"(() => {{ const e = document.activeElement; return Boolean({test}); }})()"):
            assert page.evaluate(FOCUSED_IS_SEEN)
            return
    raise AssertionError(f"not reached by Tab: {test}")


# What is drawn -----------------------------------------------------------------------------------------

TILES_BY_ROW = """(count) => {
  const box = document.querySelector('.figures');
  while (box.children.length < count) box.append(box.lastElementChild.cloneNode(true));
  while (box.children.length > count) box.lastElementChild.remove();
  const rows = Object.groupBy(box.children, (one) => Math.round(one.getBoundingClientRect().top));
  return Object.values(rows).map((row) => row.length);
}"""


@pytest.mark.parametrize(
    ("width", "rows"),
    [
        (360, [[2, 2, 2], [2, 2, 1], [2, 2]]),
        (768, [[3, 3], [3, 2], [4]]),
        (1280, [[3, 3], [5], [4]]),
    ],
)
def test_figures_stand_in_rows_as_even_as_they_can(width, rows, visit):
    page = visit("/territoires/dep-09/", width=width)
    assert [page.evaluate(TILES_BY_ROW, count) for count in (6, 5, 4)] == rows


# By keyboard -------------------------------------------------------------------------------------------


def test_find_a_commune_by_keyboard(visit):
    page = visit("/mentions-legales/")
    tab_to(page, "e.getAttribute('role') === 'combobox'")
    page.keyboard.type("st girons")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator(":focus")).to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("Enter")
    page.wait_for_url("**/territoires/com-09261/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Saint-Girons")


def test_the_place_box_closes_and_empties_by_escape(visit):
    page = visit("/mentions-legales/")
    box = page.get_by_role("banner").get_by_role("combobox")
    box.press_sequentially("foix")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("foix")
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    expect(box).to_be_focused()


def test_filter_a_list_and_open_a_result_by_keyboard(visit):
    page = visit("/acteurs/")
    tab_to(
        page, "e.matches('main summary') && !e.parentElement.open && e.parentElement.querySelector('input')"
    )
    page.keyboard.press("Enter")
    tab_to(page, "e.matches('main input[type=checkbox]')")
    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        page.keyboard.press("Space")
    page.wait_for_load_state("networkidle")
    page.wait_for_url(re.compile(r"\?"))
    assert page.evaluate("document.activeElement.matches('input[type=checkbox]:checked')"), "the focus stays"
    tab_to(
        page,
        "e.matches('main a[href^=\"/acteurs/\"]') && /^\\/acteurs\\/[^?]+\\/$/.test(e.getAttribute('href'))",
    )
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/acteurs/[\w-]+/$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_first_tab_offers_to_skip_to_the_content(visit):
    page = visit("/acteurs/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Aller au contenu")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


# Without JavaScript ------------------------------------------------------------------------------------


def test_search_a_place_from_the_home_page_without_javascript(visit):
    page = visit("/", javascript=False)
    page.locator("main input[name=lieu], main input[name=q]").first.fill("Saint-Girons")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert re.search(r"com-09261|=Saint-Girons", page.url)
    expect(page.get_by_role("main")).to_contain_text("Saint-Girons")


def test_filter_and_turn_pages_without_javascript(visit):
    page = visit("/acteurs/", javascript=False)
    first = names(page)
    page.get_by_role("link", name="Suivante").click()
    assert "page=2" in page.url
    assert names(page)
    assert set(names(page)).isdisjoint(first)
    page = visit("/acteurs/", javascript=False)
    for summary in page.locator("main form details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()
    page.get_by_role("checkbox", name="Proche aidant").first.check()
    with page.expect_navigation():
        page.locator("main form[data-filters]").get_by_role("button").locator("visible=true").last.click()
    assert "role=proche-aidant" in page.url
    assert 0 < len(names(page)) < 20


def test_a_place_typed_without_javascript_is_understood(visit):
    page = visit("/acteurs/?lieu=Saint-Girons", javascript=False)
    assert "territoire=com-09261" in page.url
    assert "lieu=" not in page.url
    page = visit("/acteurs/?lieu=saint", javascript=False)
    choices = page.locator("main a[href*='territoire=com-']")
    assert choices.count() > 1
    choices.first.click()
    assert "territoire=com-" in page.url


def names(page: Page) -> list[str]:
    links = page.locator("#results a").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    return [link for link in links if re.fullmatch(r"/acteurs/[\w-]+/", link)]


# With htmx ---------------------------------------------------------------------------------------------


def swap(page: Page) -> None:
    """Filter by a role, in place."""
    page.evaluate(UNFOLD)
    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        page.get_by_role("checkbox", name="Proche aidant").first.check()
    page.wait_for_url(re.compile("role=proche-aidant"))
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("path", ["/acteurs/", "/carte/"])
def test_a_filter_answers_in_place_and_the_back_button_undoes_it(path, visit):
    page = visit(path)
    page.evaluate("window.stayed = true")
    before = page.locator("#results").inner_text()
    swap(page)
    assert "role=proche-aidant" in page.url
    assert page.evaluate("window.stayed") is True
    assert page.locator("#results").inner_text() != before
    page.go_back()
    page.wait_for_load_state("networkidle")
    assert "role=" not in page.url
    expect(page.locator("#results")).to_have_text(re.compile(r"\S"))
    assert page.locator("#results").inner_text() == before


@pytest.mark.parametrize("path", ["/acteurs/", "/carte/"])
def test_a_swapped_page_equals_a_fresh_one(path, visit):
    page = visit(path)
    swap(page)
    swapped, url = words(page), page.url
    fresh = visit(url)
    assert words(fresh) == swapped
    boxes = "(all) => all.map((one) => one.checked)"
    ticked = page.locator("main input[type=checkbox]").evaluate_all(boxes)
    assert fresh.locator("main input[type=checkbox]").evaluate_all(boxes) == ticked


def words(page: Page) -> list[str]:
    """The results as they read, and where their links lead."""
    links = page.locator("#results a").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    return [page.locator("#results").inner_text(), *links]


def test_what_changed_is_announced(visit):
    page = visit("/acteurs/")
    swap(page)
    said = page.locator("#annonce")
    expect(said).to_have_attribute("role", "status")
    expect(said).to_have_text(re.compile(r"\d"))


# The map -----------------------------------------------------------------------------------------------


def test_the_map_and_its_list_hold_the_same(visit, site):
    page = visit("/carte/?territoire=com-09261")
    data = page.request.get("/carte/donnees.geojson?territoire=com-09261&zoom=14").json()
    shown = {feature["properties"]["url"] for feature in data["features"] if "url" in feature["properties"]}
    links = page.locator("#results a").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    listed = {link for link in links if re.fullmatch(r"/(acteurs|structures)/[\w-]+/", link)}
    assert data["total"] == len(listed) > 1
    assert shown <= listed
    expect(page.get_by_role("region", name=re.compile("[Cc]arte")).first).to_be_visible()


# Appearance and language -------------------------------------------------------------------------------


def test_the_colours_chosen_are_kept(visit):
    page = visit("/")
    page.get_by_text("Affichage", exact=True).click()
    page.get_by_role("radio", name="Sombres").check()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto("/acteurs/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    page.get_by_text("Affichage", exact=True).click()
    page.get_by_role("radio", name="Claires").check()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark


FRENCH = re.compile(
    r"\b(acteurs|carte|chercher|filtrer|résultats?|se connecter|mentions légales|accessibilité|affichage"
    r"|trier|données personnelles|plan du site|aucune?|personnes|territoires|retour"
    r"|accueil|habitants|voir|tout effacer|suivante|précédente|rôle|domaine|nous joindre|ce site"
    r"|présentation)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/acteurs/",
        "/acteurs/?q=zzzz",
        "/acteurs/?theme=inconnu",
        "/structures/",
        "/carte/",
        "/territoires/",
    ]
    + [
        "/territoires/dep-09/",
        "/compte/login/",
        "/compte/password/reset/",
        "actor",
        "structure",
        "/nulle-part/",
    ]
    + ["/accessibilite/", "/donnees-personnelles/", "/plan-du-site/", "/mentions-legales/", "/code-source/"],
)
def test_in_english_no_french_is_left(path, visit, site):
    address = getattr(site, path).get_absolute_url() if not path.startswith("/") else path
    page = visit(address, language="en-GB")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.evaluate(UNFOLD)
    text = page.locator("body").inner_text() + page.title()
    # Addresses are the same in every language; so are « département » and « région », which have no English.
    assert sorted({found.lower() for found in FRENCH.findall(re.sub(r"/\S+/", "", text))}) == []


def test_the_language_chosen_is_kept(visit):
    page = visit("/acteurs/?role=proche-aidant")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "role=proche-aidant" in page.url
    page.goto("/structures/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
