"""Searches are kept by the index, and never say anything else than a search made anew."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.audience import Audience
from directory import actions
from directory.index import bitmaps, current_index, forget_index, kept
from directory.index.text import search
from directory.models import Actor
from tests import makers

pytestmark = pytest.mark.django_db

WORD = "Rivedouce"


@pytest.fixture
def crowd() -> list[Actor]:
    """Twelve people of one name: enough for no look-alike to be sought."""
    return [makers.actor(last_name=WORD, name_style="full") for _ in range(12)]


def found(clearance: Audience = Audience.EVERYONE, text: str = WORD) -> set[int]:
    return set(search(current_index(), text, clearance).positions)


def questions(clearance: Audience = Audience.EVERYONE) -> int:
    """How many times a search asks the database, the index being up to date."""
    index = current_index()
    with CaptureQueriesContext(connection) as asked:
        search(index, WORD, clearance)
    return len(asked)


def test_the_same_search_asks_nothing_again(crowd):
    assert len(found()) == 12
    assert questions() == 0
    assert questions(Audience.MEMBERS) == 1
    assert questions(Audience.TEAM) == 0, "the team searches the words of members"


def test_what_changes_leaves_and_enters_a_search_kept(crowd):
    found(), found(Audience.MEMBERS)
    actions.withdraw(crowd[0])
    actions.set_audience(crowd[1], Audience.MEMBERS)
    crowd[2].delete()
    entered = makers.actor(last_name=WORD, name_style="full")
    makers.actor(last_name="Clairvallon", name_style="full")
    kept_by_index = found(), found(Audience.MEMBERS)
    assert questions() == 0, "what changed was looked at once"
    forget_index()
    assert kept_by_index == (found(), found(Audience.MEMBERS))
    assert [len(positions) for positions in kept_by_index] == [10, 11]
    actions.withdraw(entered)
    assert len(found()) == 9


def test_a_word_taken_back_is_forgotten(crowd):
    assert len(found(text="mosaïque")) == 0
    crowd[0].headline = "Mosaïque"
    crowd[0].save()
    actions.set_audience(crowd[0], Audience.EVERYONE)
    assert len(found(text="mosaïque")) == 1
    Actor.objects.filter(pk=crowd[0].pk).update(headline="")
    actions.set_audience(Actor.objects.get(pk=crowd[0].pk), Audience.EVERYONE)
    assert len(found(text="mosaïque")) == 0


def test_too_many_changes_to_tell_and_the_search_is_made_anew(crowd, monkeypatch):
    monkeypatch.setattr(bitmaps, "REBUILD_AFTER", 4)
    forget_index()
    assert len(found()) == 12
    index = current_index()
    for person in crowd[:6]:
        actions.set_audience(person, Audience.TEAM)
        current_index()
    assert current_index() is index
    assert index.changed_since(0) is None
    assert len(found()) == 6


def test_the_longest_unasked_is_let_go(crowd, monkeypatch):
    monkeypatch.setattr(kept, "KEPT", 2)
    for text in (WORD, "un", WORD, "deux"):
        found(text=text)
    assert questions() == 0
    found(text="trois"), found(text="quatre")
    assert questions() == 1


def test_no_word_however_common_makes_the_database_read_everything(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT proconfig FROM pg_proc WHERE proname = 'directory_hits'")
        assert cursor.fetchall() == [(["enable_seqscan=off"],)]
