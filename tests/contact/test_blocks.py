"""Blocks hold in every channel: each kind of message says whose act causes it, and what stops it."""

from __future__ import annotations

import datetime

import pytest

from accounts import actions as accounts
from accounts.models import Block
from contact import actions
from contact.models import Conversation
from contact.own_terms import REMINDED
from contact.rules import Refused
from directory.models import Actor
from notifications import kinds
from notifications.actions import post, tell
from notifications.models import Message, Notice
from privacy import terms
from tests import makers

#: What causes a message that no other member causes: oneself, the team, or time.
ONESELF, TEAM, TIME = "oneself", "team", "time"
CAUSED_BY = {
    "contact.expired": TIME,
    "directory.claim_granted": TEAM,
    "directory.claim_refused": TEAM,
    "directory.member_named": ONESELF,
    "directory.page_entered": TEAM,
    # Losing a right is told, whoever took it.
    "directory.referent_removed": TEAM,
    "directory.structures_merged": TEAM,
    "notifications.digest": TIME,
    "notifications.other": ONESELF,
}
#: Whole families whose messages no member causes towards another.
FAMILIES = {"accounts": ONESELF, "moderation": TEAM, "privacy": ONESELF, "trial": TEAM, "bench": TEAM}


def by_members() -> set[str]:
    return {code for code in kinds.known() if kinds.kind(code).by_member}


def test_each_kind_of_message_says_whose_act_causes_it():
    known = {code for code in kinds.known() if code.partition(".")[0] not in FAMILIES}
    silent = known - set(CAUSED_BY) - by_members()
    assert sorted(silent) == [], "another member causes it: by_member=True; else say in CAUSED_BY what does"
    assert sorted(set(CAUSED_BY) - known) == []
    assert sorted(set(CAUSED_BY) & by_members()) == []
    assert len(by_members()) > 8


@pytest.mark.django_db
@pytest.mark.parametrize("code", sorted(by_members()))
def test_no_message_caused_by_a_member_passes_a_block(code):
    one, other = makers.user(), makers.user()
    accounts.block(blocker=one, blocked=other)
    for by, to in ((one, other), (other, one)):
        assert tell(to, code, by=by) is None
        assert post(to, code, by=by) is None
        assert post(to.email, code, by=by) is None
    assert (Notice.objects.count(), Message.objects.count()) == (0, 0)
    with pytest.raises(TypeError):
        tell(one, code)


@pytest.fixture(params=["she blocks", "he blocks"])
def cut_off(request, db):
    """A conversation whose two people are cut off from each other, by either."""

    def make(answered: bool = False) -> Conversation:
        conversation = makers.conversation()
        if answered:
            actions.write(conversation, author=conversation.recipient, text="Bonjour")
        pair = (conversation.asker, conversation.recipient)
        blocker, blocked = pair if request.param == "she blocks" else pair[::-1]
        accounts.block(blocker=blocker, blocked=blocked)
        conversation.refresh_from_db()
        return conversation

    return make


def counts(conversation: Conversation) -> list[int]:
    return [user.notices.count() for user in (conversation.asker, conversation.recipient)]


def test_nothing_is_begun(cut_off):
    conversation = cut_off()
    Conversation.objects.all().delete()
    before = counts(conversation)
    for one, other in (
        (conversation.asker, conversation.recipient),
        (conversation.recipient, conversation.asker),
    ):
        with pytest.raises(Refused):
            actions.start(asker=one, page=other.actor, text="Bonjour")
    assert counts(conversation) == before


@pytest.mark.parametrize("answered", [False, True])
def test_nothing_goes_on(cut_off, answered):
    conversation = cut_off(answered)
    before = counts(conversation)
    for author in (conversation.asker, conversation.recipient):
        with pytest.raises(Refused):
            actions.write(conversation, author=author, text="Bonjour")
    assert counts(conversation) == before


def test_saying_no_is_not_told(cut_off):
    conversation = cut_off()
    before = counts(conversation)
    actions.decline(conversation, by=conversation.recipient, reason="other")
    assert counts(conversation) == before


def test_nothing_is_recalled(cut_off):
    conversation = cut_off()
    before = counts(conversation)
    terms.apply(REMINDED, conversation.last_letter_at + datetime.timedelta(days=REMINDED.days))
    assert counts(conversation) == before


@pytest.mark.django_db
def test_the_two_do_not_find_each_others_page_and_everyone_else_does():
    one, other, third = makers.member(), makers.member(), makers.member()
    team = makers.user(is_team=True)
    accounts.block(blocker=one, blocked=other)
    for viewer, page, seen in (
        (one, other, False),
        (other, one, False),
        (one, one, True),
        (third, one, True),
        (third, other, True),
        (team, one, True),
    ):
        assert Actor.objects.visible_to(viewer).filter(user=page).exists() is seen
    accounts.block(blocker=one, blocked=team)
    assert Actor.objects.visible_to(team).filter(user=one).exists(), "the team answers for the site"
    accounts.unblock(blocker=one, blocked=other)
    assert Actor.objects.visible_to(other).filter(user=one).exists()


@pytest.mark.django_db
def test_a_block_of_the_other_holds_when_ones_own_is_lifted():
    one, other = makers.member(), makers.member()
    accounts.block(blocker=one, blocked=other)
    accounts.block(blocker=other, blocked=one)
    accounts.unblock(blocker=one, blocked=other)
    assert Block.objects.between(one, other).exists()
    with pytest.raises(Refused):
        actions.start(asker=one, page=other.actor, text="Bonjour")
