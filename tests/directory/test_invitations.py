"""Coming through someone else: each link serves once, tells nothing, and nobody is seen before she agrees."""

from __future__ import annotations

import threading

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audience import Audience
from accounts.models import Block, User
from directory import actions
from directory.charter import load_charter
from directory.models import Actor, Invitation, Poster
from directory.ways_in import came_by
from moderation import actions as moderation
from moderation.models import Case, Decision
from moderation.workflow import Impossible
from notifications.models import Message
from privacy.erasure import erase
from tests import makers
from tests.directory.test_joining import WHO, client_of, step

NEWCOMER = "venue@example.org"


def mails() -> list[str]:
    kinds = Message.objects.filter(kind__startswith="directory.").order_by("pk")
    return [message.kind for message in kinds]


@pytest.mark.django_db
class TestCoOption:
    def test_from_the_mail_to_the_page(self):
        sponsor = makers.actor(first_name="Solène", last_name="Ardoise")
        token = makers.invitation(by=sponsor.user, email=NEWCOMER)
        client = client_of(makers.user())
        assert "Solène A. vous invite." in client.get(reverse("invitation", args=[token])).content.decode()
        assert Invitation.objects.get().used_at is None
        assert client.post(reverse("invitation", args=[token])).url == reverse("joining")
        client.post(step("qui-je-suis"), WHO)
        page = Actor.objects.get(first_name="Maëlle")
        invitation = Invitation.objects.get()
        assert (page.origin, page.invitation, invitation.used_by) == ("member", invitation, page.user)
        assert Client().get(reverse("invitation", args=[token])).status_code == 404

    def test_a_visitor_makes_an_account_first(self):
        answer = Client().post(reverse("invitation", args=[makers.invitation()]))
        assert answer.url == reverse("account_signup")

    def test_the_mail_holds_the_shown_name_and_nothing_else_of_the_sponsor(self):
        sponsor = makers.actor(
            first_name="Solène", last_name="Ardoise", name_style="pseudonym", pseudonym="Bruyère"
        )
        makers.invitation(by=sponsor.user, email=NEWCOMER)
        said = str(mail.outbox[-1].message())
        assert "Bruyère" in mail.outbox[-1].body
        assert not any(word in said for word in ("Solène", "Ardoise", sponsor.user.email))

    def test_only_a_page_that_is_online_invites(self):
        for user in (makers.user(), makers.actor(published=False).user):
            with pytest.raises(Impossible, match="votre propre page"):
                actions.invite(NEWCOMER, by=user)
        assert mails() == []

    def test_five_a_day_and_not_one_more(self):
        sponsor = makers.actor().user
        for number in range(5):
            actions.invite(f"v{number}@example.org", by=sponsor)
        with pytest.raises(Impossible, match="Pas plus de 5"):
            actions.invite("v5@example.org", by=sponsor)
        assert len(mails()) == 5

    def test_an_address_is_left_in_peace_whoever_invites(self):
        actions.invite(NEWCOMER, by=makers.actor().user)
        with pytest.raises(Impossible, match="déjà reçu"):
            actions.invite(NEWCOMER.upper(), by=makers.actor().user)
        assert len(mails()) == 1

    def test_whoever_has_a_page_gets_no_mail_and_the_sponsor_sees_no_difference(self):
        known = makers.actor().user.email
        client = client_of(makers.actor().user)
        answers = [
            client.post(reverse("invite"), {"email": email}, follow=True).content.decode()
            for email in (known, NEWCOMER)
        ]
        assert mails() == ["directory.invited_by_member"]
        assert all("C’est envoyé." in answer for answer in answers)

    @pytest.mark.parametrize("typed", ["", "x", "a@b", "a b@example.org"])
    def test_a_wrong_address_is_said_and_kept(self, typed):
        answer = client_of(makers.actor().user).post(reverse("invite"), {"email": typed})
        assert list(answer.context["form"].errors) == ["email"]
        assert answer.context["form"]["email"].value() == typed

    def test_a_link_whose_time_is_past_serves_no_more(self):
        token = makers.invitation()
        now = timezone.now()
        Invitation.objects.update(sent_at=now - timezone.timedelta(days=31), expires_at=now)
        assert Client().get(reverse("invitation", args=[token])).status_code == 404

    def test_the_token_is_not_kept(self):
        token = makers.invitation()
        assert token not in str(Invitation.objects.values().get())


@pytest.mark.django_db
def test_the_link_of_one_way_in_opens_no_other():
    entered, invited = makers.entered_page(), makers.invitation()
    for route, token in (("invitation", entered), ("confirm_page", invited)):
        assert Client().get(reverse(route, args=[token])).status_code == 404
        assert Client().post(reverse(route, args=[token]), {"effacer": ""}).status_code == 404
    assert Invitation.objects.filter(used_at=None).count() == 2


