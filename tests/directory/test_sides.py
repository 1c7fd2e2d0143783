"""A tie between a person and a structure has two sides, and each does what is its own to do."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.audience import Audience
from directory import actions
from directory.models import Membership, MembershipProposal
from moderation.workflow import Impossible
from tests import makers
from tests.rules.test_access import sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("by_person", [True, False])
def test_one_takes_back_what_one_proposed_and_not_what_the_other_did(by_person):
    page, keeper = makers.actor(), makers.user()
    structure = makers.structure(referents=[keeper])
    if by_person:
        made = actions.ask_to_be_named(structure, page)
        proposer, asked = page.user, keeper
    else:
        made = actions.propose_member(structure, page, by=keeper)
        proposer, asked = keeper, page.user
    address = reverse("structure_proposal", args=[made.pk])
    assert sign_in(asked).post(address, {"reponse": "retirer"}).status_code == 404
    assert sign_in(proposer).post(address, {"reponse": "oui"}).status_code == 404
    assert MembershipProposal.objects.get().state == "open"
    assert sign_in(proposer).post(address, {"reponse": "retirer"}).status_code == 302
    assert MembershipProposal.objects.get().state == "dropped"


def test_those_who_keep_the_page_change_nothing_of_someone_they_may_no_longer_see():
    page, keeper = makers.actor(), makers.user()
    structure = makers.structure(referents=[keeper])
    tie = actions.join_structure(page, structure, "Bénévole")
    address = reverse("structure_member", args=[tie.pk])
    actions.set_audience(page, Audience.ME)
    assert sign_in(keeper).post(address, {"function": "Trésorière"}).status_code == 404
    assert sign_in(keeper).post(address, {"verbe": "retirer"}).status_code == 404
    assert Membership.objects.get().function == "Bénévole"
    assert sign_in(page.user).post(address, {"function": "Présidente"}).status_code == 302
    assert Membership.objects.get().function == "Présidente"


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_nobody_asks_to_be_named_on_a_page_that_is_not_in_the_directory(state):
    page, keeper = makers.actor(), makers.user()
    structure = makers.structure(referents=[keeper], published=state == "archived")
    if state == "archived":
        actions.withdraw(structure)
    structure.refresh_from_db()
    join = reverse("structure_join", args=[structure.slug])
    assert sign_in(page.user).post(join, {"function": "Bénévole"}).status_code == 404
    with pytest.raises(Impossible):
        actions.ask_to_be_named(structure, page)
    assert not MembershipProposal.objects.exists()


def test_a_proposal_is_answered_once():
    made = actions.propose_member(makers.structure(), makers.actor(), by=makers.user())
    actions.answer_proposal(made, accepted=False)
    with pytest.raises(Impossible, match="déjà réglé"):
        actions.answer_proposal(made, accepted=True)
    assert not Membership.objects.exists()


def test_each_side_leaves_the_other_time_to_answer(monkeypatch):
    monkeypatch.setattr("directory.actions.members.MOST_WAITING", 1)
    keeper, page = makers.user(), makers.actor()
    first, second = (makers.structure(referents=[keeper]) for _each in range(2))
    actions.ask_to_be_named(first, page)
    with pytest.raises(Impossible, match="laissez-leur le temps"):
        actions.ask_to_be_named(second, page)
    actions.propose_member(second, makers.actor(), by=keeper)
    with pytest.raises(Impossible, match="laissez-leur le temps"):
        actions.propose_member(second, makers.actor(), by=keeper)


def test_one_removes_only_those_who_keep_the_page_too():
    keeper, stranger = makers.user(), makers.user()
    structure = makers.structure(referents=[keeper, makers.user()])
    remove = reverse("structure_remove_referent", args=[structure.slug, stranger.pk])
    assert sign_in(keeper).post(remove).status_code == 404
    assert structure.referents.count() == 2
