"""A real browser on a real server, over a small seeded site. Any trouble the browser meets fails the test."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from directory import actions
from directory.models import Actor, Structure, Term
from partenariat.local.chromium import find_chromium
from portal.models import Instance
from portal.tasks import record_heartbeat
from territories.models import Territory
from tests import mails, makers

# The browser is driven from the thread that also reads the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]
FLAGS += [
    f"--disable-{what}" for what in ("background-networking", "component-update", "sync", "default-apps")
]
PLACES = [
    "com-09261",
    "com-09122",
    "com-09225",
    "com-31555",
    "com-65440",
    "com-81004",
    "com-75056",
    "com-97411",
]
ROLES = ["patient-partenaire", "proche-aidant", "professionnel-partenaire", "representant-usagers"]


@dataclass(frozen=True)
class Site:
    """Where the site answers, and what is on it."""

    url: str
    actor: Actor
    structure: Structure
    session: str


@pytest.fixture(scope="session")
def site(django_db_setup, django_db_blocker) -> Iterator[Site]:
    with django_db_blocker.unblock():
        actor, structure, owner = seed()
        client = Client()
        client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
        server = LiveServer("127.0.0.1")
        yield Site(server.url, actor, structure, client.cookies["sessionid"].value)
        server.stop()
        # What the browser left unfinished would keep the database from being dropped.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def seed() -> tuple[Actor, Structure, User]:
    """Forty-five people and twelve structures around Ariège, one account with a page of its own."""
    Instance.objects.create(
        pk=1,
        name="Partenariat en santé d’essai",
        short_name="Partenariat d’essai",
        region=Territory.objects.by_ref("reg-76"),
        contact_email="contact@example.org",
    )
    domain = Term.objects.filter(vocabulary="domain")[0]
    for number in range(45):
        makers.actor(
            place=PLACES[number % len(PLACES)],
            terms=[Term.objects.get(vocabulary="role", slug=ROLES[number % 4]), domain],
            consents=("store", "everyone") if number % 5 == 0 else (),
            themes=("diabete",) if number % 5 == 0 else (),
        )
    structures = [makers.structure(place=PLACES[number % len(PLACES)]) for number in range(12)]
    owner = User.objects.create_user("owner@example.org", is_team=True)
    owner.ambassador_of.add(makers.commune())
    page = makers.actor(
        user=owner,
        first_name="Camille",
        last_name="Rivedouce",
        name_style="full",
        consents=("store", "members", "everyone"),
        themes=("diabete", "cancer"),
        zones=[Territory.objects.by_ref("dep-09")],
        texts={
            "headline": "Une phrase",
            "presentation": "Un premier paragraphe.\n\nUn second.",
            "offers": "Une offre",
            "needs": "Un besoin",
            "experience": "Une expérience",
            "website": "https://example.org/",
        },
    )
    actions.join_structure(page, structures[0], "Bénévole")
    mails.told(owner)
    mails.stuck(recipient=owner), mails.failed(recipient=owner)
    return page, structures[0], owner


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    assert path, "The browser tests need Chromium: `make e2e` installs it on Debian and Ubuntu."
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    """`visit("/acteurs/", width=360, javascript=False, signed_in=True)`: that page, loaded, in a browser that
    knows nothing yet; without an address, a blank one."""
    record_heartbeat()
    troubles: list[str] = []
    contexts = []

    def go(
        path: str = "",
        *,
        width: int = 1280,
        scheme: str = "light",
        javascript: bool = True,
        signed_in: bool = False,
        language: str = "fr-FR",
    ) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",
            java_script_enabled=javascript,
            locale=language,
        )
        contexts.append(context)
        if signed_in:
            context.add_cookies([{"name": "sessionid", "value": site.session, "url": site.url}])
        page = context.new_page()
        watch(page, site.url, troubles)
        if path:
            page.goto(path, wait_until="networkidle" if javascript else "load")
        return page

    yield go
    for context in contexts:
        context.close()
    assert troubles == []


def watch(page: Page, origin: str, troubles: list[str]) -> None:
    """Note every error, refusal of the content policy, and request that leaves the site."""

    def on_console(message) -> None:
        # A page that answers 400, 404, 422 or 429 on purpose is told of by the browser as an error.
        expected = (
            re.search(r"status of 4(?:00|04|22|29)", message.text) and message.location.get("url") == page.url
        )
        if message.type in ("error", "warning") and not expected:
            troubles.append(f"{message.type} at {page.url}: {message.text}")

    def on_request(request) -> None:
        if not request.url.startswith((f"{origin}/", "data:", "blob:")):
            troubles.append(f"request to another origin: {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: troubles.append(f"error at {page.url}: {error}"))
    page.on("request", on_request)
    page.on("requestfailed", lambda request: _note_failure(request, troubles))


def _note_failure(request, troubles: list[str]) -> None:
    # Leaving a page, or typing on, abandons what was being asked.
    if request.failure != "net::ERR_ABORTED":
        troubles.append(f"failed: {request.url} {request.failure}")
