"""Every template is drawn by some test, and none reads what nobody gives it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.template import engines

from tests.conftest import UNDEFINED

TEMPLATES = settings.BASE_DIR / "templates"
#: Templates that no request of the tests can reach, each with its reason.
NEVER_DRAWN: dict[str, str] = {
    "account/messages/email_confirmation_failed.txt": "two accounts that confirm one address within a moment",
}


def said_of_templates(drawn: set[str]) -> str:
    """What is wrong with `drawn`, the templates that a whole run drew; nothing when all is well.

    conftest.py asks at the end of a whole run, which may be of several processes.
    """
    ours = {
        str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt")
    }
    return "\n".join(
        [f"{name} is drawn by no test" for name in sorted(ours - drawn - set(NEVER_DRAWN))]
        + [f"{name} is drawn: take it out of NEVER_DRAWN" for name in sorted(set(NEVER_DRAWN) & drawn)]
        + [f"{name} is gone: take it out of NEVER_DRAWN" for name in sorted(set(NEVER_DRAWN) - ours)]
    )


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
