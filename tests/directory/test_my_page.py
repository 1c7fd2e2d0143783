"""Ma page: the kernel's rules for what I say, at once for who sees it, and a true « voir comme »."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.audience import Audience
from accounts.consents import texts
from directory import actions
from directory.contributions import read_actor
from directory.models import Actor, Listing
from moderation import actions as moderation
from moderation.models import Case, Decision, Status, Trust, Verb
from tests import makers
from tests.directory.test_joining import CIRCLES, SHARING, client_of
from tests.privacy.test_reads import say_why

pytestmark = pytest.mark.django_db


def topic(slug: str) -> str:
    return reverse("my_page_topic", args=[slug])


def do(client: Client, deed: str):
    return client.post(reverse("my_page_deed", args=[deed]))


def who(**changed: object) -> dict[str, object]:
    return {
        "first_name": "Camille",
        "last_name": "Clairvallon",
        "name_style": "full",
        "roles": ["patient-partenaire"],
        **changed,
    }


@pytest.fixture
def page() -> Actor:
    return makers.actor(last_name="Clairvallon", name_style="full", texts={"headline": "Avant"})


@pytest.fixture
def browser(page) -> Client:
    return client_of(page.user)


class TestEditing:
    def test_what_a_newcomer_changes_waits_beside_what_is_published(self, browser, page):
        browser.post(topic("ce-que-j-apporte"), {"headline": "Après"})
        page.refresh_from_db()
        assert (page.headline, page.open_revision.changes) == ("Avant", {"headline": "Après"})
        text = browser.get(reverse("my_page")).content.decode()
        assert "Une modification attend" in text
        assert "les premières contributions sont relues" in text
        assert browser.get(topic("ce-que-j-apporte")).context["form"]["headline"].value() == "Après"

    def test_a_second_topic_adds_to_the_edit_that_waits(self, browser, page):
        browser.post(topic("ce-que-j-apporte"), {"headline": "Après"})
        browser.post(topic("ou"), {"lieu": "foix"})
        assert page.open_revision.changes == {"headline": "Après", "commune": makers.commune("com-09122").pk}

    def test_the_edit_that_waits_can_be_dropped(self, browser, page):
        browser.post(topic("ce-que-j-apporte"), {"headline": "Après"})
        do(browser, "abandonner-la-modification")
        assert (page.open_revision, Case.objects.open().count()) == (None, 0)

    def test_what_a_trusted_person_changes_appears_at_once(self, browser, page):
        Trust.objects.create(user=page.user)
        browser.post(topic("ce-que-j-apporte"), {"headline": "Après"})
        page.refresh_from_db()
        assert (page.headline, page.open_revision) == ("Après", None)
        assert Listing.objects.get(object_id=page.pk, kind="acteur").headline == "Après"

    def test_an_edit_sent_back_says_why(self, browser, page):
        browser.post(topic("ce-que-j-apporte"), {"headline": "Après"})
        case = Case.objects.open().get(nature="edit")
        moderation.decide(case, Verb.RETURN_EDIT, by=makers.user(is_team=True), reason="Dites-en plus.")
        text = browser.get(reverse("my_page")).content.decode()
        assert "Une modification est à compléter" in text
        assert "Dites-en plus." in text

    def test_the_terms_of_other_topics_stay(self, browser, page):
        Trust.objects.create(user=page.user)
        browser.post(topic("ce-que-j-apporte"), {"domains": ["formation"], "competences": ["ecoute"]})
        browser.post(topic("parcours"), {"languages": ["occitan"], **circles_of_path()})
        browser.post(topic("qui-je-suis"), who(**{"since_patient-partenaire": "2020"}))
        slugs = {tie.term.slug: tie.since for tie in page.actor_terms.select_related("term")}
        assert slugs == {"patient-partenaire": 2020, "formation": None, "ecoute": None, "occitan": None}


class TestNames:
    def test_showing_less_of_ones_name_acts_at_once(self, browser, page):
        old = page.slug
        browser.post(topic("qui-je-suis"), who(name_style="pseudonym", pseudonym="Bruyère"))
        page.refresh_from_db()
        assert (page.display_name, page.open_revision) == ("Bruyère", None)
        assert page.slug.startswith("bruyere-")
        assert Client().get(reverse("actor", args=[old])).status_code == 404
        assert Listing.objects.get(object_id=page.pk, kind="acteur").name == "Bruyère"

    def test_showing_more_of_it_waits_as_any_edit(self, browser, page):
        actions.edit_page(page, {"name_style": "initial"}, by=page.user)
        browser.post(topic("qui-je-suis"), who())
        page.refresh_from_db()
        assert (page.display_name, page.open_revision.changes) == ("Camille C.", {"name_style": "full"})

    def test_the_rest_of_the_edit_still_waits(self, browser, page):
        browser.post(topic("qui-je-suis"), who(name_style="initial", first_name="Camillo"))
        page.refresh_from_db()
        assert (page.display_name, page.open_revision.changes) == ("Camille C.", {"first_name": "Camillo"})

    def test_a_new_pseudonym_is_looked_at_afterwards(self, browser, page):
        browser.post(topic("qui-je-suis"), who(name_style="pseudonym", pseudonym="Bruyère"))
        assert [case.nature for case in Case.objects.open()] == ["review"]


def circles_of_path() -> dict[str, str]:
    return {f"{name}_audience": "10" for name in ("experience", "training", "engagements", "interests")}


class TestCircles:
    def test_act_at_once_whatever_waits(self, browser, page):
        browser.post(topic("ce-que-j-apporte"), {"headline": "Après"})
        browser.post(topic("partage"), {**SHARING, "audience": "30"})
        page.refresh_from_db()
        assert (page.audience, page.headline) == (Audience.TEAM, "Avant")
        assert Client().get(page.get_absolute_url()).status_code == 404

    def test_of_a_field_are_kept_with_the_others(self, browser, page):
        browser.post(topic("parcours"), {**circles_of_path(), "training_audience": "30"})
        browser.post(topic("partage"), {**SHARING, "audience": "0", "phone_audience": "20"})
        page.refresh_from_db()
        assert (page.audience_of("training"), page.audience_of("phone")) == (30, 20)

    @pytest.mark.parametrize("junk", ["", "5", "-1", "everyone", "1e9"])
    def test_junk_is_refused_in_words(self, browser, page, junk):
        before = (page.audience, page.audiences)
        answer = browser.post(topic("partage"), {**CIRCLES, "audience": junk, "phone_audience": junk})
        assert set(answer.context["form"].errors) == {"audience", "phone_audience"}
        page.refresh_from_db()
        assert (page.audience, page.audiences) == before


class TestDeeds:
    def test_pause_and_back(self, browser, page):
        do(browser, "pause")
        page.refresh_from_db()
        assert (page.paused, page.status) == (True, Status.PUBLISHED)
        do(browser, "fin-de-pause")
        page.refresh_from_db()
        assert page.paused is False

    def test_confirm(self, browser, page):
        before = page.confirmed_at
        do(browser, "confirmer")
        page.refresh_from_db()
        assert page.confirmed_at > before

    def test_archive_and_send_again(self, browser, page):
        do(browser, "archiver")
        page.refresh_from_db()
        assert (page.status, Listing.objects.filter(object_id=page.pk, kind="acteur").exists()) == (
            "archived",
            False,
        )
        do(browser, "envoyer")
        page.refresh_from_db()
        assert page.status == "submitted"

    def test_take_back(self, browser, page):
        do(browser, "archiver")
        do(browser, "envoyer")
        assert do(browser, "reprendre").url == reverse("joining")
        page.refresh_from_db()
        assert page.status == "draft"

    @pytest.mark.parametrize("deed", ["reprendre", "envoyer"])
    def test_what_its_state_does_not_allow_is_said(self, browser, page, deed):
        answer = browser.post(reverse("my_page_deed", args=[deed]), follow=True)
        assert "Ce n’est plus possible" in answer.content.decode()
        page.refresh_from_db()
        assert page.status == "published"

    def test_a_page_that_is_not_online_has_nothing_to_confirm(self, browser, page):
        do(browser, "archiver")
        before = Actor.objects.get().confirmed_at
        do(browser, "confirmer")
        assert Actor.objects.get().confirmed_at == before

    def test_nobody_acts_on_the_page_of_another(self, page):
        client = client_of(makers.user())
        assert do(client, "archiver").status_code == 404
        page.refresh_from_db()
        assert page.status == "published"


@pytest.mark.parametrize("state", ["submitted", "returned", "refused", "hidden", "archived"])
def test_each_state_says_where_the_page_stands_and_why(page, browser, state):
    team = makers.user(is_team=True)
    if state == "archived":
        moderation.archive(page, by=page.user)
    elif state == "hidden":
        case = moderation.open_case(Case.Nature.REVIEW, page, author=page.user)
        moderation.decide(case, Verb.HIDE, by=team, reason="Un motif clair.")
    else:
        moderation.archive(page, by=page.user)
        moderation.submit(page, by=page.user)
        verb = {"returned": Verb.RETURN, "refused": Verb.REFUSE}.get(state)
        if verb:
            case = Case.objects.open().get()
            moderation.decide(case, verb, by=team, reason="Un motif clair.")
    text = browser.get(reverse("my_page")).content.decode()
    assert ("Un motif clair." in text) == (state in ("returned", "refused", "hidden"))
    # What is left to do comes before anything else.
    before_topics = text.partition("Modifier, sujet par sujet")[0]
    assert ("Envoyer à nouveau" in before_topics) == (state in ("returned", "hidden"))
    saved = browser.post(topic("ce-que-j-apporte"), {"headline": "Mieux"}, follow=True).content.decode()
    assert ("Il reste à envoyer votre page à nouveau." in saved) == (state in ("returned", "hidden"))
    page.refresh_from_db()
    assert page.status == state


def test_the_history_costs_the_same_for_one_decision_and_for_many(page, browser, django_assert_num_queries):
    browser.get(reverse("my_page"))
    with django_assert_num_queries(5):
        browser.get(reverse("my_page"))
    for _ in range(3):
        moderation.archive(page, by=page.user)
        actions.publish(page)
    assert Decision.objects.of(page).count() == 7
    with django_assert_num_queries(5):
        browser.get(reverse("my_page"))


def test_no_field_but_those_declared_is_changed_by_a_form(page, browser):
    """Every field of the model is sent with every topic, with values that would betray."""
    Trust.objects.create(user=page.user)
    other = makers.user()
    junk = {
        **{field.name: "1" for field in Actor._meta.get_fields()},
        "status": "archived",
        "user": other.pk,
        "slug": "pris",
        "themes_audience": "0",
        "audiences": '{"phone": 0}',
        "origin": "team",
        "entered_by": other.pk,
        "indexed_by_engines": "on",
        "paused": "on",
        "published_at": "2020-01-01",
        "confirmed_at": "2020-01-01",
        "terms": "1",
        "themes": "diabete",
    }
    declared = {
        "qui-je-suis": {"first_name", "last_name", "name_style", "pseudonym", "terms", "slug"},
        "ou": {"commune", "zones"},
        "ce-que-j-apporte": {"headline", "offers", "needs", "terms"},
        "parcours": {
            "presentation",
            "experience",
            "training",
            "engagements",
            "interests",
            "terms",
            "audiences",
        },
        "partage": {"website", "email", "phone", "audience", "audiences", "indexed_by_engines"},
    }
    for slug, allowed in declared.items():
        fields = browser.get(topic(slug)).context["form"].fields
        right = {
            "qui-je-suis": who(first_name="Autre"),
            "ou": {"lieu": "foix"},
            "partage": {
                **SHARING,
                "audience": "0",
                "email": "a@example.org",
                "website": "https://b.example.org",
            },
            "parcours": circles_of_path(),
        }.get(slug, {})
        before = stored(page)
        sent = {**{name: value for name, value in junk.items() if name not in fields}, **right}
        answer = browser.post(topic(slug), sent)
        assert answer.status_code == 302, answer.context["form"].errors
        after = stored(page)
        changed = {name for name in before if before[name] != after[name]}
        # The site itself writes when.
        assert changed <= allowed | {"edited_at"}, slug


def stored(page: Actor) -> dict[str, object]:
    row = Actor.objects.filter(pk=page.pk).values().get()
    row = {name.removesuffix("_id"): value for name, value in row.items() if name != "edited_at"}
    read = read_actor(Actor.objects.get(pk=page.pk))
    return row | {name: read[name] for name in ("zones", "terms")} | {"themes": list(page.themes.all())}


ARTICLE = re.compile(r'<article class="profile">.*?</article>', re.S)
#: What leads a reader elsewhere. On one's own page, seen as another, it would lead nowhere.
DOORS = ["Écrire", "Signaler cette page", "Bloquer cette personne", "Revenir à la liste"]


def lines(article: str) -> list[str]:
    return [line for said in re.split(r"<[^>]+>", article) if (line := " ".join(said.split()))]


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize(
    ("circle", "viewer"),
    [
        ("visiteur", None),
        ("membre", {}),
        ("professionnel", {"is_verified_professional": True}),
        ("equipe", {"is_team": True}),
    ],
)
def test_seen_as_someone_is_the_page_that_she_sees(audience, circle, viewer):
    page = makers.actor(
        audience=audience,
        consents=("store", "members"),
        themes=("diabete",),
        texts={"experience": "Mon expérience", "training": "Ma formation", "phone": "05 61 00 00 00"},
        audiences={"training": Audience.TEAM, "phone": Audience.PROFESSIONALS},
    )
    actions.join_structure(page, makers.structure(), "bénévole")
    real = Client() if viewer is None else client_of(makers.user(**viewer))
    if circle == "equipe" and audience < Audience.ME:
        say_why(real, page.get_absolute_url())
    preview = client_of(page.user).get(reverse("see_as", args=[circle]))
    answer = real.get(page.get_absolute_url())
    shown = ARTICLE.search(preview.content.decode())
    if answer.status_code == 404:
        assert shown is None
        assert "Cette personne ne voit pas votre page" in preview.content.decode()
    else:
        real_lines = lines(ARTICLE.search(answer.content.decode())[0])
        assert lines(shown[0]) == [line for line in real_lines if line not in DOORS]
        doors = [door for door in DOORS if viewer is not None or door != DOORS[2]]
        assert [line for line in real_lines if line in DOORS] == doors


class TestSeenWithAnEdit:
    """« Voir comme » while an edit waits: the page as it will be, and what is online now at one link."""

    @pytest.fixture
    def edited(self) -> Actor:
        page = makers.actor(
            texts={"headline": "Avant", "experience": "Vécu d’avant"},
            zones=[makers.commune("dep-09")],
            terms=makers.terms(role="patient-partenaire"),
        )
        role, zone = makers.terms(role="proche-aidant")[0], makers.commune("dep-31")
        changes = {
            "headline": "Après",
            "experience": "Vécu d’après",
            "commune": makers.commune("com-31555").pk,
            "terms": {str(role.pk): 2019},
            "zones": [zone.pk],
        }
        assert actions.edit_page(page, changes, by=page.user)
        return page

    def seen(self, page: Actor, circle: str = "membre", query: str = "") -> str:
        answer = client_of(page.user).get(reverse("see_as", args=[circle]) + query)
        return " ".join(lines(answer.content.decode()))

    def test_it_is_the_page_once_accepted_and_nothing_of_it_is_kept(self, edited):
        before = read_actor(edited)
        text = self.seen(edited)
        assert "voici votre page telle qu’elle sera une fois acceptée" in text
        for after, gone in AFTER_AND_BEFORE:
            assert (after in text, gone in text) == (True, False), after
        assert read_actor(Actor.objects.get(pk=edited.pk)) == before
        moderation.decide(Case.objects.get(nature="edit"), "accept_edit", by=makers.user(is_team=True))
        accepted = self.seen(edited)
        assert [after in accepted for after, _gone in AFTER_AND_BEFORE] == [True] * len(AFTER_AND_BEFORE)
        assert "attend d’être relue" not in accepted

    def test_what_is_online_is_one_link_away(self, edited):
        text = self.seen(edited, query="?version=publiee")
        assert "Voici ce qui est en ligne en ce moment" in text
        for after, gone in AFTER_AND_BEFORE:
            assert (after in text, gone in text) == (False, True), after

    def test_an_edit_shows_no_more_to_a_circle_than_it_will(self, edited):
        assert "Vécu d’après" not in self.seen(edited, circle="visiteur")

    def test_an_edit_sent_back_says_so(self, edited):
        case, moderator = Case.objects.get(nature="edit"), makers.user(is_team=True)
        moderation.decide(case, "return_edit", by=moderator, reason="À préciser.")
        assert "Votre modification est à compléter" in self.seen(edited)

    def test_others_see_what_is_online(self, edited):
        answer = client_of(makers.user()).get(edited.get_absolute_url()).content.decode()
        assert ("Avant" in answer, "Après" in answer) == (True, False)


AFTER_AND_BEFORE = [
    ("Après", "Avant"),
    ("Vécu d’après", "Vécu d’avant"),
    ("Toulouse", "Saint-Girons"),
    ("Proche aidant ou proche aidante", "Patient ou patiente partenaire"),
    ("Haute-Garonne", "Ariège"),
    ("depuis 2019", "Avant"),
]


class TestConsents:
    def answer(self, client: Client, purpose: str, accord: str):
        return client.post(reverse("consent", args=[purpose]), {"accord": accord})

    @pytest.fixture
    def themed(self) -> Actor:
        return makers.actor(consents=("store", "members"), themes=("diabete",))

    def test_are_given_and_taken_back_in_one_click(self, browser, page):
        self.answer(browser, "store", "oui")
        assert "Mes thèmes de santé" in browser.get(reverse("consent_themes")).content.decode()
        browser.post(reverse("consent_themes"), {"themes": ["diabete"]})
        self.answer(browser, "everyone", "oui")
        assert "Diabète" in Client().get(page.get_absolute_url()).content.decode()
        self.answer(browser, "everyone", "non")
        assert "Diabète" not in Client().get(page.get_absolute_url()).content.decode()
        history = [(one.purpose, one.granted) for one in page.user.consents.all()]
        assert history == [("store", True), ("everyone", True), ("everyone", False)]

    def test_a_theme_that_is_said_leaves_no_place_for_not_saying(self, browser, page):
        self.answer(browser, "store", "oui")
        browser.post(reverse("consent_themes"), {"themes": ["non-precise", "diabete"]})
        assert [theme.slug for theme in page.themes.all()] == ["diabete"]
        browser.post(reverse("consent_themes"), {"themes": ["non-precise"]})
        assert [theme.slug for theme in page.themes.all()] == ["non-precise"]

    def test_none_comes_before_keeping_them(self, browser, page):
        for purpose in ("members", "everyone", "matching"):
            self.answer(browser, purpose, "oui")
        assert list(page.user.consents.all()) == []
        assert browser.get(reverse("consent_themes")).url == reverse("consents")

    def test_taking_back_the_first_erases_the_themes_and_the_other_answers(self, themed):
        client = client_of(themed.user)
        self.answer(client, "store", "non")
        assert list(themed.themes.all()) == []
        self.answer(client, "store", "oui")
        client.post(reverse("consent_themes"), {"themes": ["diabete"]})
        member = client_of(makers.user())
        assert "Diabète" not in member.get(themed.get_absolute_url()).content.decode()

    def test_what_each_means_and_each_answer_are_shown_to_oneself(self, themed):
        text = client_of(themed.user).get(reverse("consents")).content.decode()
        assert text.count("Retirer mon accord") == 2
        assert text.count("<tr><td>") == 2
        assert "Mes thèmes de santé : Diabète." in text

    def test_are_explained_to_who_reads_english_and_stay_in_the_words_agreed_to(self, browser):
        told = [(one.words, one.english) for one in texts().values()]
        page = browser.get(reverse("consents"), headers={"accept-language": "en"}).content.decode()
        assert [(words in page, english in page) for words, english in told] == [(True, True)] * 4
        page = browser.get(reverse("consents")).content.decode()
        assert [(words in page, english in page) for words, english in told] == [(True, False)] * 4
