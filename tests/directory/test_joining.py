"""Référencement: short steps that are left and taken up again, and what each keeps."""

from __future__ import annotations

import re
import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audience import Audience
from accounts.models import User
from directory import actions
from directory.charter import load_charter, sections
from directory.models import Actor, Charter, CharterSignature
from moderation import actions as moderation
from moderation.models import Case, Status, Trust
from moderation.workflow import Impossible
from tests import makers

WHO = {
    "first_name": "Maëlle",
    "last_name": "Ombrelune",
    "name_style": "initial",
    "roles": ["proche-aidant", "cadre-sante"],
    "since_proche-aidant": "2019",
}
BRING = {"headline": "Je débute", "offers": "Du temps", "needs": "", "domains": ["formation"]}
CIRCLES = {"email_audience": "40", "phone_audience": "40", "website_audience": "10"}
SHARING = {"audience": "10", **CIRCLES}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def step(slug: str) -> str:
    return reverse("joining_step", args=[slug])


@pytest.fixture
def charter(db) -> Charter:
    return load_charter()


@pytest.fixture
def person(db) -> User:
    return makers.user()


@pytest.fixture
def browser(person) -> Client:
    return client_of(person)


def walked(browser: Client, charter: Charter) -> Actor:
    """A page filled in step by step, ready to be sent."""
    browser.post(step("qui-je-suis"), WHO)
    browser.post(step("ou"), {"lieu": "foix"})
    browser.post(step("ce-que-j-apporte"), BRING)
    browser.post(step("partage"), SHARING)
    browser.post(step("charte"), {"signed": "on", "version": charter.version})
    return Actor.objects.get()


def test_from_the_first_step_to_the_desk(browser, person, charter):
    page = walked(browser, charter)
    answer = browser.post(step("relecture"), follow=True)
    assert answer.redirect_chain == [(reverse("joined"), 302)]
    page.refresh_from_db()
    assert (page.display_name, page.commune.ref, page.headline, page.audience, page.status) == (
        "Maëlle O.",
        "com-09122",
        "Je débute",
        Audience.MEMBERS,
        Status.SUBMITTED,
    )
    assert {tie.term.slug: tie.since for tie in page.actor_terms.select_related("term")} == {
        "proche-aidant": 2019,
        "cadre-sante": None,
        "formation": None,
    }
    assert (page.origin, Case.objects.get().author) == ("self", person)
    assert "les premières contributions sont relues" in answer.content.decode()


def test_the_page_of_a_trusted_person_is_on_the_map_at_once(browser, person, charter):
    Trust.objects.create(user=person)
    page = walked(browser, charter)
    answer = browser.post(step("relecture"), follow=True)
    page.refresh_from_db()
    assert page.status == Status.PUBLISHED
    assert "Votre page est en ligne dès maintenant." in answer.content.decode()


def test_each_step_leads_to_the_next(browser, charter):
    leads = [
        browser.post(step("qui-je-suis"), WHO).url,
        browser.post(step("ou"), {"lieu": "foix"}).url,
        browser.post(step("ce-que-j-apporte"), {}).url,
        browser.post(step("partage"), SHARING).url,
        browser.post(step("charte"), {"signed": "on", "version": charter.version}).url,
    ]
    assert leads == [step(slug) for slug in ("ou", "ce-que-j-apporte", "partage", "charte", "relecture")]


def test_left_and_taken_up_again_on_another_device(browser, person, charter):
    answer = browser.post(step("qui-je-suis"), {**WHO, "plus-tard": "1"})
    assert answer.url == reverse("my_space")
    other = client_of(person)
    assert other.get(reverse("joining")).context["next_step"] == "ou"
    form = other.get(step("qui-je-suis")).context["form"]
    assert (form["first_name"].value(), form["roles"].value(), form["since_proche-aidant"].value()) == (
        "Maëlle",
        ["proche-aidant", "cadre-sante"],
        2019,
    )


def test_where_one_goes_on(browser, charter):
    assert browser.get(reverse("joining")).context["next_step"] == "qui-je-suis"
    walked(browser, charter)
    assert browser.get(reverse("joining")).context["next_step"] == "relecture"
    CharterSignature.objects.all().delete()
    assert browser.get(reverse("joining")).context["next_step"] == "charte"
    Actor.objects.update(headline="", offers="")
    assert browser.get(reverse("joining")).context["next_step"] == "ce-que-j-apporte"


