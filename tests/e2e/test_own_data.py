"""Taking a copy of one's data and closing one's account, by keyboard, and without JavaScript."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import User
from privacy.models import Closure, DataExport
from tests.e2e.test_journeys import tab_to

pytestmark = pytest.mark.django_db
PASSWORD = "a good long password"  # noqa: S105


@pytest.fixture(scope="module")
def people(site, django_db_blocker) -> list[User]:
    """An account for each journey, really committed: the site answers from threads of its own. Without a
    page, so that the lists of the other tests stay as they are.
    """
    with django_db_blocker.unblock():
        made = [User.objects.create_user(f"leaving{number}@example.org", PASSWORD) for number in range(4)]
        for user in made:
            user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return made


def sign_in(page: Page, user: User) -> None:
    page.goto("/compte/login/")
    page.get_by_label("Adresse mail").fill(user.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.locator("main form").filter(has=page.get_by_label("Mot de passe", exact=True)).get_by_role(
        "button"
    ).first.click()
    page.wait_for_url("**/mon-espace/")


@pytest.mark.parametrize("javascript", [True, False])
def test_take_a_copy(visit, people, tmp_path, javascript):
    user = people[0 if javascript else 1]
    page = visit(javascript=javascript)
    sign_in(page, user)
    page.goto("/mon-espace/mes-donnees/")
    tab_to(page, "e.textContent.includes('Demander une copie')")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Votre copie est prête")).to_be_visible()
    page.goto(re.search(r"/mon-espace/mes-donnees/copie/[\w-]+/", mail.outbox[-1].body)[0])
    tab_to(page, "e.textContent.includes('Télécharger le fichier')")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    path = Path(tmp_path) / "copy.zip"
    waiting.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert user.email in archive.read("a-lire.html").decode()
    assert DataExport.objects.get(user=user).state == "taken"
    page.reload()
    expect(page.get_by_text("Ce fichier n’est plus là")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_close_an_account_then_keep_it(visit, people, javascript):
    user = people[2 if javascript else 3]
    page = visit(javascript=javascript)
    sign_in(page, user)
    page.goto("/mon-espace/supprimer-mon-compte/")
    tab_to(page, "e.type === 'submit' && e.textContent.includes('Supprimer mon compte')")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre compte est fermé")
    assert Closure.objects.filter(user=user).exists()
    page.goto(re.search(r"/compte-ferme/\S+", mail.outbox[-1].body)[0])
    tab_to(page, "e.textContent.includes('Garder mon compte')")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Votre compte est de nouveau ouvert")).to_be_visible()
    sign_in(page, user)
