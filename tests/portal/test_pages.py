"""The doors of the site: home, territories, my space, accounts, and what tells the machines it is well."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.db import connection
from django.db.utils import OperationalError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.audience import Audience
from accounts.models import User
from portal.context import CACHE_KEY
from portal.models import Instance
from portal.tasks import HEARTBEAT_KEY
from territories.models import Territory
from tests import makers

pytestmark = pytest.mark.django_db

PASSWORD = "a good long password"
PLACES = ["com-09261", "epci-200067940", "dep-09", "reg-76"]


@pytest.fixture
def region():
    """This site is Occitanie's."""
    Instance.objects.create(
        pk=1, name="Partenariat Occitanie", short_name="Occitanie", region=place("reg-76")
    )
    caches["default"].delete(CACHE_KEY)


def place(ref: str) -> Territory:
    return Territory.objects.by_ref(ref)


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def queries(client, address: str) -> int:
    """How many queries a page takes once what is kept for an hour is kept."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        page(client, address)
    return len(captured)


def figure(html: str, word: str) -> int:
    """The figure of the tile that counts `word`."""
    tiles = re.findall(
        r'<div class="figure-tile"><dt class="figure-label">(.*?)</dt><dd[^>]*>(.*?)</dd>', html, re.S
    )
    found = [int(value) for label, value in tiles if re.sub(r"<[^>]+>|\s+", " ", label).strip() == word]
    assert len(found) == 1, (word, tiles)
    return found[0]


class TestHome:
    def test_it_opens_on_a_search_by_territory_that_needs_no_script(self, client):
        html = page(client, "/")
        form = html[html.index('<form class="search-large"') :]
        assert 'action="/territoires/"' in form[:200]
        assert 'name="q"' in form[:2000]

    def test_it_asks_as_much_of_the_database_for_three_as_for_one(self, client, region):
        makers.actor(), makers.structure()
        one = queries(client, "/")
        for _ in range(2):
            makers.actor(), makers.structure()
        assert queries(client, "/") == one

    def test_a_visitor_does_not_count_those_who_show_themselves_to_members(self, client, as_viewer):
        makers.actor(audience=Audience.EVERYONE)
        makers.actor(audience=Audience.MEMBERS)
        makers.actor(audience=Audience.TEAM)
        assert figure(page(client, "/"), "usagers") == 1
        assert figure(page(as_viewer("member"), "/"), "usagers") == 2
        assert figure(page(as_viewer("team"), "/"), "usagers") == 3

    def test_communes_are_counted_once_for_those_who_may_see_them(self, client, as_viewer):
        makers.actor(), makers.structure()
        makers.actor(place="com-09122", audience=Audience.MEMBERS)
        assert figure(page(client, "/"), "communes où il y a quelqu’un") == 1
        assert figure(page(as_viewer("member"), "/"), "communes où il y a quelqu’un") == 2

    def test_the_region_of_the_site_is_drawn_and_listed(self, client, region):
        makers.actor()
        html = page(client, "/")
        assert html.count('href="/territoires/dep-09/"') == 2
        assert 'class="parts-map"' in html

    def test_elsewhere_than_in_the_region_is_not_counted(self, client, region):
        makers.actor(place="com-75056")
        assert figure(page(client, "/"), "usagers") == 0

    def test_without_a_region_the_regions_where_somebody_is_are_listed(self, client):
        makers.actor()
        html = page(client, "/")
        assert 'href="/territoires/reg-76/"' in html
        assert 'href="/territoires/reg-11/"' not in html

    def test_a_domain_counts_the_people_that_its_link_lists(self, client):
        makers.actor(terms=makers.terms(role="patient-partenaire", domain="formation"))
        makers.structure(terms=makers.terms(domain="formation"))
        html = page(client, "/")
        domain = html[html.index("/acteurs/?domaine=formation") :][:600]
        assert re.search(r"<strong>1</strong> personne<", domain)


class TestTerritory:
    @pytest.mark.parametrize("ref", PLACES)
    def test_it_asks_as_much_of_the_database_for_three_as_for_one(self, client, ref):
        makers.actor(), makers.structure()
        one = queries(client, f"/territoires/{ref}/")
        for _ in range(2):
            makers.actor(), makers.structure()
        assert queries(client, f"/territoires/{ref}/") == one

    @pytest.mark.parametrize("ref", PLACES)
    def test_figures_and_names_respect_the_circle_of_the_viewer(self, client, as_viewer, ref):
        makers.actor(first_name="Ouverte")
        makers.actor(first_name="Discrète", audience=Audience.MEMBERS)
        html = page(client, f"/territoires/{ref}/")
        assert figure(html, "usagers") == 1
        assert "Ouverte" in html
        assert "Discrète" not in html
        html = page(as_viewer("member"), f"/territoires/{ref}/")
        assert figure(html, "usagers") == 2
        assert "Discrète" in html

    def test_what_covers_a_place_is_told_apart_from_what_is_in_it(self, client):
        makers.structure(name="Réseau toulousain", place="com-31555", zones=[place("reg-76")])
        html = page(client, "/territoires/com-09261/")
        assert "Agissent aussi ici" in html
        assert "Réseau toulousain" in html
        assert "zone blanche" in html

    def test_an_empty_place_says_what_one_can_do(self, client):
        html = page(client, "/territoires/com-09122/")
        assert "zone blanche" in html
        assert 'href="/territoires/dep-09/"' in html

    def test_a_commune_leads_to_what_is_around(self, client):
        makers.actor(place="com-09122")
        html = page(client, "/territoires/com-09042/")
        assert "/carte/?autour=com-09042&amp;km=20" in html

    def test_it_names_only_the_communes_where_somebody_is(self, client):
        makers.actor()
        html = page(client, "/territoires/dep-09/")
        assert "/territoires/com-09261/" in html
        assert html.count("/territoires/com-") < 10
        assert re.search(r"dans 1 commune sur \d{3}", html)

    def test_ambassadors_are_shown_to_those_who_may_see_them(self, client, as_viewer):
        ambassador = makers.actor(first_name="Accueillante", audience=Audience.MEMBERS, place="com-31555")
        ambassador.user.ambassador_of.add(place("dep-09"))
        for ref in ("dep-09", "com-09261"):
            assert "Accueillante" not in page(client, f"/territoires/{ref}/")
        assert "Accueillante" in page(as_viewer("member"), "/territoires/com-09261/")

    def test_an_unpublished_ambassador_is_shown_to_nobody(self, as_viewer):
        ambassador = makers.actor(first_name="Absente", published=False)
        ambassador.user.ambassador_of.add(place("dep-09"))
        assert "Absente" not in page(as_viewer("team"), "/territoires/dep-09/")

    def test_the_shape_of_a_place_has_a_name(self, client):
        html = page(client, "/territoires/dep-09/")
        assert '<title id="contour-dep-09">' in html
        assert html.count('class="outline-part"') >= 8

    @pytest.mark.parametrize(
        "ref",
        [
            "dep-999",
            "com-00000",
            "reg-x",
            "xxx-09",
            "dep-",
            "dep-09-09",
            "sante-none",
            "DEP-09",
            f"com-{'9' * 60}",
        ],
    )
    def test_junk_is_not_found(self, client, ref):
        assert client.get(f"/territoires/{ref}/").status_code == 404

    def test_a_nul_byte_is_refused(self, client):
        assert client.get("/territoires/dep-0%009/").status_code == 400

    def test_it_only_reads(self, client):
        assert client.post("/territoires/dep-09/").status_code == 405


class TestTerritories:
    def test_the_search_needs_no_script(self, client):
        html = page(client, "/territoires/?q=st+girons")
        assert "/territoires/com-09261/" in html

    def test_nothing_found_says_what_to_try(self, client):
        html = page(client, "/territoires/?q=qqqqqqqqqq")
        assert "code postal" in html
        assert "Aucun territoire pour" in html

    def test_what_was_typed_is_never_markup(self, client):
        html = page(client, "/territoires/?q=%3Cscript%3Ealert(1)%3C/script%3E")
        assert "<script>alert" not in html


class TestMySpace:
    def test_it_requires_to_be_signed_in(self, client):
        response = client.get("/mon-espace/")
        assert response.status_code == 302
        assert response.url == f"{reverse('account_login')}?next=/mon-espace/"

    def test_it_asks_as_much_of_the_database_for_three_structures_as_for_one(self, as_viewer):
        client = as_viewer("member")
        makers.structure().referents.add(client.viewer)
        one = queries(client, "/mon-espace/")
        for _ in range(2):
            makers.structure().referents.add(client.viewer)
        assert queries(client, "/mon-espace/") == one

    @pytest.mark.parametrize("audience", Audience)
    def test_it_says_who_sees_my_page(self, as_viewer, audience):
        client = as_viewer("member")
        makers.actor(user=client.viewer, audience=audience)
        assert str(audience.label) in page(client, "/mon-espace/")

    def test_a_draft_is_told_to_be_mine_alone(self, as_viewer):
        client = as_viewer("member")
        makers.actor(user=client.viewer, published=False)
        assert "Brouillon" in page(client, "/mon-espace/")

    def test_what_others_keep_is_not_there(self, as_viewer):
        client = as_viewer("member")
        makers.structure(name="À quelqu’un d’autre").referents.add(makers.actor().user)
        assert "À quelqu’un d’autre" not in page(client, "/mon-espace/")

    @pytest.mark.parametrize(("viewer", "sees"), [("member", False), ("team", False), ("admin", True)])
    def test_only_staff_is_led_to_the_administration(self, as_viewer, viewer, sees):
        assert ("/gestion/" in page(as_viewer(viewer), "/mon-espace/")) is sees


class TestAccount:
    @staticmethod
    def someone() -> User:
        user = User.objects.create_user("someone@example.org", PASSWORD)
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        return user

    def sign_in(self, client, password: str = PASSWORD):
        return client.post(reverse("account_login"), {"login": "Someone@example.org", "password": password})

    def test_signing_in_leads_to_my_space(self, client):
        self.someone()
        response = self.sign_in(client)
        assert response.status_code == 302
        assert response.url == "/mon-espace/"
        assert "someone@example.org" in page(client, "/mon-espace/")

    def test_a_wrong_password_is_said_without_saying_which_of_the_two_is_wrong(self, client):
        self.someone()
        known = self.sign_in(client, "not that one at all")
        unknown = client.post(reverse("account_login"), {"login": "nobody@example.org", "password": PASSWORD})
        for response in (known, unknown):
            assert response.status_code == 200
            assert "L’adresse mail ou le mot de passe ne va pas" in response.content.decode()
            assert 'class="error-summary"' in response.content.decode()

    def test_nobody_leaves_the_site_by_signing_in(self, client):
        self.someone()
        login = f"{reverse('account_login')}?next=https://elsewhere.example/"
        response = client.post(login, {"login": "someone@example.org", "password": PASSWORD})
        assert response.url == "/mon-espace/"

    def test_one_says_adresse_mail(self, client):
        html = page(client, reverse("account_login"))
        assert "Adresse mail" in html
        assert "E-mail" not in html
        assert "Courriel" not in html

    def test_signing_out_takes_a_button(self, as_viewer):
        client = as_viewer("member")
        asked = client.get(reverse("account_logout"))
        assert asked.status_code == 200
        assert client.get("/mon-espace/").status_code == 200
        client.post(reverse("account_logout"))
        assert client.get("/mon-espace/").status_code == 302

    def test_a_forgotten_password_is_chosen_anew_by_mail(self, client):
        user = self.someone()
        client.post(reverse("account_reset_password"), {"email": user.email})
        (sent,) = mail.outbox
        assert sent.to == [user.email]
        link = re.search(r"https?://[^/]+(/\S+)", sent.body)[1]
        form = client.get(link, follow=True)
        address = form.redirect_chain[-1][0]
        new = "another quite long password"
        client.post(address, {"password1": new, "password2": new})
        assert self.sign_in(client, new).status_code == 302

    @pytest.mark.parametrize("language", ["fr", "en"])
    @pytest.mark.parametrize("name", ["login", "reset_password", "signup", "inactive", "reset_password_done"])
    def test_every_open_page_is_whole_in_both_languages(self, client, language, name):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        html = page(client, reverse(f"account_{name}"))
        assert "⟦" not in html
        assert f'lang="{language}"' in html

    @pytest.mark.parametrize("name", ["email", "change_password", "logout"])
    def test_every_page_of_a_member_is_whole(self, client, name):
        client.force_login(self.someone(), backend=settings.AUTHENTICATION_BACKENDS[0])
        assert "⟦" not in page(client, reverse(f"account_{name}"))


class TestHealth:
    @pytest.fixture(autouse=True)
    def _the_worker_beats(self):
        caches["default"].set(HEARTBEAT_KEY, timezone.now().timestamp(), 60)

    def test_all_is_well(self, client):
        response = client.get("/sante/")
        assert response.status_code == 200
        assert response.json() == {"database": "ok", "cache": "ok", "worker": "ok"}
        assert "no-store" in response["Cache-Control"]

    def test_a_database_that_does_not_answer_is_said(self, client, monkeypatch):
        def refuse(*args, **kwargs):
            raise OperationalError("refused")

        monkeypatch.setattr(connection, "cursor", refuse)
        response = client.get("/sante/")
        assert response.status_code == 503
        assert response.json()["database"] == "failed"

    def test_a_cache_that_does_not_answer_is_said_and_the_worker_unknown(self, client, monkeypatch):
        nowhere = RedisCache("redis://127.0.0.1:1/0", {})
        monkeypatch.setattr("portal.views.cache", nowhere)
        response = client.get("/sante/")
        assert response.status_code == 503
        assert response.json() == {"database": "ok", "cache": "failed", "worker": "failed"}

    @pytest.mark.parametrize("ago", [None, 600])
    def test_a_silent_worker_is_said(self, client, ago):
        if ago is None:
            caches["default"].delete(HEARTBEAT_KEY)
        else:
            caches["default"].set(HEARTBEAT_KEY, timezone.now().timestamp() - ago, 60)
        response = client.get("/sante/")
        assert response.status_code == 503
        assert response.json() == {"database": "ok", "cache": "ok", "worker": "failed"}

    def test_it_tells_nothing_of_anyone(self, client):
        assert set(client.get("/sante/").json()) == {"database", "cache", "worker"}


def test_on_paper_a_page_says_where_it_comes_from_and_of_when_it_is(client):
    with time_machine.travel("2026-11-25T10:00:00Z", tick=False):
        text = page(client, "/acteurs/?q=%C3%A9coute&territoire=dep-09")
    assert 'class="on-paper">http://testserver/acteurs/?q=%C3%A9coute&amp;territoire=dep-09<br>' in text
    assert "Imprimé le 25 novembre 2026" in text


def test_where_to_report_a_flaw(client, region):
    with time_machine.travel("2026-11-25T10:00:00Z", tick=False):
        first = page(client, "/.well-known/security.txt")
        Instance.objects.update(contact_email="contact@example.org", source_url="https://code.example.org/p/")
        caches["default"].delete(CACHE_KEY)
        response = client.get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert first.splitlines() == [
        "Contact: http://testserver/mentions-legales/",
        "Expires: 2027-05-24T00:00:00+00:00",
        "Preferred-Languages: fr, en",
        "Canonical: http://testserver/.well-known/security.txt",
    ]
    assert response.text.splitlines() == [
        "Contact: mailto:contact@example.org",
        *first.splitlines()[1:],
        "Policy: https://code.example.org/p/blob/HEAD/SECURITY.md",
    ]
