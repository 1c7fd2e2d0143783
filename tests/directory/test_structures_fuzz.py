"""Whatever is typed or sent around a structure is answered in words, never by an error of ours."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from directory import actions
from directory.forms.structures import StructureForm
from directory.models import Duplicate, Structure
from tests import makers
from tests.rules.test_fuzz import FINE, TEXTS

pytestmark = pytest.mark.django_db
HOSTILE = ["\0", "a\0b", *TEXTS]
FIELDS = sorted(StructureForm.base_fields)


@pytest.fixture
def client():
    keeper = makers.user(is_team=True)
    makers.actor(user=keeper)
    client = Client(raise_request_exception=False)
    client.force_login(keeper, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.keeper = keeper
    return client


def test_no_text_breaks_a_form(client):
    kept = makers.structure(referents=[client.keeper], name="Une structure")
    draft = makers.structure(referents=[client.keeper], published=False)
    orphan = makers.structure(name="Une tout autre")
    twins = [makers.structure(name="Association des jumelles") for _ in range(2)]
    pair = Duplicate.objects.get(second=twins[1])
    tie = actions.join_structure(client.keeper.actor, orphan)
    names = [*StructureForm.base_fields, "personne", "reponse", "verbe", "function", "proof", "reste"]
    slug = {"args": [kept.slug]}
    addresses = [
        reverse("structure_new"),
        reverse("structure_edit", **slug),
        reverse("structure_edit", args=[draft.slug]),
        reverse("structure_change", **slug),
        reverse("structure_referents", **slug),
        reverse("structure_members", **slug),
        reverse("structure_claim", args=[orphan.slug]),
        reverse("structure_join", **slug),
        reverse("structure_merge", args=[pair.pk]),
        reverse("structure_member", args=[tie.pk]),
    ]
    codes = set()
    for turn, text in enumerate(HOSTILE):
        for address in addresses[turn % 5 :: 5]:
            answer = client.post(address, dict.fromkeys(names, text))
            assert answer.status_code in FINE, (address, text[:60])
            codes.add(answer.status_code)
        path = reverse(("structure_alike", "structure_new")[turn % 2])
        assert client.get(path, {"name": text, "acronym": text, "q": text}).status_code in FINE
    assert {200, 302} <= codes


@pytest.mark.parametrize(("turn", "name"), list(enumerate(FIELDS)))
def test_no_field_breaks_the_page_by_itself(turn, name, client):
    """Each text is sent to one field or another: every field meets its share of them."""
    structure = makers.structure(referents=[client.keeper], published=False)
    page = client.get(structure.edit_url).context["form"]
    sent = {field: page[field].value() for field in page.fields}
    sent = {field: value for field, value in sent.items() if value not in (None, "")}
    sent |= {"lieu": structure.commune.label, "territoire": structure.commune.ref}
    for text in HOSTILE[turn :: len(FIELDS)]:
        answer = client.post(structure.edit_url, sent | {name: text})
        assert answer.status_code in (200, 302), text[:60]
    assert Structure.objects.count() == 1
