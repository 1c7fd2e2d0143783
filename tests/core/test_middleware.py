"""What every answer goes through."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from core.views import page_above
from tests import makers
from tests.moderation.test_desk import case, sign_in

pytestmark = pytest.mark.django_db


def test_where_only_forms_are_sent_a_page_leads_on():
    one = case()
    response = sign_in(makers.user(is_team=True)).get(f"/moderation/dossiers/{one.pk}/decider/")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert f'href="/moderation/dossiers/{one.pk}/"' in response.content.decode()


def test_it_is_in_the_language_of_who_reads():
    with translation.override("fr"):  # given back to the next test
        text = Client(headers={"accept-language": "en"}).post("/territoires/").content.decode()
    assert ('<html lang="en">' in text, "Nothing opens at this address" in text) == (True, True)


@pytest.mark.parametrize(
    ("path", "above"),
    [
        ("/moderation/dossiers/3/decider/", "/moderation/dossiers/3/"),
        ("/moderation/sanctions/3/lever/", "/moderation/"),
        ("/mon-espace/mes-donnees/copie/", "/mon-espace/mes-donnees/"),
        ("/compte/nulle-part", "/"),
        ("/nulle-part", "/"),
        ("/", "/"),
        ("", "/"),
    ],
)
def test_the_page_above(path, above):
    assert page_above(path) == above