def test_no_step_before_the_first(browser, charter):
    for slug in ("ou", "ce-que-j-apporte", "partage", "charte", "relecture"):
        assert browser.get(step(slug)).url == step("qui-je-suis")
        assert browser.post(step(slug), {"lieu": "foix", "signed": "on"}).url == step("qui-je-suis")
    assert Actor.objects.count() == 0
    assert browser.get(step("autre")).status_code == 404


def test_once_sent_the_steps_lead_to_my_page(browser, charter):
    page = walked(browser, charter)
    moderation.submit(page, by=page.user)
    assert browser.get(reverse("joining")).url == reverse("my_page")
    assert browser.post(step("qui-je-suis"), {**WHO, "first_name": "Autre"}).url == reverse("my_page")
    page.refresh_from_db()
    assert page.first_name == "Maëlle"


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"first_name": " "}, "first_name", "Écrivez votre prénom."),
        ({"last_name": ""}, "last_name", "Écrivez votre nom."),
        ({"first_name": "a" * 61}, "first_name", None),
        ({"name_style": "pseudonym"}, "pseudonym", "Écrivez le pseudonyme à afficher."),
        ({"name_style": "x"}, "name_style", "Choisissez dans la liste."),
        (
            {"roles": []},
            "roles",
            "Cochez au moins un rôle. « Citoyen ou citoyenne » convient à tout le monde.",
        ),
        ({"roles": ["inconnu"]}, "roles", "Un de ces choix n’existe plus. Choisissez dans la liste."),
        ({"roles": ["diabete"]}, "roles", "Un de ces choix n’existe plus. Choisissez dans la liste."),
        ({"since_proche-aidant": "hier"}, "since_proche-aidant", None),
        ({"since_proche-aidant": "1066"}, "since_proche-aidant", None),
        ({"since_proche-aidant": "9999"}, "since_proche-aidant", None),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_kept(browser, wrong, field, sentence):
    typed = {**WHO, **wrong}
    answer = browser.post(step("qui-je-suis"), typed)
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (200, [field])
    assert sentence is None or form.errors[field] == [sentence]
    assert form["last_name"].value() == typed["last_name"]
    assert f'href="#id_{field}"' in answer.content.decode()
    assert Actor.objects.count() == 0


def test_a_name_is_what_is_seen_of_it(browser):
    unseen = browser.post(step("qui-je-suis"), WHO | {"first_name": "\u200b \u2060"})
    assert unseen.context["form"].errors == {"first_name": ["Écrivez votre prénom."]}
    browser.post(
        step("qui-je-suis"), WHO | {"first_name": " Ma\u200bëlle\u00ad ", "last_name": "\u202eOmbre  Lune"}
    )
    actor = Actor.objects.get()
    assert (actor.first_name, actor.last_name) == ("Maëlle", "Ombre Lune")


@pytest.mark.parametrize(
    ("sent", "ref"),
    [
        ({"lieu": "Foix"}, "com-09122"),
        ({"lieu": "saint girons ariege"}, "com-09261"),
        ({"territoire": "com-09261"}, "com-09261"),
        ({"lieu": "saint", "choix": "com-09261"}, "com-09261"),
        # Without a script, what was chosen before goes along with what is typed now.
        ({"lieu": "Foix", "territoire": "com-09261"}, "com-09122"),
    ],
)
def test_a_commune_is_found(browser, sent, ref):
    browser.post(step("qui-je-suis"), WHO)
    assert browser.post(step("ou"), sent).status_code == 302
    assert Actor.objects.get().commune.ref == ref


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Écrivez le nom de votre commune ou son code postal."),
        ({"lieu": "zzzzzzzz"}, "Aucun lieu de ce nom. Essayez le code postal ou une commune voisine."),
        ({"lieu": "saint"}, "Plusieurs lieux ont ce nom ou ce code. Choisissez le vôtre juste en dessous."),
        (
            {"territoire": "dep-09"},
            "Choisissez une commune : c’est elle qui vous situe sur la carte.",
        ),
        ({"territoire": "com-99999"}, "Écrivez le nom de votre commune ou son code postal."),
    ],
)
def test_a_commune_that_is_not_found_is_asked_again(browser, sent, sentence):
    browser.post(step("qui-je-suis"), WHO)
    answer = browser.post(step("ou"), sent)
    assert answer.context["form"].errors == {"lieu": [sentence]}
    assert answer.context["form"].typed_commune == sent.get("lieu", "")
    assert Actor.objects.get().commune is None


def test_several_communes_of_one_name_are_proposed_without_a_script(browser):
    browser.post(step("qui-je-suis"), WHO)
    answer = browser.post(step("ou"), {"lieu": "saint"})
    for place in answer.context["form"].candidates["lieu"]:
        assert f'name="choix" value="{place.ref}"' in answer.content.decode()
        assert place.level == "com"


