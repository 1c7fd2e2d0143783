"""What an address asks and what is said back: doubts, refusals, ways on."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from accounts.audience import Audience
from directory.index import current_index
from directory.index.text import search
from directory.models import Listing
from portal.models import Instance
from territories.models import Territory
from tests import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def few():
    """Three people of Foix, a structure."""
    for number in range(3):
        makers.actor(last_name=f"Aubevive{number}", name_style="full", place="com-09122")
    makers.structure(place="com-09122")


@pytest.mark.parametrize(
    ("typed", "ref"),
    [
        ("st girons", "com-09261"),
        ("Saint-Girons", "com-09261"),
        ("foix", "com-09122"),
        ("toulouse", "com-31555"),
        ("tarascon (09)", "com-09306"),
        ("haute garonne 31", "dep-31"),
    ],
)
def test_a_place_that_can_only_be_one_is_gone_to(client, typed, ref):
    assert urlsplit(client.get("/acteurs/", {"lieu": typed}).url).query == f"territoire={ref}"


def test_a_name_that_others_begin_with_is_asked_about_and_the_distance_kept(client):
    response = client.get("/acteurs/?lieu=tarascon&km=50&q=&tri=")
    assert response.status_code == 200
    assert [place.label for place, _ in response.context["places"]][:2] == [
        "Tarascon (13)",
        "Tarascon-sur-Ariège (09)",
    ]
    assert response.context["places"][0][1] == "?km=50&autour=com-13108"
    assert response.context["km"] == 50


def test_a_place_in_doubt_is_first_sought_in_the_region_of_the_site(client):
    Instance.objects.create(name="Ici", short_name="Ici", region=Territory.objects.by_ref("reg-76"))
    response = client.get("/acteurs/?lieu=tarascon")
    places = [place.label for place, _ in response.context["places"]]
    assert places[0] == "Tarascon-sur-Ariège (09)"
    outside = places.index("Tarascon (13)")
    region = Territory.objects.by_ref("reg-76")
    ours = Territory.objects.inside(region)
    assert [place in ours for place, _ in response.context["places"]] == [True] * outside + [False] * (
        len(places) - outside
    )


def test_one_bad_filter_leaves_the_others_on_screen(few, client):
    response = client.get("/acteurs/?territoire=dep-09&role=zzz&role=patient-partenaire&q=")
    assert response.context["page"].total == 0
    assert response.context["place"] == Territory.objects.by_ref("dep-09")
    assert [chip.label for chip in response.context["chips"]] == ["Ariège", "Patient ou patiente partenaire"]
    assert [facet.name for facet in response.context["facets"] if facet.selected] == ["role"]
    (problem,) = response.context["problems"]
    assert (problem.label, problem.message) == ("Rôle", "« zzz » n’est pas un choix de ce filtre.")
    assert problem.message in response.text
    assert response.context["mended"] == "?territoire=dep-09&role=patient-partenaire"
    assert 'href="/acteurs/?territoire=dep-09&amp;role=patient-partenaire"' in response.text


def test_the_framed_map_names_the_filter_that_is_not_understood(few, client):
    response = client.get("/carte/integrer/?role=zzz")
    assert "Rôle : « zzz » n’est pas un choix de ce filtre." in response.text
    assert response.context["page"].total == 0


def test_what_excludes_one_another_is_said(client):
    response = client.get("/acteurs/?territoire=dep-09&autour=com-09122&km=20")
    assert "pas les deux à la fois" in response.text
    assert response.context["mended"] == "?territoire=dep-09"


def test_a_distance_without_a_place_is_said_not_to_count(few, client):
    response = client.get("/acteurs/?km=20")
    assert response.context["page"].total == 3
    assert "choisissez un lieu" in response.text


def test_the_export_says_why_it_refuses(client):
    response = client.get("/structures/export.csv?categorie=zz&territoire=dep-09")
    assert response.status_code == 400
    assert "« zz » n’est pas un choix de ce filtre." in response.text
    assert 'href="/structures/?territoire=dep-09"' in response.text


@pytest.mark.parametrize("text", ["le", "d'", "de la", "&&"])
def test_words_too_common_to_be_searched_are_said_so(few, client, text):
    response = client.get("/acteurs/", {"q": text})
    assert response.context["filterset"].hits.unsearchable
    assert "trop court ou trop courant" in response.text
    assert "trop court" not in client.get("/acteurs/?q=xyzzyxqq").text


def test_look_alikes_are_those_the_reader_may_see_the_nearest_first(monkeypatch):
    monkeypatch.setattr("directory.index.text.ALIKE_CAP", 1)
    for audience in [Audience.TEAM, Audience.TEAM, Audience.EVERYONE]:
        makers.actor(last_name="Rivedouce", name_style="full", audience=audience)
    assert len(search(current_index(), "rivedoux", Audience.EVERYONE).positions) == 1
    for last_name in ["Clairvalon", "Clairvallons", "Clairvalin"]:
        makers.actor(last_name=last_name, name_style="full")
    (nearest,) = search(current_index(), "clairvaloni", Audience.EVERYONE).positions
    assert Listing.objects.get(position=nearest).name.endswith("Clairvalon")


def test_few_results_offer_larger_places(few, client):
    offered = client.get("/acteurs/?territoire=com-09122")
    assert offered.context["page"].total == 3
    assert "Peu de résultats ici" in offered.text
    assert 'href="?territoire=dep-09"' in offered.text
    for number in range(2):
        makers.actor(last_name=f"Autre{number}", place="com-09122")
    assert "Peu de résultats ici" not in client.get("/acteurs/?territoire=com-09122").text


@pytest.mark.parametrize(
    ("url", "left_out"),
    [
        ("/acteurs/", True),
        ("/acteurs/?page=2", True),
        ("/structures/", False),
        ("/structures/?q=&km=", False),
        ("/structures/?page=2", False),
        ("/structures/?territoire=dep-09", True),
    ],
)
def test_search_engines_leave_people_and_filtered_lists(few, client, url, left_out):
    assert ('<meta name="robots" content="noindex">' in client.get(url).text) is left_out
