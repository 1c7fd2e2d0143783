"""A tie between a person and a structure has two sides, and each does what is its own to do."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.audience import Audience
from directory import actions
from directory.models import Membership, MembershipProposal
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
