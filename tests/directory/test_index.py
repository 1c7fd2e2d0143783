"""The index against a reading of the tables that shares nothing with it: same results, same counts."""

from __future__ import annotations

import random

import pytest
from django.http import QueryDict

from accounts.audience import Audience
from directory import actions
from directory.filters import DirectoryFilter
from directory.index import CLEARANCES, Selection, current_index, forget_index
from directory.models import Actor, Listing, Structure, Term
from directory.pages import ResultPage
from territories.models import Containment, Territory
from tests import makers

pytestmark = pytest.mark.django_db

PLACES = ["com-09261", "com-09122", "com-31555", "com-75056", "com-97411"]
ROLES = ["patient-partenaire", "proche-aidant", "professionnel-partenaire", "representant-usagers"]
THEMES = ["diabete", "cancer", "sante-mentale"]


def names(query: str, clearance: Audience, kind: str | None = "acteur") -> set[str]:
    """The names of what an address selects, through the code under test, every page of it."""
    selection = Selection(current_index(), clearance)
    if kind:
        selection = selection.of_kind([kind])
    params = QueryDict(query)
    filterset = DirectoryFilter(params, selection)
    page = ResultPage(filterset, params)
    found: list[str] = []
    for number in range(1, page.pages + 1):
        found += [card.listing.name for card in ResultPage(filterset, params, number).cards]
    assert len(found) == len(set(found)) == page.total
    return set(found)


@pytest.fixture
def crowd():
    """Sixty people drawn at random, and a few structures with zones of action."""
    draw = random.Random(7)
    for number in range(60):
        consents = draw.choice([(), ("store",), ("store", "members"), ("store", "everyone"), ("everyone",)])
        makers.actor(
            first_name="Camille",
            last_name=f"Rivedouce{number}",
            name_style="full",
            place=draw.choice(PLACES),
            audience=draw.choice(list(Audience)),
            consents=consents,
            themes=tuple(draw.sample(THEMES, 2)) if "store" in consents else (),
            terms=list(
                Term.objects.filter(vocabulary="role", slug__in=draw.sample(ROLES, draw.randint(1, 2)))
            ),
            published=draw.random() > 0.1,
        )
    makers.structure(
        name="Maison du département", place="com-09122", zones=[Territory.objects.by_ref("dep-09")]
    )
    makers.structure(
        name="Agence de la région", place="com-31555", zones=[Territory.objects.by_ref("reg-76")]
    )
    makers.structure(name="Clinique voisine", place="com-31555")
    return draw


def expected(
    clearance: Audience, role: str = "", theme: str = "", place: Territory | None = None
) -> set[str]:
    """The same question asked of the tables, row by row, in plain Python."""
    kept = set()
    for actor in Actor.objects.filter(status="published"):
        roles = set(actor.actor_terms.values_list("term__slug", flat=True))
        themes = set(actor.actor_themes.values_list("theme__slug", flat=True))
        granted = {}
        for consent in actor.user.consents.order_by("pk"):
            granted[consent.purpose] = consent.granted
        if granted.get("everyone"):
            circle = Audience.EVERYONE
        elif granted.get("members"):
            circle = Audience.MEMBERS
        else:
            circle = Audience.ME
        inside = place is None or Containment.objects.filter(outer=place, inner=actor.commune).exists()
        if (
            actor.audience <= clearance
            and (not role or role in roles)
            and (not theme or (theme in themes and granted.get("store") and circle <= clearance))
            and (inside or actor.commune == place)
        ):
            kept.add(actor.display_name)
    return kept


def test_every_circle_gets_what_the_tables_say(crowd):
    assert {circle: names("", circle) for circle in CLEARANCES} == {
        circle: expected(circle) for circle in CLEARANCES
    }


def test_filters_combine_as_the_tables_say(crowd):
    for _ in range(40):
        role, theme = crowd.choice([*ROLES, ""]), crowd.choice([*THEMES, ""])
        ref = crowd.choice([*PLACES, "dep-09", "reg-76", "dep-31", ""])
        circle = crowd.choice(CLEARANCES)
        query = "&".join(
            f"{k}={v}" for k, v in {"role": role, "theme": theme, "territoire": ref}.items() if v
        )
        place = Territory.objects.by_ref(ref) if ref else None
        assert names(query, circle) == expected(circle, role, theme, place), (query, circle)


