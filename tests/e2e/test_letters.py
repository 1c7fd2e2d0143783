"""Two people write to each other: by keyboard, without JavaScript, and what axe says of each state."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from contact.models import Conversation
from tests import makers
from tests.e2e.test_accessibility import judge
from tests.e2e.test_journeys import tab_to

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def people(site, django_db_blocker):
    """Two members and their sessions; the first has a letter to answer."""
    with django_db_blocker.unblock():
        asker = makers.member(first_name="Maëlle", last_name="Aubrivant")
        other = makers.member(first_name="Yanis", last_name="Corbeval", texts={"phone": "05 61 00 00 01"})
        makers.conversation(to=asker, text="Je vais mal, je veux mourir.")
        sessions = {}
        for user in (asker, other):
            client = Client()
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            sessions[user.pk] = client.cookies["sessionid"].value
    return asker, other, sessions


def test_two_people_write_to_each_other(visit, people, site):
    """The guard asks, the letter leaves, it is answered, an address is given, a block ends it."""
    asker, other, sessions = people

    def browse(who: int, **options) -> Page:
        page = visit(**options)
        page.context.add_cookies([{"name": "sessionid", "value": sessions[people[who].pk], "url": site.url}])
        return page

    # By keyboard: from the page to the letter.
    page = browse(0)
    page.goto(other.actor.get_absolute_url())
    tab_to(page, "e.textContent.trim() === 'Écrire'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ecrire/")
    assert judge(page) == {}
    tab_to(page, "e.tagName === 'TEXTAREA'")
    page.keyboard.type("Bonjour, appelez-moi au 05 61 00 00 02")
    tab_to(page, "e.textContent.trim() === 'Envoyer le message'")
    page.keyboard.press("Enter")
    expect(page.get_by_text("semble contenir un numéro de téléphone").first).to_be_visible()
    assert judge(page) == {}
    tab_to(page, "e.name === 'text-garder'")
    page.keyboard.press("Space")
    tab_to(page, "e.textContent.trim() === 'Envoyer le message'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/mon-espace/messages/*/")
    expect(page.get_by_text("Votre message est parti.")).to_be_visible()
    conversation = Conversation.objects.get(asker=asker, recipient=other)

    # Without JavaScript: reading, answering, giving an address.
    page = browse(1, javascript=False)
    page.goto("/mon-espace/messages/")
    expect(page.get_by_text("Attend votre réponse")).to_be_visible()
    page.get_by_role("link", name="Maëlle A.").click()
    page.locator("textarea[name=text]").fill("Avec plaisir.")
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_label("Donner mes coordonnées à Maëlle A.").check()
    page.get_by_role("button", name="Donner").click()
    expect(page.get_by_text("Vos coordonnées se voient dans cette conversation.")).to_be_visible()

    # Both again, in a page of every state.
    page = browse(0)
    for path in ("/mon-espace/messages/", conversation.get_absolute_url()):
        page.goto(path)
        assert judge(page) == {}
    expect(page.get_by_role("link", name="05 61 00 00 01")).to_be_visible()
    for name in ("signaler", "bloquer"):
        page.goto(f"{conversation.get_absolute_url()}{name}/")
        assert judge(page) == {}
    page.set_viewport_size({"width": 360, "height": 900})
    tab_to(page, "e.textContent.trim() === 'Bloquer'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/mon-espace/blocages/")
    assert judge(page) == {}
    page.goto(conversation.get_absolute_url())
    expect(page.get_by_text("n’est pas disponible en ce moment")).to_be_visible()
    assert judge(page) == {}


def test_a_letter_that_waits_and_one_of_distress(visit, people, site):
    asker, _other, sessions = people
    waiting = Conversation.objects.get(recipient=asker)
    page = visit()
    page.context.add_cookies([{"name": "sessionid", "value": sessions[asker.pk], "url": site.url}])
    page.goto(waiting.get_absolute_url())
    expect(page.get_by_role("link", name="3114")).to_be_visible()
    page.get_by_text("Dire non, simplement").click()
    assert judge(page) == {}
    page.get_by_role("button", name="Dire non").click()
    expect(page.get_by_text("Choisissez une raison").first).to_be_visible()
    assert judge(page) == {}