def test_territories_are_added_one_by_one_and_taken_away(browser):
    browser.post(step("qui-je-suis"), WHO)
    page = browser.get(step("ou")).content.decode()
    buttons = re.findall(r'<button[^>]*type="submit"[^>]*>', page[page.index('<form class="form"') :])
    # Enter, in a box, presses the first.
    assert ["encore" in button for button in buttons[:2]] == [False, True]
    answer = browser.post(step("ou"), {"lieu": "foix", "zone_lieu": "dep-09", "encore": "1"})
    assert answer.url == step("ou")
    page = Actor.objects.get()
    (ariege,) = page.zones.all()
    browser.post(step("ou"), {"lieu": "foix", "zones": [ariege.pk], "zone": "reg-76"})
    assert sorted(zone.ref for zone in page.zones.all()) == ["dep-09", "reg-76"]
    browser.post(step("ou"), {"lieu": "foix"})
    assert list(page.zones.all()) == []
    assert browser.post(step("ou"), {"lieu": "foix", "zones": ["abc", "-1", "9" * 30]}).status_code == 200


def test_what_is_right_is_kept_when_the_rest_is_not(browser):
    browser.post(step("qui-je-suis"), WHO)
    answer = browser.post(step("ce-que-j-apporte"), {**BRING, "needs": "x" * 2001, "domains": ["inconnu"]})
    assert list(answer.context["form"].errors) == ["needs", "domains"]
    assert answer.context["form"]["needs"].value() == "x" * 2001
    page = Actor.objects.get()
    assert (page.headline, page.offers, page.needs) == ("Je débute", "Du temps", "")


def test_a_number_in_a_text_is_asked_about_once(browser):
    browser.post(step("qui-je-suis"), WHO)
    typed = {**BRING, "offers": "Appelez-moi au 05 61 02 30 40"}
    answer = browser.post(step("ce-que-j-apporte"), typed)
    assert list(answer.context["form"].errors) == ["offers"]
    assert Actor.objects.get().offers == ""
    keep = answer.context["form"].fields["offers"].keep
    assert browser.post(step("ce-que-j-apporte"), {**typed, keep["name"]: keep["value"]}).status_code == 302
    assert Actor.objects.get().offers == "Appelez-moi au 05 61 02 30 40"


def test_words_of_distress_show_who_helps_and_keep_nothing_from_being_written(browser):
    browser.post(step("qui-je-suis"), WHO)
    answer = browser.post(step("ce-que-j-apporte"), {**BRING, "needs": "Je veux en finir"}, follow=True)
    assert "3114" in answer.content.decode()
    assert Actor.objects.get().needs == "Je veux en finir"
    assert "3114" not in browser.get(step("partage")).content.decode()


def test_circles_act_and_engines_only_show_what_everyone_sees(browser):
    browser.post(step("qui-je-suis"), WHO)
    answer = browser.post(step("partage"), {**SHARING, "indexed_by_engines": "on"})
    assert list(answer.context["form"].errors) == ["indexed_by_engines"]
    browser.post(
        step("partage"),
        {
            **SHARING,
            "audience": "0",
            "indexed_by_engines": "on",
            "phone": "05 61 02 30 40",
            "phone_audience": "20",
        },
    )
    page = Actor.objects.get()
    assert (page.audience, page.indexed_by_engines, page.phone) == (0, True, "05 61 02 30 40")
    assert page.audience_of("phone") == Audience.PROFESSIONALS
    browser.post(step("partage"), SHARING)
    page.refresh_from_db()
    assert (page.audience, page.indexed_by_engines) == (Audience.MEMBERS, False)


def test_nothing_is_ticked_beforehand_for_health_themes(browser):
    browser.post(step("qui-je-suis"), WHO)
    answer = browser.get(step("partage"))
    form = answer.context["form"]
    assert [form[name].value() for name in ("store", "members", "everyone", "matching", "themes")] == [
        False,
        False,
        False,
        False,
        [],
    ]


@pytest.mark.parametrize("alone", ["members", "everyone", "matching", "themes"])
def test_no_theme_is_kept_nor_shown_without_its_own_yes(browser, person, alone):
    browser.post(step("qui-je-suis"), WHO)
    value = ["diabete"] if alone == "themes" else "on"
    answer = browser.post(step("partage"), {**SHARING, alone: value})
    assert list(answer.context["form"].errors) == ["store"]
    assert list(Actor.objects.get().themes.all()) == []
    assert person.consents.count() == 0


