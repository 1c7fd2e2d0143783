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
    "account/email/email_deleted_message.txt": "no test leads there yet",
    "account/email/email_deleted_subject.txt": "no test leads there yet",
    "account/messages/cannot_delete_primary_email.txt": "no test leads there yet",
    "account/messages/email_confirmation_failed.txt": "no test leads there yet",
    "account/messages/email_deleted.txt": "no test leads there yet",
    "account/messages/primary_email_set.txt": "no test leads there yet",
    "account/messages/unverified_primary_email.txt": "no test leads there yet",
    "socialaccount/messages/account_connected_updated.txt": "no test leads there yet",
    "mfa/email/webauthn_added_message.txt": "a key needs a browser: not drawn by these tests",
    "mfa/email/webauthn_added_subject.txt": "a key needs a browser: not drawn by these tests",
    "mfa/email/webauthn_removed_message.txt": "a key needs a browser: not drawn by these tests",
    "mfa/email/webauthn_removed_subject.txt": "a key needs a browser: not drawn by these tests",
    "mfa/messages/webauthn_added.txt": "a key needs a browser: not drawn by these tests",
    "mfa/messages/webauthn_removed.txt": "a key needs a browser: not drawn by these tests",
    "mfa/reauthenticate.html": "a key needs a browser: not drawn by these tests",
    "mfa/recovery_codes/generate.html": "a key needs a browser: not drawn by these tests",
    "mfa/webauthn/add_form.html": "a key needs a browser: not drawn by these tests",
    "mfa/webauthn/authenticator_confirm_delete.html": "a key needs a browser: not drawn by these tests",
    "mfa/webauthn/edit_form.html": "a key needs a browser: not drawn by these tests",
    "mfa/webauthn/reauthenticate.html": "a key needs a browser: not drawn by these tests",
    "directory/my_page/themes.html": "not drawn by a test yet",
    "allauth/elements/alert.html": "dresses the pages of allauth that this site does not open",
    "allauth/elements/button.html": "the same",
    "allauth/elements/fields.html": "the same",
    "allauth/elements/form.html": "the same",
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
