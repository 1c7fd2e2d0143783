"""Making an account, coming back, and a second factor, as people do it: with and without JavaScript."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.db import connection
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from tests.accounts.doors import PASSWORD, code_in
from tests.e2e.test_accessibility import judge

# Only so that the database is made: the site is filled once, for all the tests.
pytestmark = pytest.mark.django_db


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).click()
    page.wait_for_load_state("networkidle")


def received(address: str) -> str:
    """The code of the last mail to this address, once it is there."""
    for _ in range(50):
        if mine := [message for message in mail.outbox if message.to == [address]]:
            return code_in(mine[-1])
        time.sleep(0.1)
    raise AssertionError(f"no mail for {address}")


def someone(name: str) -> User:
    """Her account, on the site that the browser sees, not in the test's own transaction."""

    def make() -> User:
        try:
            user = User.objects.create_user(f"{name}@example.org", PASSWORD)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            return user
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(make).result()


def sign_in(page: Page, user: User) -> None:
    page.goto("/compte/login/")
    page.locator("input[name=login]").fill(user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    press(page, "Se connecter")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_making_an_account_with_a_code(javascript, visit):
    address = f"nouvelle{int(javascript)}@example.org"
    page = visit("/", javascript=javascript)
    page.goto("/compte/signup/?next=/mon-espace/")
    page.get_by_label("Adresse mail").fill("nouvelle@")
    press(page, "Créer mon compte")
    expect(page.get_by_role("alert")).to_contain_text("Cette adresse n’est pas complète")
    expect(page.get_by_label("Adresse mail")).to_have_value("nouvelle@")
    page.get_by_label("Adresse mail").fill(address)
    press(page, "Créer mon compte")
    code = received(address)
    page.get_by_label("Code reçu par mail").fill("000 000" if code != "000-000" else "111 111")
    press(page, "Confirmer cette adresse")
    expect(page.get_by_role("alert")).to_contain_text("Ce n’est pas le bon code")
    page.get_by_label("Code reçu par mail").fill(code)
    press(page, "Confirmer cette adresse")
    page.wait_for_url("**/mon-espace/")
    page.goto("/compte/sessions/")
    expect(page.get_by_role("main")).to_contain_text("cet appareil")


def test_the_password_shows_with_the_choice_of_one(visit):
    page = visit("/compte/signup/")
    field = page.get_by_label("Mot de passe", exact=True)
    expect(field).to_be_hidden()
    page.get_by_label("Choisir un mot de passe").check()
    expect(field).to_be_visible()
    assert judge(page) == {}
    press(page, "Créer mon compte")
    assert judge(page) == {}


def test_each_step_of_a_code_reads_well(visit):
    user = someone("lectrice")
    page = visit("/compte/login/code/")
    assert judge(page) == {}
    page.get_by_label("Adresse mail").fill(user.email)
    press(page, "Recevoir le code")
    assert judge(page) == {}
    page.get_by_label("Code reçu par mail").fill("0")
    press(page, "Me connecter")
    assert judge(page) == {}


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_adding_an_application_and_coming_back_with_it(javascript, visit):
    user = someone(f"prudente{int(javascript)}")
    page = visit("/", javascript=javascript)
    sign_in(page, user)
    page.goto("/compte/securite/")
    page.get_by_role("link", name="Ajouter une application").click()
    secret = page.locator(".long-code").inner_text()
    if javascript:
        assert judge(page) == {}
    [counter] = yield_hotp_counters_from_time()
    page.get_by_label("Code que montre l’application").fill(format_hotp_value(hotp_value(secret, counter)))
    press(page, "Ajouter cette application")
    expect(page.get_by_role("heading", level=1)).to_have_text("Notez vos codes de secours")
    if javascript:
        assert judge(page) == {}
    rescue = page.locator(".code-list code").first.inner_text()
    page.goto("/compte/securite/")
    if javascript:
        assert judge(page) == {}
    page.goto("/compte/logout/")
    press(page, "Me déconnecter")
    sign_in(page, user)
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmez votre connexion")
    if javascript:
        assert judge(page) == {}
    page.get_by_label("Code de votre application, ou code de secours").fill(rescue)
    press(page, "Me connecter")
    page.wait_for_url("**/mon-espace/")


def test_a_key_is_not_promised_to_a_browser_without_scripts(visit):
    page = visit("/compte/login/", javascript=False)
    expect(page.get_by_role("button", name="Utiliser une clé d’accès")).to_be_hidden()
    expect(page.get_by_role("main")).to_contain_text("Une clé d’accès demande JavaScript")


def test_adding_a_key_and_coming_back_with_it_alone(site, browser: Browser):
    """On a name rather than a number: keys belong to names."""
    user = someone("pressee")
    context = browser.new_context(base_url=site.url.replace("127.0.0.1", "localhost"), locale="fr-FR")
    page, troubles = context.new_page(), []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    options |= dict.fromkeys(("hasResidentKey", "hasUserVerification", "isUserVerified"), True)
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, user)
    page.goto("/compte/securite/webauthn/add/")
    assert judge(page) == {}
    page.get_by_label("Nom de cette clé").fill("Mon téléphone")
    press(page, "Ajouter cette clé")
    expect(page.get_by_role("heading", level=1)).to_have_text("Notez vos codes de secours")
    page.goto("/compte/securite/webauthn/")
    expect(page.get_by_role("main")).to_contain_text("Mon téléphone")
    assert judge(page) == {}
    page.goto("/compte/logout/")
    press(page, "Me déconnecter")
    page.goto("/compte/login/?next=/territoires/")
    press(page, "Utiliser une clé d’accès")
    page.wait_for_url("**/territoires/")
    page.goto("/mon-espace/")
    expect(page.get_by_role("main")).to_contain_text(user.email)
    context.close()
    assert troubles == []


def test_what_is_refused_reads_well(visit):
    page = visit("/compte/login/code/")
    for _ in range(3):
        page.goto("/compte/login/code/")
        if page.get_by_role("button", name="Recommencer avec une autre adresse").is_visible():
            press(page, "Recommencer avec une autre adresse")
            page.goto("/compte/login/code/")
        page.get_by_label("Adresse mail").fill("personne@example.org")
        press(page, "Recevoir le code")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nous avons déjà écrit à cette adresse")
    assert judge(page) == {}