@pytest.mark.django_db
def test_a_structure_names_whoever_comes_through_it():
    referent = makers.user()
    structure = makers.structure(referents=[referent])
    client_of(referent).post(reverse("invite_for_structure", args=[structure.slug]), {"email": NEWCOMER})
    token = makers.token_mailed("invitation")
    client = client_of(makers.user())
    client.post(reverse("invitation", args=[token]))
    client.post(step("qui-je-suis"), WHO)
    page = Actor.objects.get()
    assert (page.origin, [tie.structure for tie in page.memberships.all()]) == ("structure", [structure])


@pytest.mark.django_db
class TestWhoKnowsByWhomSomeoneCame:
    @pytest.fixture
    def sponsor(self) -> Actor:
        return makers.actor(first_name="Solène", last_name="Ardoise")

    @pytest.fixture
    def guest(self, sponsor) -> Actor:
        token = makers.invitation(by=sponsor.user, email=NEWCOMER)
        client = client_of(makers.user())
        client.post(reverse("invitation", args=[token]))
        client.post(step("qui-je-suis"), WHO)
        page = Actor.objects.get(origin="member")
        page.commune = makers.commune()
        page.save()
        return page

    def test_those_who_moderate(self, guest):
        moderation.submit(guest, by=guest.user)
        team = client_of(makers.user(is_team=True))
        page = team.get(Case.objects.get().get_absolute_url()).content.decode()
        assert "Parrainé par Solène A." in page

    def test_the_person_and_whoever_invited_her(self, guest, sponsor):
        start = client_of(guest.user).get(reverse("joining")).content.decode()
        sent = client_of(sponsor.user).get(reverse("invite")).content.decode()
        assert ("Solène A." in start, guest.display_name in sent) == (True, False)
        actions.publish(guest)
        actions.set_audience(guest, Audience.MEMBERS)
        mine = client_of(guest.user).get(reverse("my_page")).content.decode()
        sent = client_of(sponsor.user).get(reverse("invite")).content.decode()
        assert f'<a href="{sponsor.get_absolute_url()}">Solène A.</a>' in mine
        assert f'<a href="{guest.get_absolute_url()}">{guest.display_name}</a>' in sent

    @pytest.mark.parametrize("audience", list(Audience))
    @pytest.mark.parametrize("reader", [None, {}, {"is_verified_professional": True}])
    def test_nobody_else(self, guest, sponsor, audience, reader):
        actions.publish(guest)
        actions.set_audience(guest, audience)
        client = Client() if reader is None else client_of(makers.user(**reader))
        for page, other in ((guest, sponsor), (sponsor, guest)):
            assert other.display_name not in client.get(page.get_absolute_url()).content.decode()

    def test_neither_of_the_two_where_one_blocked_the_other_or_hides(self, guest, sponsor):
        actions.publish(guest)
        Block.objects.create(blocker=guest.user, blocked=sponsor.user)
        assert "Solène" not in client_of(guest.user).get(reverse("my_page")).content.decode()
        assert guest.display_name not in client_of(sponsor.user).get(reverse("invite")).content.decode()

    def test_what_is_left_when_whoever_invited_her_is_erased(self, guest, sponsor):
        erase(sponsor.user)
        guest.refresh_from_db()
        assert came_by(guest) == "parrainage d’un membre"

    @pytest.mark.parametrize(
        ("way", "words"),
        [
            ({}, "de soi-même"),
            ({"poster": True}, "affiche « Hall »"),
            ({"structure": True}, "invité par Les Lanternes"),
            ({"team": True}, "saisie par l’équipe"),
        ],
    )
    def test_each_way_has_its_words(self, way, words):
        page = makers.actor()
        if "poster" in way:
            poster = actions.make_poster("Hall", by=makers.user(is_team=True))
            page.poster, page.origin = poster, "poster"
        if "structure" in way:
            referent = makers.user()
            structure = makers.structure(name="Les Lanternes", referents=[referent])
            actions.invite(NEWCOMER, by=referent, structure=structure)
            page.invitation, page.origin = Invitation.objects.get(), "structure"
        if "team" in way:
            page.origin = "team"
        assert came_by(page) == words


