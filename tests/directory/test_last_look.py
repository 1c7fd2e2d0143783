"""What an action asks again once it holds the lock: things may have changed since the page was opened."""

from __future__ import annotations

import pytest

from directory import actions
from directory.models import ClaimRequest, Structure
from moderation.workflow import Impossible
from tests import makers

pytestmark = pytest.mark.django_db


def test_a_page_taken_out_of_the_directory_is_granted_to_nobody():
    structure, person = makers.structure(), makers.user()
    claim = actions.claim_structure(structure, by=person, function="Directrice", proof="Le site me nomme.")
    actions.withdraw(structure)
    with pytest.raises(Impossible, match="retirée du répertoire"):
        actions.answer_claim(claim, granted=True, by=makers.user(is_team=True))
    assert ClaimRequest.objects.get().state == "open"
    assert list(structure.referents.all()) == []
    actions.answer_claim(claim, granted=False, by=makers.user(is_team=True), reason="Elle n’y est plus.")
    assert ClaimRequest.objects.get().state == "no"


def kept_no_more() -> tuple[Structure, object, object]:
    """A page, someone who has just stopped keeping it, and someone who still does."""
    left, stays = makers.user(), makers.user()
    structure = makers.structure(referents=[left, stays])
    actions.step_down(structure, by=left)
    return structure, left, stays


def test_who_keeps_a_page_no_more_takes_it_from_nobody():
    structure, left, stays = kept_no_more()
    with pytest.raises(Impossible, match="ne tenez plus"):
        actions.remove_referent(structure, stays, by=left)
    assert list(structure.referents.all()) == [stays]


def test_who_keeps_a_page_no_more_invites_nobody_to():
    structure, left, _stays = kept_no_more()
    with pytest.raises(Impossible, match="ne tenez plus"):
        actions.invite_referent(structure, by=left, email="someone@example.org")
    assert not structure.invitations.exists()


def test_who_keeps_a_page_no_more_does_not_leave_it_twice():
    structure, left, stays = kept_no_more()
    with pytest.raises(Impossible, match="ne tenez plus"):
        actions.step_down(structure, by=left)
    assert list(structure.referents.all()) == [stays]


def test_five_claims_wait_at_once_and_not_one_more():
    person = makers.user()
    for _each in range(5):
        actions.claim_structure(makers.structure(), by=person, function="Bénévole", proof="Le site me nomme.")
    with pytest.raises(Impossible, match="plusieurs demandes"):
        actions.claim_structure(makers.structure(), by=person, function="Bénévole", proof="Le site me nomme.")
    assert ClaimRequest.objects.count() == 5
