"""One account opens so many pages of people in a day, and no more."""

from __future__ import annotations

import datetime

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisConnectionError

from directory import quota
from tests import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(quota, "PAGES_A_DAY", 2)
    return [makers.actor().get_absolute_url() for _each in range(4)]


def codes(client, paths) -> list[int]:
    return [client.get(path).status_code for path in paths]


def test_a_member_opens_so_many_pages_and_those_stay_open(few, as_viewer, caplog):
    client = as_viewer("member")
    assert codes(client, [*few, few[0], few[1], few[2]]) == [200, 200, 429, 429, 200, 200, 429]
    assert [record.getMessage() for record in caplog.records if record.name == "directory.quota"] == [
        f"Account {client.viewer.pk} has opened 2 pages of people today."
    ]
    assert client.viewer.email not in caplog.text
    words = client.get(few[3]).content.decode()
    assert "Vous avez ouvert beaucoup de pages aujourd’hui" in words


def test_each_account_has_its_own_share_and_each_day_too(few, as_viewer, monkeypatch):
    member, professional = as_viewer("member"), as_viewer("professional")
    assert codes(member, few) == [200, 200, 429, 429]
    assert codes(professional, few) == [200, 200, 429, 429]
    tomorrow = quota.timezone.localdate() + datetime.timedelta(days=1)
    monkeypatch.setattr(quota.timezone, "localdate", lambda: tomorrow)
    assert codes(member, few[2:]) == [200, 200]


def test_visitors_and_the_team_are_not_counted_and_ones_own_page_neither(few, as_viewer):
    assert codes(as_viewer("visitor"), few) == [200] * 4
    assert codes(as_viewer("team"), few) == [200] * 4
    member = as_viewer("member")
    own = makers.actor(user=member.viewer).get_absolute_url()
    assert codes(member, [own, own, own, *few]) == [200, 200, 200, 200, 200, 429, 429]


def test_what_one_may_not_see_is_hidden_before_it_is_counted(few, as_viewer):
    client = as_viewer("member")
    hidden = makers.actor(audience=30).get_absolute_url()
    assert codes(client, [hidden, *few[:2], hidden]) == [404, 200, 200, 404]


def test_without_the_cache_pages_open(few, as_viewer, monkeypatch):
    client = as_viewer("member")
    assert codes(client, few[:2]) == [200, 200]

    def away(*args, **kwargs):
        raise RedisConnectionError("no cache")

    monkeypatch.setattr(cache, "get", away)
    assert [quota.may_open(makers.actor(), client.viewer) for _each in range(4)] == [True] * 4


def test_nobody_is_found_again_in_the_names_of_the_counters(as_viewer):
    viewer, actor = as_viewer("member").viewer, makers.actor()
    name = quota._name("2026-11-25", viewer.pk, actor.pk)
    assert name.startswith("pages-")
    assert len(name) == len("pages-") + 40
    assert name != quota._name("2026-11-25", actor.pk, viewer.pk)
