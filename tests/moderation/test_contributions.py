"""From a draft to what others see: what waits, for whom, and what its author is told."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.audience import Audience
from directory.contributions import read_actor
from moderation import actions
from moderation.models import Case, Revision, Rule, Status, Trust, Verb
from moderation.workflow import Impossible
from notifications.models import Notice
from tests import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return makers.user(is_team=True)


def trusted():
    person = makers.user()
    Trust.objects.create(user=person)
    return person


def waiting(nature: str) -> Case:
    return Case.objects.open().get(nature=nature)


def test_a_newcomer_waits_and_is_told_which_rule_holds_her():
    page = makers.actor(published=False)
    assert actions.submit(page, by=page.user) == Rule.NEWCOMER
    case = waiting("content")
    assert (page.status, case.rule, case.author, case.label) == (
        Status.SUBMITTED,
        "newcomer",
        page.user,
        str(page),
    )
    assert makers.commune("dep-09").pk in case.places


def test_a_trusted_member_appears_at_once_and_is_reviewed_afterwards():
    page = makers.actor(published=False, user=trusted())
    assert actions.submit(page, by=page.user) is None
    assert (page.status, waiting("review").rule) == (Status.PUBLISHED, "trusted")


def test_the_team_waits_for_nobody(moderator):
    page = makers.actor(published=False)
    assert actions.revise(page, {"headline": "Saisi au téléphone"}, by=moderator) is None
    page = makers.actor()
    actions.revise(page, {"headline": "Saisi au téléphone"}, by=moderator)
    page.refresh_from_db()
    assert page.headline == "Saisi au téléphone"
    assert list(Case.objects.all()) == []


def test_publishing_closes_the_case_and_shows_the_page(moderator):
    page = makers.actor(published=False)
    actions.submit(page, by=page.user)
    actions.decide(waiting("content"), Verb.PUBLISH, by=moderator)
    page.refresh_from_db()
    case = Case.objects.get()
    assert (page.status, case.outcome, case.closed_by) == (Status.PUBLISHED, "publish", moderator)


def test_sent_back_it_is_completed_and_sent_again(moderator):
    page = makers.actor(published=False)
    actions.submit(page, by=page.user)
    actions.decide(waiting("content"), Verb.RETURN, by=moderator, reason="Dites ce que vous cherchez.")
    page.refresh_from_db()
    assert page.status == Status.RETURNED
    actions.submit(page, by=page.user)
    assert [case.outcome for case in Case.objects.order_by("pk")] == ["return", ""]


def test_taken_back_it_leaves_the_queue():
    page = makers.actor(published=False)
    actions.submit(page, by=page.user)
    actions.take_back(page, by=page.user)
    assert (page.status, list(Case.objects.open())) == (Status.DRAFT, [])


def test_an_edit_of_what_is_published_waits_beside_it(moderator):
    page = makers.actor(texts={"headline": "Avant"})
    revision = actions.revise(page, {"headline": "Après", "offers": page.offers}, by=page.user)
    page.refresh_from_db()
    assert (page.headline, revision.changes) == ("Avant", {"headline": "Après"})
    actions.decide(waiting("edit"), Verb.ACCEPT_EDIT, by=moderator)
    page.refresh_from_db()
    revision.refresh_from_db()
    assert (page.headline, revision.state, page.open_revision) == ("Après", "accepted", None)


def test_a_second_edit_replaces_the_one_that_waits():
    page = makers.actor(texts={"headline": "Avant"})
    first = actions.revise(page, {"headline": "Après"}, by=page.user)
    second = actions.revise(page, {"offers": "Un café"}, by=page.user)
    assert (first.pk, second.changes) == (second.pk, {"offers": "Un café"})
    assert Case.objects.open().filter(nature="edit").count() == 1


def test_an_edit_back_to_what_is_published_gives_it_up():
    page = makers.actor(texts={"headline": "Avant"})
    actions.revise(page, {"headline": "Après"}, by=page.user)
    assert actions.revise(page, {"headline": "Avant"}, by=page.user) is None
    assert (page.open_revision, list(Case.objects.open())) == (None, [])


def test_refusing_an_edit_leaves_the_page_as_it_was(moderator):
    page = makers.actor(texts={"headline": "Avant"})
    actions.revise(page, {"headline": "Après"}, by=page.user)
    actions.decide(waiting("edit"), Verb.REFUSE_EDIT, by=moderator, reason="Cela nomme un tiers.")
    page.refresh_from_db()
    assert (page.headline, page.status, Revision.objects.get().state) == ("Avant", "published", "refused")


def test_what_identifies_a_structure_is_looked_at_even_from_the_trusted():
    referent = trusted()
    structure = makers.structure(name="Avant", referents=[referent])
    assert actions.revise(structure, {"description": "Texte"}, by=referent) is None
    assert actions.revise(structure, {"siret": "73282932000074"}, by=referent).rule == Rule.SENSITIVE
    structure.refresh_from_db()
    assert (structure.description, structure.siret) == ("Texte", "")


def test_terms_and_places_of_an_edit_are_written_whole(moderator):
    page = makers.actor()
    role, domain = makers.terms(role="proche-aidant")[0], makers.terms(domain="recherche-innovation")[0]
    before = read_actor(page)
    changes = {"terms": {str(role.pk): 2019, str(domain.pk): None}, "zones": [makers.commune("dep-09").pk]}
    actions.revise(page, changes, by=page.user)
    actions.decide(waiting("edit"), Verb.ACCEPT_EDIT, by=moderator)
    assert read_actor(page) == before | changes


def test_trust_is_earned_by_what_was_accepted(moderator):
    author = makers.user()
    page = makers.actor(published=False, user=author)
    actions.submit(page, by=author)
    actions.decide(waiting("content"), Verb.PUBLISH, by=moderator)
    page.refresh_from_db()
    for text in ("Un", "Deux"):
        assert not Trust.objects.in_force().filter(user=author).exists()
        actions.revise(page, {"headline": text}, by=author)
        actions.decide(waiting("edit"), Verb.ACCEPT_EDIT, by=moderator)
    assert Trust.objects.in_force().filter(user=author).exists()


def test_trust_is_not_earned_by_who_was_refused_lately(moderator):
    author = makers.user()
    page = makers.actor(user=author)
    for verb, text in ((Verb.REFUSE_EDIT, "Non"), *((Verb.ACCEPT_EDIT, f"Oui {n}") for n in range(3))):
        actions.revise(page, {"headline": text}, by=author)
        actions.decide(waiting("edit"), verb, by=moderator, reason="Parce que.")
    assert not Trust.objects.exists()
    long_ago = timezone.now() - datetime.timedelta(days=91)
    Case.objects.filter(outcome="refuse_edit").update(closed_at=long_ago)
    actions.revise(page, {"headline": "Encore"}, by=author)
    actions.decide(waiting("edit"), Verb.ACCEPT_EDIT, by=moderator)
    assert Trust.objects.in_force().filter(user=author).exists()


def test_who_has_what_on_her_desk():
    here, elsewhere = makers.actor(published=False), makers.actor(published=False, place="com-75056")
    for page in (here, elsewhere):
        actions.submit(page, by=page.user)
    ambassador, team, member = makers.user(), makers.user(is_team=True), makers.user()
    ambassador.ambassador_of.add(makers.commune("dep-09"))
    closed = makers.user(is_team=True, closed="hand")
    seen = {
        name: sorted(case.target.pk for case in Case.objects.for_moderator(who))
        for name, who in (
            ("team", team),
            ("ambassador", ambassador),
            ("member", member),
            ("author", here.user),
            ("closed", closed),
        )
    }
    assert seen == {
        "team": sorted([here.pk, elsewhere.pk]),
        "ambassador": [here.pk],
        "member": [],
        "author": [],
        "closed": [],
    }


def test_nobody_decides_of_her_own_page(moderator):
    page = makers.actor(user=moderator)
    actions.open_case(Case.Nature.REPORT, page, author=moderator)
    assert list(Case.objects.for_moderator(moderator)) == []


def test_a_case_is_in_one_pair_of_hands_until_it_lapses(moderator):
    page = makers.actor(published=False)
    actions.submit(page, by=page.user)
    case, other = waiting("content"), makers.user(is_team=True)
    actions.claim(case, by=moderator)
    with pytest.raises(Impossible):
        actions.decide(case, Verb.PUBLISH, by=other)
    Case.objects.update(claimed_at=timezone.now() - datetime.timedelta(hours=3))
    actions.decide(case, Verb.PUBLISH, by=other)
    with pytest.raises(Impossible):
        actions.decide(case, Verb.PUBLISH, by=moderator)


def test_of_eight_who_take_a_case_one_has_it(committed):
    page = makers.actor(published=False)
    actions.submit(page, by=page.user)
    case_pk = waiting("content").pk
    people = [makers.user(is_team=True) for _ in range(8)]
    got, gate = [], threading.Barrier(8)

    def take(person):
        try:
            gate.wait()
            actions.claim(Case.objects.get(pk=case_pk), by=person)
            got.append(person.pk)
        except Impossible:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [Case.objects.get(pk=case_pk).claimed_by_id]


@pytest.mark.parametrize("audience", [Audience.EVERYONE, Audience.MEMBERS])
def test_the_mail_that_says_it_is_published_leads_its_author_to_her_page_signed_in_or_not(audience):
    page = makers.actor(published=False, audience=audience)
    actions.submit(page, by=page.user)
    actions.decide(Case.objects.get(), "publish", by=makers.user(is_team=True))
    link = Notice.objects.get(user=page.user).link
    visitor, author = Client().get(link, follow=True), Client()
    author.force_login(page.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    there = author.get(link, follow=True).request["PATH_INFO"]
    assert (visitor.status_code, there) == (200, page.get_absolute_url())