def test_facets_count_what_one_would_get(crowd):
    for circle in CLEARANCES:
        selection = Selection(current_index(), circle).of_kind(["acteur"])
        themes = {term.slug: term.pk for term in Term.objects.filter(vocabulary="theme")}
        counts = selection.facet("theme", themes.values())
        assert {slug: counts[themes[slug]] for slug in THEMES} == {
            slug: len(expected(circle, theme=slug)) for slug in THEMES
        }


def test_a_facet_keeps_the_other_dimensions_and_frees_its_own(crowd):
    role, theme = makers.terms(role="proche-aidant", theme="diabete")
    selection = Selection(current_index(), Audience.TEAM).of_kind(["acteur"])
    selection = selection.having("theme", [theme.pk]).having("role", [role.pk])
    other = Term.objects.get(vocabulary="role", slug="patient-partenaire")
    assert selection.facet("role", [other.pk]) == {
        other.pk: len(expected(Audience.TEAM, role="patient-partenaire", theme="diabete"))
    }


def test_following_changes_equals_building_anew(crowd):
    index = current_index()
    for actor in Actor.objects.all()[:12]:
        actions.set_audience(actor, crowd.choice(list(Audience)))
    for actor in Actor.objects.all()[12:18]:
        actions.withdraw(actor)
    for structure in Structure.objects.all()[:1]:
        actions.withdraw(structure)
    makers.actor(place="com-97411", first_name="Zoé", last_name="Nouvelle", name_style="full")
    followed = {circle: (names("", circle), names("theme=diabete", circle)) for circle in CLEARANCES}
    assert current_index() is index
    forget_index()
    assert followed == {circle: (names("", circle), names("theme=diabete", circle)) for circle in CLEARANCES}


def test_territory_finds_inside_and_covering_and_says_which(crowd):
    params = QueryDict("territoire=com-09122")
    selection = Selection(current_index(), Audience.EVERYONE).of_kind(["structure"])
    page = ResultPage(DirectoryFilter(params, selection), params)
    assert [(card.listing.name, card.covers) for card in page.cards] == [
        ("Maison du département", False),
        ("Agence de la région", True),
    ]


def test_a_zone_inside_the_territory_counts_as_inside(crowd):
    assert names("territoire=reg-76", Audience.EVERYONE, "structure") == {
        "Maison du département",
        "Agence de la région",
        "Clinique voisine",
    }


def test_radius_orders_by_distance(crowd):
    params = QueryDict("autour=com-09261&km=150")
    selection = Selection(current_index(), Audience.TEAM).of_kind(["acteur"])
    communes = [
        card.listing.commune.ref for card in ResultPage(DirectoryFilter(params, selection), params).cards
    ]
    order = ["com-09261", "com-09122", "com-31555"]
    assert communes == sorted(communes, key=order.index)
    assert set(communes) <= set(order)


def test_the_order_changes_with_the_day_and_loses_nobody(crowd):
    selection = Selection(current_index(), Audience.TEAM)
    orders = [selection.walk(0, len(selection), first) for first in (0, 2**14, 2**15)]
    assert len({tuple(order) for order in orders}) > 1
    assert {tuple(sorted(order)) for order in orders} == {tuple(sorted(selection.positions))}


def test_pages_are_slices_of_one_order(crowd):
    selection = Selection(current_index(), Audience.TEAM)
    whole = selection.walk(0, len(selection))
    assert [position for start in range(0, len(whole), 7) for position in selection.walk(start, 7)] == whole


def test_listing_never_holds_themes_nobody_may_see(crowd):
    hidden = Actor.objects.filter(themes_audience=Audience.ME, actor_themes__isnull=False).values("pk")
    rows = Listing.objects.filter(kind="acteur", object_id__in=hidden)
    assert rows.exists()
    assert [row.name for row in rows if row.themes] == []
