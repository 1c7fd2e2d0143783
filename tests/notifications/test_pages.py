"""What a member, a reader without account and the team see of what is sent."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from notifications.kinds import chosen_families
from notifications.models import Message, Preference
from notifications.stop import stop_path
from tests import mails

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_notices_are_listed_and_marked_read_by_a_button():
    user = mails.reader()
    mails.told(user, title="La première")
    mails.told(user, title="La seconde")
    mails.told(mails.reader(), title="Pour quelqu’un d’autre")
    client = signed_in(user)
    page = client.get("/mon-espace/notifications/")
    assert [notice.subject for notice in page.context["page"]] == ["La seconde", "La première"]
    assert page.content.decode().count("notice-unread") == 2
    assert user.notices.unread().count() == 2, "reading the page marks nothing"
    client.post("/mon-espace/notifications/lues/")
    assert user.notices.unread().count() == 0
    assert "notice-unread" not in client.get("/mon-espace/notifications/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_as_much_whatever_their_length(number, django_assert_num_queries):
    user = mails.reader("at_once", is_team=True)
    for _each in range(number):
        mails.told(user)
        mails.stuck(), mails.failed()
    client = signed_in(user)
    client.get("/mon-espace/notifications/")
    for address, queries in (
        ("/mon-espace/notifications/", 4),
        ("/mon-espace/messages-recus/", 3),
        ("/moderation/envois/", 8),
        ("/moderation/envois/?etat=echoues", 8),
    ):
        with django_assert_num_queries(queries):
            client.get(address)


def test_each_choice_says_what_it_is_about():
    assert [one.code for one in chosen_families() if not one.about and one.code != "trial"] == []


def test_pages_of_notices():
    user = mails.reader()
    for _each in range(31):
        mails.told(user)
    client = signed_in(user)
    assert len(client.get("/mon-espace/notifications/?page=2").context["page"]) == 1
    assert len(client.get("/mon-espace/notifications/?page=99999").context["page"]) == 1
    assert len(client.get("/mon-espace/notifications/?page=abc").context["page"]) == 30


def test_the_pace_is_chosen_for_each_family():
    user = mails.reader()
    client = signed_in(user)
    page = client.get("/mon-espace/preferences/")
    assert page.context["form"]["trial"].initial == "daily"
    answers = dict.fromkeys(page.context["form"].fields, "never") | {"trial": "at_once"}
    assert client.post("/mon-espace/preferences/", answers).status_code == 302
    assert Preference.paces_of(user)["trial"] == "at_once"
    assert client.get("/mon-espace/preferences/").context["form"]["trial"].initial == "at_once"


@pytest.mark.parametrize("pace", ["", "sometimes", "at_once\0"])
def test_a_pace_that_is_none_is_refused_in_words(pace):
    user = mails.reader()
    page = signed_in(user).post("/mon-espace/preferences/", {"trial": pace})
    assert page.status_code == 200
    assert page.context["form"].errors["trial"]
    assert Preference.objects.count() == 0


def test_every_mail_written_to_someone_is_hers_to_read():
    user = mails.reader("at_once")
    mails.told(user, title="Une nouvelle", words="les mots de la nouvelle")
    mails.posted(user, "trial.code", title="Votre code", words="le code 1234")
    mails.posted(mails.reader(), title="À quelqu’un d’autre")
    page = signed_in(user).get("/mon-espace/messages-recus/").content.decode()
    assert "Une nouvelle" in page
    assert "les mots de la nouvelle" in page
    assert "Votre code" in page
    assert "1234" not in page
    assert "quelqu’un d’autre" not in page


def test_the_link_of_a_mail_asks_and_its_button_acts():
    user = mails.reader("at_once")
    mails.told(user)
    path = stop_path(user.messages_sent.get())
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.get(path)
    assert "Essais" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.headers["Cache-Control"]
    assert Preference.paces_of(user)["trial"] == "at_once", "a scanner that follows links changes nothing"
    assert visitor.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Preference.paces_of(user)["trial"] == "never"
    mails.told(user)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("change", [lambda path: path[:-6] + "x/", lambda path: "/messages/arreter/a:b:c/"])
def test_a_link_that_is_not_ours_stops_nothing(change):
    user = mails.reader("at_once")
    mails.told(user)
    path = change(stop_path(user.messages_sent.get()))
    assert Client().post(path).status_code == 404
    assert Preference.paces_of(user)["trial"] == "at_once"


def test_the_link_of_someone_who_left_leads_nowhere():
    user = mails.reader("at_once")
    mails.told(user)
    path = stop_path(user.messages_sent.get())
    user.delete()
    assert Client().get(path).status_code == 404


@pytest.fixture
def team(as_viewer):
    return as_viewer("team")


def test_the_team_sees_neither_words_nor_addresses(team):
    mails.failed(address="secret.person@example.org", subject="Objet privé", text="Mots privés")
    mails.stuck(address="secret.person@example.org", subject="Objet privé", text="Mots privés")
    for shelf in ("a-trancher", "echoues", "retenus", "en-attente"):
        page = team.get(f"/moderation/envois/?etat={shelf}").content.decode()
        assert "secret.person" not in page
        assert "privé" not in page
    assert "s…@example.org" in team.get("/moderation/envois/?etat=echoues").content.decode()


def test_each_mail_is_on_its_shelf(team):
    mails.posted("someone@example.org")
    kept = {
        "a-trancher": mails.stuck(),
        "echoues": mails.failed(),
        "retenus": mails.queued(state="withheld", failure="raison")[0],
        "en-attente": mails.queued()[0],
    }
    for shelf, message in kept.items():
        page = team.get(f"/moderation/envois/?etat={shelf}")
        assert list(page.context["page"]) == [message], shelf
    assert team.get("/moderation/envois/?etat=inconnu").context["shelf"] == "a-trancher"


def test_the_team_settles_what_is_in_doubt(team):
    left, lost = mails.stuck(), mails.stuck()
    team.post(reverse("outbox_settle", args=[left.pk]), {"arrive": "oui"})
    team.post(reverse("outbox_settle", args=[lost.pk]), {"arrive": "non"})
    assert [message.to for message in mail.outbox] == [[lost.address]]
    left.refresh_from_db(), lost.refresh_from_db()
    assert (left.state, left.settled_by, left.sent_at) == ("sent", team.viewer, left.claimed_at)
    assert (lost.state, lost.settled_by) == ("sent", team.viewer)
    team.post(reverse("outbox_settle", args=[lost.pk]), {"arrive": "non"})
    assert len(mail.outbox) == 1, "settled once"


def test_the_team_sends_again_what_failed_but_not_a_code(team):
    failed, code = mails.failed(), mails.failed(sensitive=True, text="")
    for message in (failed, code):
        team.post(reverse("outbox_retry", args=[message.pk]))
    assert [message.to for message in mail.outbox] == [[failed.address]]
    assert dict(Message.objects.values_list("pk", "state")) == {failed.pk: "sent", code.pk: "failed"}


def test_the_mailbox_shows_each_mail_as_text_and_as_a_page(client, settings, tmp_path):
    settings.OUTBOX_MAILBOX = tmp_path
    settings.OUTBOX_TRANSPORT = "notifications.mailbox.MailboxBackend"
    assert "Aucun mail" in client.get("/boite-aux-lettres/").content.decode()
    mails.posted("someone@example.org", title="Du nouveau & du bon", words="<b>gras</b>")
    page = client.get("/boite-aux-lettres/").content.decode()
    assert escape("Du nouveau & du bon") in page
    name = Message.objects.get().key[:40]
    page = client.get(f"/boite-aux-lettres/{name}/")
    assert escape("<b>gras</b>") in page.content.decode()
    assert page.context["mail"].links == ["/acteurs/"]
    framed = client.get(f"/boite-aux-lettres/{name}/page/")
    assert escape("<b>gras</b>") in framed.content.decode()
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "sandbox" in framed.headers["Content-Security-Policy"]
    assert "script-src" not in framed.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["x", "..", "0" * 5000, "0" * 39, "g" * 40])
def test_the_mailbox_knows_its_own_names_only(name, client):
    assert client.get(f"/boite-aux-lettres/{name}/").status_code == 404
