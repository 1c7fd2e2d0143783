"""Every template is drawn by some test, and none reads what nobody gives it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.template import engines

from tests.conftest import RENDERED, UNDEFINED

TEMPLATES = settings.BASE_DIR / "templates"
#: Templates that no request of the tests can reach, each with its reason.
NEVER_DRAWN: dict[str, str] = {
    "account/verified_email_required.html": "shown by a decorator that no view bears yet",
    "allauth/elements/alert.html": "dresses the pages of allauth that this site does not open",
    "allauth/elements/button.html": "the same",
    "allauth/elements/fields.html": "the same",
    "allauth/elements/form.html": "the same",
}


@pytest.mark.looks_back
def test_every_template_is_drawn():
    ours = {
        str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt")
    }
    drawn = {name.removeprefix(f"{TEMPLATES}/") for name in RENDERED}
    missing = sorted(ours - drawn - set(NEVER_DRAWN))
    assert not missing, "\n".join(missing)
    assert sorted(set(NEVER_DRAWN) & drawn) == [], "no longer true: take them out of NEVER_DRAWN"
    assert sorted(set(NEVER_DRAWN) - ours) == []


def test_an_undefined_variable_shows():
    template = engines["django"].from_string("{{ nobody }}{% if nobody %}never{% endif %}{{ known }}")
    assert template.render({"known": "said"}) == f"{UNDEFINED} nobody⟧said"


@pytest.mark.django_db
def test_an_undefined_variable_fails_the_test_that_meets_it(client, monkeypatch):
    from portal import views

    broken = engines["django"].from_string("{{ nobody }}")
    monkeypatch.setattr(views, "render", lambda request, *_: HttpResponse(broken.render({}, request)))
    with pytest.raises(AssertionError, match="Undefined variable nobody"):
        client.get("/")
