"""A project is written without JavaScript, and axe finds nothing on any of its pages."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from moderation import actions as moderation
from projects.forms.topics import STEPS
from tests import makers
from tests.e2e.test_accessibility import judge, violations

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def written(site, django_db_blocker) -> SimpleNamespace:
    """A project that the owner of the site of these tests writes, with everything a page may say."""
    with django_db_blocker.unblock():
        owner = User.objects.get(email="owner@example.org")
        people = [
            {"actor": owner.actor.pk, "name": "", "function": "animation", "side": "usager"},
            {"actor": None, "name": "Une soignante", "function": "", "side": "professionnel"},
        ]
        project = makers.project(
            by=owner,
            title="Un jardin partagé",
            people=people,
            structures=[makers.structure(name="Hôpital du jardin").pk],
            secret_ingredient="La patience",
            benefits="Se parler autrement",
            budget=0,
            terms=[term.pk for term in makers.terms(domain="organisation", public="adultes")],
            indicators=[{"label": "paniers", "value": "40", "year": 2025, "source": "carnet"}],
            verbatims=[{"words": "On respire.", "author": "Un patient"}],
        )
        draft = makers.project(by=owner, title="Un brouillon de jardin", published=False)
        edited = makers.project(title="Un jardin changé")
        moderation.revise(edited, {"objectives": "Autre chose"}, by=edited.editors.get())
        edited.editors.add(owner)
        return SimpleNamespace(
            list="/projets/",
            nothing="/projets/?q=introuvable",
            page=project.get_absolute_url(),
            new=reverse("project_new"),
            draft=draft.edit_url,
            edited=edited.edit_url,
            published=project.edit_url,
            steps=[reverse("project_step", args=[project.slug, step]) for step in STEPS],
            first=reverse("project_step", args=[draft.slug, "qui"]),
        )


@pytest.mark.parametrize("state", ["list", "nothing", "page", "new", "draft", "edited", "published"])
def test_page(state, visit, written):
    assert judge(visit(getattr(written, state), signed_in=True)) == {}


@pytest.mark.parametrize("number", range(len(STEPS)))
def test_step(number, visit, written):
    assert judge(visit(written.steps[number], signed_in=True)) == {}


def test_mistakes_read_well(visit, written):
    page = visit(written.first, signed_in=True, width=360, scheme="dark")
    page.get_by_label("Ajouter une structure du répertoire").fill("Nulle part")
    page.get_by_label("Prénom et nom, ou prénom seul").first.fill("Ana")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_text("Aucune structure de ce nom").first).to_be_visible()
    assert violations(page) == []


def test_a_project_is_begun_and_sent_without_javascript(visit, site):
    page = visit("/projets/", signed_in=True, javascript=False, width=360)
    page.get_by_role("link", name="Partager un projet").click()
    page.get_by_label("Titre").fill("Un banc devant la maternité")
    page.get_by_label("En une phrase").fill("Des parents et des sages-femmes se parlent dehors.")
    page.locator("#id_lieu").fill("Foix")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Un banc devant la maternité")
    page.get_by_role("link", name="L’essentiel").click()
    page.get_by_label("En cours").check()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Qui le porte")
    page.get_by_label("Prénom et nom, ou prénom seul").first.fill("Une sage-femme")
    page.get_by_label("Côté").first.select_option("professionnel")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.get_by_label("Objectifs").fill("Se parler")
    page.get_by_role("button", name="Enregistrer et m’arrêter là").click()
    page.get_by_role("button", name="Envoyer le projet").click()
    # The owner is of the team: nothing holds what she sends.
    page.get_by_role("link", name="Voir", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Un banc devant la maternité")
