"""A structure is made and kept by keyboard, without JavaScript, and on pages where axe finds nothing."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from directory import actions
from directory.models import Duplicate
from moderation import actions as moderation
from tests import makers
from tests.e2e.test_accessibility import judge, violations
from tests.e2e.test_journeys import tab_to

# Only so that the database is made: the site is filled once, for all the tests.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def kept(site, django_db_blocker) -> SimpleNamespace:
    """Pages in every state that the owner of the site of these tests keeps, or that wait for her."""
    with django_db_blocker.unblock():
        owner, other = User.objects.get(email="owner@example.org"), makers.user()
        page = makers.structure(name="Maison des voix", referents=[owner, other])
        draft = makers.structure(name="Brouillon des voix", published=False, referents=[owner])
        sent = makers.structure(name="Relue des voix", published=False, referents=[other])
        moderation.submit(sent, by=other)
        sent.referents.add(owner)
        edited = makers.structure(name="Changée des voix", referents=[other])
        moderation.revise(edited, {"name": "Autrement nommée"}, by=other)
        edited.referents.add(owner)
        orphan = makers.structure(name="Orpheline des voix")
        asking = makers.actor()
        actions.ask_to_be_named(page, asking)
        actions.join_structure(makers.actor(), page, "Bénévole")
        actions.invite_referent(page, by=other, email="invitee@example.org")
        invitation = actions.invite_referent(edited, by=other, user=owner) or actions.invite_referent(
            makers.structure(name="Qui invite", referents=[other]), by=other, user=owner
        )
        twins = [
            makers.structure(name="Association des jumelles", description=text) for text in ("Un", "Deux")
        ]
        pair = Duplicate.objects.get(second=twins[1])
        route = lambda name, *args: reverse(name, args=args)  # noqa: E731
        return SimpleNamespace(
            new=route("structure_new"),
            draft=draft.edit_url,
            sent=sent.edit_url,
            edited=edited.edit_url,
            published=page.edit_url,
            referents=route("structure_referents", page.slug),
            last=route("structure_step_down", draft.slug),
            people=route("structure_members", page.slug) + "?q=camille",
            claim=route("structure_claim", orphan.slug),
            claimed_by_others=route("structure_claim", page.slug),
            orphan=orphan.get_absolute_url(),
            join=route("structure_join", page.slug),
            invitation=route("referent_invitation", invitation.pk),
            merge=route("structure_merge", pair.pk),
            mine=page.get_absolute_url(),
        )


STATES = [
    "new",
    "draft",
    "sent",
    "edited",
    "published",
    "referents",
    "last",
    "people",
    "claim",
    "claimed_by_others",
    "orphan",
    "join",
    "invitation",
    "merge",
    "mine",
]


@pytest.mark.parametrize("state", STATES)
def test_page(state, visit, kept):
    assert judge(visit(getattr(kept, state), signed_in=True)) == {}


def test_the_form_with_errors(visit, kept):
    page = visit(kept.new, signed_in=True)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert judge(page) == {}


def test_make_a_structure_by_keyboard(visit, kept):
    page = visit(kept.new, signed_in=True)
    tab_to(page, "e.id === 'id_name'")
    page.keyboard.type("Atelier des clairières")
    tab_to(page, "e.id === 'id_category'")
    page.keyboard.press("ArrowDown")
    tab_to(page, "e.id === 'id_lieu'")
    page.keyboard.type("st girons")
    expect(page.get_by_role("option", name="Saint-Girons (09)")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    tab_to(page, "e.textContent.includes('Continuer')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/modifier/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Atelier des clairières")
    tab_to(page, "e.name === 'garder'")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le brouillon est gardé : vous pouvez revenir")).to_be_visible()


def test_make_one_without_javascript_and_meet_the_page_that_exists(visit, kept):
    page = visit(kept.new, signed_in=True, javascript=False)
    page.get_by_label("Nom de la structure").fill("Maison des Voix")
    page.get_by_label("Ce que c’est").select_option(index=1)
    page.get_by_role("main").get_by_label("Commune").fill("Saint-Girons")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Est-ce l’une de celles-ci ?")
    expect(page.get_by_role("link", name="Maison des voix", exact=True)).to_be_visible()
    page.get_by_role("button", name="Non, c’est une autre").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Maison des Voix")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.get_by_text("C’est publié")).to_be_visible()


def test_what_exists_is_shown_while_typing(visit, kept):
    page = visit(kept.new, signed_in=True)
    page.get_by_label("Nom de la structure").press_sequentially("orpheline des vo")
    expect(page.get_by_role("link", name="Orpheline des voix")).to_be_visible()
    assert violations(page) == []
