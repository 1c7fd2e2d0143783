"""Closing an account, its sessions, and what passes between two people."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import actions, tasks
from accounts.models import Block, User
from tests.conftest import make_viewer

pytestmark = pytest.mark.django_db

SPACE = "/mon-espace/"


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
    actions.suspend(member)
    assert [client.get(SPACE).status_code for client in clients] == [302, 302]
    # Even those that asked nothing meanwhile do not come back with the account.
    waiting = signed_in(member)
    actions.suspend(member)
    actions.reinstate(member)
    assert waiting.get(SPACE).status_code == 302
    assert signed_in(member).get(SPACE).status_code == 200
    assert bystander.get(SPACE).status_code == 200


def test_a_part_of_a_page_is_refused_too(member):
    client = signed_in(member)
    actions.suspend(member)
    assert client.get(SPACE, headers={"HX-Request": "true"}).status_code == 302


@pytest.mark.parametrize(
    ("later", "open_again"),
    [
        (datetime.timedelta(days=3, seconds=-1), False),
        (datetime.timedelta(days=3), True),
        (datetime.timedelta(days=4), True),
    ],
)
def test_a_suspension_ends_at_its_term(later, open_again, member, other):
    now = timezone.now()
    actions.suspend(member, until=now + datetime.timedelta(days=3))
    actions.suspend(other)
    assert actions.end_suspensions(now + later) == int(open_again)
    assert actions.end_suspensions(now + later) == 0
    member.refresh_from_db()
    other.refresh_from_db()
    assert (member.is_active, member.suspended_until is None) == (open_again, open_again)
    assert not other.is_active


def test_the_worker_ends_suspensions(member):
    actions.suspend(member, until=timezone.now())
    tasks.end_suspensions.delay()
    member.refresh_from_db()
    assert member.is_active


def test_an_open_account_has_no_end_of_suspension(member):
    with pytest.raises(IntegrityError, match="user_suspended_is_closed"), transaction.atomic():
        User.objects.filter(pk=member.pk).update(suspended_until=timezone.now())


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
