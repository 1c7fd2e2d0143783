"""What is fabricated is what the actions would have written, so that the bench measures the real thing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.forms.models import model_to_dict

from accounts.actions import granted_purposes
from accounts.audience import Audience
from directory import listings
from directory.demo.bulk import COMMON_WORD, bulk_fragments
from directory.fabricate import fabricate
from directory.index import Selection, current_index
from directory.index.text import search
from directory.models import Actor, Listing, ListingChange, ListingText, Structure
from directory.models.actors import ActorTheme
from directory.models.listings import GROUP_BITS

pytestmark = pytest.mark.django_db

COUNT = 200


def listed() -> dict[tuple, dict]:
    """Every row of the listing with its words, by kind and page."""
    vectors = {
        text.listing_id: (text.position, text.everyone, text.members) for text in ListingText.objects.all()
    }
    rows = {}
    for row in Listing.objects.all():
        values = {field.attname: getattr(row, field.attname) for field in Listing._meta.concrete_fields}
        rows[row.kind, row.object_id] = values | {"vectors": vectors.pop(row.pk)}
    assert not vectors
    return rows


def test_the_listing_is_what_refreshing_each_page_writes():
    fabricate(COUNT)
    before = listed()
    for page in [*Actor.objects.all(), *Structure.objects.all()]:
        listings.refresh(page)
    assert listed() == before
    assert Actor.objects.count() == COUNT
    assert Structure.objects.count() == COUNT // 5


def test_it_is_the_same_each_time():
    fabricate(20)
    first = [model_to_dict(actor, exclude=["id", "user", "slug"]) for actor in Actor.objects.order_by("pk")]
    ids = list(Actor.objects.values_list("pk", flat=True))
    fabricate(20)
    again = [
        model_to_dict(actor, exclude=["id", "user", "slug"])
        for actor in Actor.objects.exclude(pk__in=ids).order_by("pk")
    ]
    assert again == first


def test_no_theme_without_the_consent_that_goes_with_it():
    fabricate(COUNT)
    assert ActorTheme.objects.exists()
    for actor in Actor.objects.filter(actor_themes__isnull=False).distinct():
        circles = {Audience.EVERYONE: {"everyone"}, Audience.MEMBERS: {"members"}, Audience.ME: set()}
        assert granted_purposes(actor.user) == {"store"} | circles[Audience(actor.themes_audience)]


def test_processes_are_told_and_common_and_rare_words_are_there():
    current_index()
    fabricate(COUNT)
    assert ListingChange.objects.filter(position=ListingChange.EVERYTHING).exists()
    index = current_index()
    assert len(Selection(index, Audience.TEAM)) == Listing.objects.count()
    common = search(index, COMMON_WORD, Audience.TEAM)
    assert COUNT * 0.2 < len(common.positions) < COUNT * 0.6
    assert len(search(index, bulk_fragments().rare_surnames[0], Audience.EVERYONE).positions) == 1


def test_positions_are_given_once_and_group_by_group():
    size = 2**GROUP_BITS
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE directory_listing_positions RESTART WITH 1")
        cursor.execute(listings.NEXT_POSITIONS, [2 * size])
        given = [row[0] for row in cursor.fetchall()]
    assert set(given[: size - 1]) == set(range(1, size))
    assert len(set(given)) == 2 * size
    assert max(given) < 2 * size + 1
    assert given[:200] != sorted(given[:200])
