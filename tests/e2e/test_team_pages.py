"""axe on what the team alone opens, and on what its mails lead to: entry, posters, data, administration."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.audience import Audience
from accounts.models import User
from directory import actions
from directory.models import Duplicate, Term
from notifications.models import Message
from privacy import actions as privacy
from privacy import tokens
from privacy.models import HealthRead
from privacy.reads import note_reading
from tests import makers
from tests.e2e.test_accessibility import AXE, TAGS
from tests.e2e.test_joining import check, session_of
from tests.e2e.test_moderation import elsewhere

# Only so that the database is made: what the browser is to see is written outside the test's own transaction.
pytestmark = pytest.mark.django_db
SETTINGS = [(320, "light"), (768, "dark"), (1280, "light")]


@pytest.fixture(scope="module")
def administrator(site, django_db_blocker) -> tuple[User, str]:
    with django_db_blocker.unblock():
        user = elsewhere(lambda: makers.user(is_team=True, is_staff=True, is_superuser=True))
        return user, session_of(user)


def states(user: User) -> dict[str, str]:
    """The address of each page, by what it shows; pages that keep to themselves are named in no list."""
    kept = makers.actor(audience=Audience.TEAM, first_name="Ombeline")
    note_reading(user, kept.user, page="page", purpose=HealthRead.Purpose.OTHER, explanation="Un appel.")
    poster = actions.make_poster("Hall d’un hôpital", by=user)
    said = {"first_name": "Aubin", "last_name": "Papierclair", "name_style": "initial"}
    actions.enter_for("papier@example.org", said, by=user)
    entered = Message.objects.get(kind="directory.page_entered").link
    first = makers.structure(name="Le Phare des mots", place="com-75056", description="Une première page.")
    second = makers.structure(name="Le phare des Mots", place="com-75056")
    pair = Duplicate.objects.get(first__in=[first, second])
    export = privacy.request_export(user)
    closing = makers.user()
    closure = privacy.close_account(closing)
    return {
        "why one reads": kept.get_absolute_url(),
        "readings": "/donnees-personnelles/lectures/",
        "a copy of one's data": reverse("data_export", args=[export.pk]),
        "keeping one's account": reverse("closed_account", args=[tokens.of_closure(closure)]),
        "posters": "/moderation/affiches/",
        "come by a poster": poster.get_absolute_url(),
        "entering": "/moderation/saisir-une-fiche/",
        "confirming what was entered": entered,
        "two pages compared": reverse("structure_merge", args=[pair.pk]),
    }


@pytest.fixture(scope="module")
def pages(administrator, django_db_blocker) -> dict[str, str]:
    with django_db_blocker.unblock():
        return elsewhere(lambda: states(administrator[0]))


def opened(visit, site, session: str, **how: object) -> Page:
    page = visit(**how)
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])
    return page


@pytest.mark.parametrize(("width", "scheme"), SETTINGS)
def test_axe_finds_nothing(width, scheme, visit, site, administrator, pages):
    page = opened(visit, site, administrator[1], width=width, scheme=scheme)
    found = {}
    for state, path in pages.items():
        assert page.goto(path).status == 200, state
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        found |= check(page, state)
    for state in ("why one reads", "posters", "entering"):
        page.goto(pages[state])
        page.locator("main form button[type=submit]").last.click()
        expect(page.locator(".error-summary"), state).to_be_visible()
        found |= check(page, f"{state}, mistakes")
    assert found == {}


#: What Django's own administration does, which is its to mend; everything else is ours.
OF_DJANGO = {
    "label": "the two halves of a date share one label",
    "label-title-only": "the search box is named by its description",
    "aria-prohibited-attr": "the icons of the two lists side by side",
    "aria-input-field-name": "select2",
    "list": "select2",
}


def violations(page: Page) -> list:
    # Without preload: axe would write inline styles, which the content policy refuses.
    options = {"runOnly": TAGS, "preload": False, "resultTypes": ["violations"]}
    options["rules"] = {name: {"enabled": False} for name in OF_DJANGO}
    run = f"""async () => (await axe.run(document, {json.dumps(options)})).violations.map(
        (one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))])"""
    return page.evaluate(run)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (360, "light")])
def test_axe_finds_nothing_of_ours_in_the_administration(width, scheme, visit, site, administrator):
    page = opened(visit, site, administrator[1], width=width, scheme=scheme)
    term, user = Term.objects.order_by("pk")[0], administrator[0]
    pages = ["", "directory/structure/", "directory/structure/add/"]
    pages += [f"directory/term/{term.pk}/change/", f"accounts/user/{user.pk}/change/"]
    found = {}
    for path in pages:
        assert page.goto(f"/gestion/{path}", wait_until="networkidle").status == 200, path
        page.evaluate(AXE)
        if wrong := violations(page):
            found[path] = wrong
    assert found == {}