@pytest.mark.django_db
class TestPosters:
    @pytest.fixture
    def poster(self) -> Poster:
        return actions.make_poster("Hall de l’hôpital", by=makers.user(is_team=True))

    def test_counts_openings_without_a_cookie(self, poster):
        client = Client()
        for _ in range(2):
            answer = client.get(poster.get_absolute_url())
        client.head(poster.get_absolute_url())
        poster.refresh_from_db()
        assert (poster.visits, "sessionid" in answer.cookies) == (2, False)

    def test_knows_how_many_came_through_it(self, poster):
        client = client_of(makers.user())
        assert client.post(poster.get_absolute_url()).url == reverse("joining")
        client.post(step("qui-je-suis"), WHO)
        page = Actor.objects.get()
        assert (page.origin, page.poster) == ("poster", poster)
        team = client_of(makers.user(is_team=True))
        (shown,) = team.get(reverse("posters")).context["posters"]
        assert shown.came == 1

    def test_is_a_tagged_pdf_of_one_page(self, poster):
        team = client_of(makers.user(is_team=True))
        answer = team.get(reverse("poster_pdf", args=[poster.code]))
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        assert b"pdfuaid:part>1<" in answer.content
        assert b"NPages>1<" in answer.content

    @pytest.mark.parametrize("title", ['#panic("x")', "« L’hôpital » \\ $x$ _a_ *b*", "]" * 100])
    def test_its_title_is_words_never_code(self, title):
        poster = actions.make_poster(title, by=makers.user(is_team=True))
        team = client_of(makers.user(is_team=True))
        assert team.get(reverse("poster_pdf", args=[poster.code])).content.startswith(b"%PDF-")


@pytest.mark.django_db
class TestEnteredByTheTeam:
    SAID = {
        "first_name": "Aubin",
        "last_name": "Ombrelune",
        "name_style": "initial",
        "roles": ["proche-aidant"],
        "lieu": "foix",
        "email": NEWCOMER,
    }

    def test_nothing_is_seen_before_she_confirms(self):
        charter = load_charter()
        member = makers.user(is_team=True)
        client_of(member).post(reverse("enter_page"), self.SAID)
        page = Actor.objects.get()
        assert (page.status, page.origin, page.entered_by) == ("draft", "team", member)
        link = reverse("confirm_page", args=[makers.token_mailed("confirmer-ma-fiche")])
        visitor = Client()
        assert visitor.get(link).status_code == 200
        assert list(visitor.post(link, {"version": charter.version}).context["form"].errors) == ["signed"]
        page.refresh_from_db()
        assert page.status == "draft"
        visitor.post(link, {"version": charter.version, "signed": "on"})
        page.refresh_from_db()
        assert page.status == "published"
        assert page.user.charter_signatures.get().charter == charter
        assert page.user.emailaddress_set.get().verified
        assert Decision.objects.get().rule == "team"
        assert visitor.get(link).status_code == 404

    def test_she_may_have_it_erased(self):
        token = makers.entered_page()
        answer = Client().post(reverse("confirm_page", args=[token]), {"effacer": "1"})
        assert "C’est effacé" in answer.content.decode()
        assert not Actor.objects.exists()
        assert not User.objects.filter(email__startswith="entered").exists()

    def test_an_address_that_has_an_account_is_refused(self):
        client = client_of(makers.user(is_team=True))
        answer = client.post(reverse("enter_page"), {**self.SAID, "email": makers.user().email})
        assert list(answer.context["form"].errors) == ["email"]
        assert not Actor.objects.exists()

    def test_what_is_missing_is_said_and_kept(self):
        client = client_of(makers.user(is_team=True))
        answer = client.post(reverse("enter_page"), {"first_name": "Aubin"})
        errors = answer.context["form"].errors
        assert set(errors) == {"last_name", "name_style", "roles", "lieu", "email"}
        assert answer.context["form"]["first_name"].value() == "Aubin"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"expires_at": None},
        {"kind": "structure"},
        {"kind": "team"},
        {"used_by": True},
    ],
)
def test_the_database_refuses_an_invitation_that_says_nothing_true(wrong):
    makers.invitation()
    known = Invitation.objects.get()
    changes = {
        name: known.sent_at if name == "expires_at" else known.sponsor if name == "used_by" else value
        for name, value in wrong.items()
    }
    with pytest.raises(DatabaseError, match="invitation_"), transaction.atomic():
        Invitation.objects.update(**changes)


def test_of_two_who_use_one_invitation_one_has_it(committed):
    makers.invitation()
    invitation = Invitation.objects.get()
    people = [makers.user(), makers.user()]
    start = threading.Barrier(2)

    def begin(person: User) -> None:
        start.wait()
        try:
            actions.start_page(
                user=User.objects.get(pk=person.pk),
                changes={"first_name": "Maëlle", "last_name": "Ombrelune"},
                invitation=invitation,
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=begin, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pages = Actor.objects.filter(user__in=people)
    assert sorted(page.origin for page in pages) == ["member", "self"]
    assert Invitation.objects.get().used_by in people


@pytest.mark.django_db
def test_my_space_says_what_waits_and_asks_for_the_charter_again():
    page = makers.actor(published=False)
    moderation.submit(page, by=page.user)
    text = client_of(page.user).get(reverse("my_space")).content.decode()
    assert "Ce que j’ai envoyé et qui attend" in text
    assert "La charte a changé" not in text
    load_charter()
    assert "La charte a changé" in client_of(page.user).get(reverse("my_space")).content.decode()
