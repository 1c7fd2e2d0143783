"""The headers that protect, on every kind of answer; and reading never changes anything."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.test import Client
from django.urls import resolve, reverse

from tests import makers
from tests.conftest import VIEWERS, make_viewer
from tests.rules.routes import routes

pytestmark = pytest.mark.django_db

STRICT = {
    "default-src": "'none'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}


def answers(client: Client, settings, monkeypatch) -> dict[str, object]:
    """One answer of each kind, by what it is."""
    from portal import views

    found = {
        "page": client.get("/"),
        "list": client.get("/acteurs/"),
        "part of a page": client.get("/acteurs/", headers={"HX-Request": "true"}),
        "data": client.get("/carte/donnees.geojson"),
        "file": client.get("/acteurs/export.csv"),
        "borders": client.get("/territoires/contours/dep.geojson"),
        "redirection": client.get("/mon-espace/"),
        "unreadable address": client.get("/acteurs/?q=%00"),
        "refused data": client.get("/carte/donnees.geojson?bbox=x"),
        "unknown host": client.get("/", headers={"Host": "evil.example"}),
        "forgery": Client(enforce_csrf_checks=True).post("/compte/login/", {}),
        "not found": client.get("/nulle-part/"),
        "wrong method": client.post("/acteurs/"),
        "asset": client.get("/static/css/tokens.css"),
        "language": client.post(reverse("set_language"), {"language": "en"}),
    }
    monkeypatch.setattr(views, "current_index", lambda: 1 / 0)
    found["breakdown"] = client.get("/")
    return found


def policy(response) -> dict[str, str]:
    parts = (part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))
    return {part[0]: part[1] if len(part) > 1 else "" for part in parts}


def test_every_answer_is_protected(settings, monkeypatch):
    client = Client(raise_request_exception=False)
    found = answers(client, settings, monkeypatch)
    codes = {name: response.status_code for name, response in found.items()}
    assert set(codes.values()) == {200, 302, 400, 403, 404, 405, 500}, codes
    for name, response in found.items():
        directives = policy(response)
        script = directives.pop("script-src")
        assert directives == STRICT, name
        assert re.fullmatch(r"('strict-dynamic'|'nonce-[\w+/=-]{16,}'| )+", script), name
        assert response.headers["X-Content-Type-Options"] == "nosniff", name
        assert response.headers["Referrer-Policy"] == "same-origin", name
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin", name
        assert response.headers["X-Frame-Options"] == "DENY", name
        assert "geolocation=(self)" in response.headers["Permissions-Policy"], name
        assert "camera=()" in response.headers["Permissions-Policy"], name


def test_an_answer_that_fails_tells_nothing_of_the_code(settings, monkeypatch):
    found = answers(Client(raise_request_exception=False), settings, monkeypatch)
    assert found["breakdown"].status_code == 500
    for name, response in found.items():
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"Traceback" not in body, name
        assert b"ZeroDivisionError" not in body, name


def test_the_framed_map_is_the_one_page_others_may_frame(client):
    response = client.get("/carte/integrer/")
    assert policy(response)["frame-ancestors"] == "*"
    assert "X-Frame-Options" not in response.headers
    framed = [
        route.key
        for route in routes()
        if getattr(route.view, "_csp_replace_ro", None) or "embed" in route.key
    ]
    assert framed == ["map_embed"]


def test_a_nonce_serves_once(client):
    nonces = [
        re.search(r"'nonce-([^']+)'", client.get("/").headers["Content-Security-Policy"])[1] for _ in range(5)
    ]
    assert len(set(nonces)) == 5


def test_every_script_of_a_page_bears_its_nonce_and_nothing_is_inline(client):
    for address in (
        "/",
        "/acteurs/",
        "/carte/",
        "/carte/integrer/",
        "/territoires/dep-09/",
        "/compte/login/",
    ):
        response = client.get(address)
        text = response.content.decode()
        nonce = re.search(r"'nonce-([^']+)'", response.headers["Content-Security-Policy"])[1]
        scripts = re.findall(r"<script\b[^>]*>", text)
        assert scripts, address
        assert [
            tag for tag in scripts if f'nonce="{nonce}"' not in tag and "application/json" not in tag
        ] == []
        assert re.findall(r"<[^>]+\s(?:style|on[a-z]+)=", text) == [], address
        assert "<style" not in text, address


@pytest.mark.parametrize("viewer", [name for name in VIEWERS if name != "visitor"])
def test_a_page_read_signed_in_is_kept_nowhere(viewer, as_viewer):
    client = as_viewer(viewer)
    page = makers.actor()
    for address in (
        "/",
        "/acteurs/",
        "/carte/",
        "/carte/donnees.geojson",
        "/acteurs/export.csv",
        "/mon-espace/",
    ):
        assert "no-store" in client.get(address).headers["Cache-Control"], address
        assert "private" in client.get(address).headers["Cache-Control"], address
    assert "no-store" in client.get(page.get_absolute_url()).headers["Cache-Control"]


def test_what_may_be_kept_is_the_same_for_everyone(as_viewer):
    """Nothing that a shared cache may keep depends on who asks."""
    makers.actor()
    makers.actor(audience=10)
    kept = []
    for route in routes():
        if route.is_inner_admin or "<" in route.pattern or "(" in route.pattern:
            continue
        address = reverse(route.key)
        answer = Client().get(address)
        if "public" in answer.headers.get("Cache-Control", ""):
            kept.append(route.key)
            assert as_viewer_once(address, as_viewer).content == answer.content, address
    assert kept == ["territory_search"]


def as_viewer_once(address: str, as_viewer):
    if not hasattr(as_viewer, "team"):
        as_viewer.team = as_viewer("team")
    return as_viewer.team.get(address)


def test_a_part_of_a_page_is_not_taken_for_the_page(client):
    for address in ("/acteurs/", "/structures/", "/carte/"):
        whole, part = client.get(address), client.get(address, headers={"HX-Request": "true"})
        assert "HX-Request" in part.headers["Vary"], address
        assert "HX-Request" in whole.headers["Vary"], address
        assert b"<html" in whole.content
        assert b"<html" not in part.content


def test_cookies_are_for_the_server_only(client):
    make_viewer("member")
    client.get("/compte/login/")
    client.post("/compte/login/", {"login": "member@example.org", "password": "a good long password"})
    assert set(client.cookies) >= {"sessionid", "csrftoken"}
    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"
        assert client.cookies[name]["path"] == "/"


def exempt_from_the_check() -> list[str]:
    return [route.key for route in routes() if getattr(route.view, "csrf_exempt", False)]


def test_a_form_sent_from_elsewhere_is_refused():
    """Every address that accepts a form, without the token, and with it but from another site."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_viewer("admin"), backend="allauth.account.auth_backends.AuthenticationBackend")
    refused = {}
    for route in routes():
        if route.key in exempt_from_the_check():
            continue
        refused[route.key] = client.post(route.example, {"a": "b"}).status_code
    # The check comes before the view: even what only reads refuses.
    assert {key: code for key, code in refused.items() if code != 403} == {}


def test_the_one_view_exempt_from_the_check_is_the_one_mail_programs_post_to():
    assert exempt_from_the_check() == ["stop_mails"]


def test_every_example_leads_to_its_view():
    """Otherwise the tests that go through every address would knock at doors that are not there."""
    ours = [route for route in routes() if not route.is_inner_admin]
    assert [route.key for route in ours if resolve(route.example).func != route.view] == []


def rows() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.label != "sessions.Session"
    }


def test_reading_changes_nothing(as_viewer, client):
    makers.actor(), makers.structure()
    readers = [client, as_viewer("member"), as_viewer("admin")]
    for reader in readers[1:]:
        # An account made by hand gets this row when its addresses are first asked for.
        EmailAddress.objects.create(
            user=reader.viewer, email=reader.viewer.email, primary=True, verified=True
        )
    before = rows()
    for route in routes():
        for reader in readers:
            if "logout" not in route.key:
                reader.get(route.example)
    assert rows() == before