def test_each_yes_is_written_down_apart(browser, person):
    browser.post(step("qui-je-suis"), WHO)
    browser.post(step("partage"), {**SHARING, "store": "on", "members": "on", "themes": ["diabete"]})
    page = Actor.objects.get()
    assert [theme.slug for theme in page.themes.all()] == ["diabete"]
    assert page.themes_audience == Audience.MEMBERS
    assert list(person.consents.values_list("purpose", "granted", "channel")) == [
        ("store", True, "site"),
        ("members", True, "site"),
    ]
    browser.post(step("partage"), SHARING)
    page.refresh_from_db()
    assert (list(page.themes.all()), page.themes_audience) == ([], Audience.ME)


class TestSending:
    def test_needs_a_commune_a_role_and_the_charter(self, browser, charter):
        browser.post(step("qui-je-suis"), WHO)
        page = Actor.objects.get()
        said = []
        for fill in (
            lambda: browser.post(step("ou"), {"lieu": "foix"}),
            lambda: actions.sign_charter(charter, user=page.user),
        ):
            said.append(browser.post(step("relecture")).context["problem"])
            fill()
        assert said == [
            "Il manque votre commune : c’est elle qui vous situe sur la carte.",
            "Il reste à signer la charte d’engagement.",
        ]
        page.actor_terms.all().delete()
        assert browser.post(step("relecture")).context["problem"] == (
            "Il manque votre rôle : cochez-en au moins un."
        )
        page.refresh_from_db()
        assert page.status == Status.DRAFT

    def test_the_database_refuses_a_page_without_a_commune(self, browser):
        browser.post(step("qui-je-suis"), WHO)
        with pytest.raises(DatabaseError, match="actor_sent_has_a_commune"), transaction.atomic():
            Actor.objects.update(status=Status.SUBMITTED, submitted_at=timezone.now())

    def test_another_version_of_the_charter_is_asked_again(self, browser, person, charter):
        page = walked(browser, charter)
        Charter.objects.create(version="2027-01", text="Autre", published_at=timezone.now())
        with pytest.raises(Impossible, match="charte"):
            moderation.submit(page, by=person)
        with pytest.raises(Impossible, match="vient de changer"):
            actions.sign_charter(charter, user=person)
        answer = browser.post(step("charte"), {"signed": "on", "version": charter.version})
        assert answer.context["form"].non_field_errors() == [
            "La charte a changé pendant que vous la lisiez. Relisez-la, puis signez."
        ]


class TestCharter:
    def test_is_open_to_everyone(self, client, charter):
        text = client.get("/charte/").content.decode()
        assert "Je m’engage envers les autres" in text
        assert "J’ai lu la charte" not in text

    def test_is_not_found_where_the_instance_has_none(self, client, db):
        assert client.get("/charte/").status_code == 404

    def test_is_signed_once_by_those_who_tick(self, browser, person, charter):
        assert list(browser.post("/charte/", {"version": charter.version}).context["form"].errors) == [
            "signed"
        ]
        browser.post("/charte/", {"version": charter.version, "signed": "on"})
        browser.post("/charte/", {"version": charter.version, "signed": "on"})
        assert [(one.user, one.charter) for one in CharterSignature.objects.all()] == [(person, charter)]
        assert "Vous avez signé cette version" in browser.get("/charte/").content.decode()

    def test_neither_signature_nor_text_is_rewritten(self, person, charter):
        actions.sign_charter(charter, user=person)
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            CharterSignature.objects.update(signed_at=timezone.now())
        with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
            Charter.objects.update(text="Autre chose")

    def test_a_version_to_come_can_still_be_corrected(self, charter):
        later = Charter.objects.create(version="2027-01", text="Brouillon")
        later.text = "Mieux"
        later.save()
        assert Charter.objects.in_force() == charter

    def test_is_loaded_once(self, charter):
        assert load_charter() is None
        assert Charter.objects.count() == 1

    def test_its_text_is_cut_in_parts(self):
        (first, second) = sections("Avant.\n\n# Titre\nDire.\n- Faire\n- Tenir\n")
        assert (first.title, first.paragraphs) == ("", ["Avant."])
        assert (second.title, second.paragraphs, second.commitments) == (
            "Titre",
            ["Dire."],
            ["Faire", "Tenir"],
        )


def test_two_first_steps_at_once_make_one_page(committed):
    person = makers.user()
    start = threading.Barrier(2)
    changes = {"first_name": "Maëlle", "last_name": "Ombrelune", "name_style": "initial"}

    def begin():
        start.wait()
        try:
            actions.start_page(user=User.objects.get(pk=person.pk), changes=changes)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Actor.objects.filter(user=person).count() == 1
