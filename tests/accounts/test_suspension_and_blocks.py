"""Closing an account, its sessions, and what passes between two people."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import actions
from accounts.models import Block, User
from tests.conftest import make_viewer

pytestmark = pytest.mark.django_db

SPACE = "/mon-espace/"
SUSPENDED = User.Closed.SUSPENDED


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def member() -> User:
    return make_viewer("member")


@pytest.fixture
def other() -> User:
    return make_viewer("professional")


def test_a_suspension_acts_at_the_next_request_and_its_sessions_stay_closed(member, other):
    clients = [signed_in(member), signed_in(member)]
    bystander = signed_in(other)
    assert [client.get(SPACE).status_code for client in clients] == [200, 200]
    actions.close(member, SUSPENDED)
    assert [client.get(SPACE).status_code for client in clients] == [302, 302]
    # Even those that asked nothing meanwhile do not come back with the account.
    waiting = signed_in(member)
    actions.close(member, SUSPENDED)
    assert actions.open_again(member, SUSPENDED)
    assert waiting.get(SPACE).status_code == 302
    assert signed_in(member).get(SPACE).status_code == 200
    assert bystander.get(SPACE).status_code == 200


def test_a_part_of_a_page_is_refused_too(member):
    client = signed_in(member)
    actions.close(member, SUSPENDED)
    assert client.get(SPACE, headers={"HX-Request": "true"}).status_code == 302


@pytest.mark.parametrize("first", User.Closed)
@pytest.mark.parametrize("second", User.Closed)
def test_an_account_opens_when_no_reason_is_left(first, second, member):
    """Whatever closes it and in whatever order: taking one reason away leaves the others."""
    stale = User.objects.get(pk=member.pk)
    actions.close(member, first)
    # From another process, which read the account before.
    actions.close(stale, second)
    member.refresh_from_db()
    assert (member.is_active, set(member.closed_for)) == (False, {first, second})
    assert actions.open_again(member, first) == (first == second)
    assert actions.open_again(member, second)
    member.refresh_from_db()
    assert (member.is_active, member.closed_for) == (True, [])


@pytest.mark.parametrize("wrong", [{"is_active": False}, {"closed_for": ["hand"]}])
def test_a_closed_account_says_why(wrong, member):
    with pytest.raises(IntegrityError, match="user_closed_says_why"), transaction.atomic():
        User.objects.filter(pk=member.pk).update(**wrong)


def test_an_administrator_closes_by_hand_and_opens_but_lifts_no_suspension(member):
    admin = signed_in(make_viewer("admin"))
    form = {"email": member.email, "language": "fr"}
    address = f"/gestion/accounts/user/{member.pk}/change/"
    states = []
    for posted in ({"closed_by_hand": "on"}, {"closed_by_hand": "on"}, {}):
        assert admin.post(address, form | posted).status_code == 302
        member.refresh_from_db()
        states.append((member.is_active, member.closed_for))
    assert states == [(False, ["hand"]), (False, ["hand"]), (True, [])]
    actions.close(member, SUSPENDED)
    admin.post(address, form | {"closed_by_hand": "on"}), admin.post(address, form | {"is_active": "on"})
    member.refresh_from_db()
    assert (member.is_active, member.closed_for) == (False, ["suspended"])


def test_a_block_holds_both_ways_and_for_these_two_only(member, other):
    third = make_viewer("referent")
    made = actions.block(blocker=member, blocked=other)
    assert actions.block(blocker=member, blocked=other) == made
    assert list(Block.objects.between(member, other)) == list(Block.objects.between(other, member)) == [made]
    assert list(Block.objects.between(member, third)) == []
    assert list(Block.objects.around(other)) == [made]
    assert list(Block.objects.around(third)) == []


def test_one_takes_back_ones_own_block_only(member, other):
    actions.block(blocker=member, blocked=other)
    theirs = actions.block(blocker=other, blocked=member)
    actions.unblock(blocker=member, blocked=other)
    assert list(Block.objects.between(member, other)) == [theirs]


def test_nobody_blocks_herself_nor_twice(member, other):
    with pytest.raises(IntegrityError, match="block_not_oneself"), transaction.atomic():
        actions.block(blocker=member, blocked=member)
    actions.block(blocker=member, blocked=other)
    with pytest.raises(IntegrityError, match="block_once"), transaction.atomic():
        Block.objects.create(blocker=member, blocked=other)
    with pytest.raises(ValidationError, match="soi-même"):
        Block(blocker=member, blocked=member).validate_constraints()
