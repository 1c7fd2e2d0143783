"""The map shows exactly what the list holds, to each viewer; one page of it, and only one, may be framed."""

from __future__ import annotations

import random
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from accounts.audience import Audience
from directory import actions
from directory.frames import around, frame_of, opening, written
from directory.index import forget_index, grid
from territories.models import Territory
from tests import makers

pytestmark = pytest.mark.django_db

PLACES = ["com-09261", "com-09122", "com-31555", "com-75056", "com-97411"]
DATA = "/carte/donnees.geojson"


@pytest.fixture
def crowd():
    """Forty people in every circle and twelve structures, over the mainland and La Réunion."""
    draw = random.Random(11)
    roles = ["patient-partenaire", "proche-aidant", "professionnel-partenaire"]
    for number in range(40):
        shared = draw.choice([(), ("store", "members"), ("store", "everyone")])
        makers.actor(
            last_name=f"Rivedouce{number}",
            place=draw.choice(PLACES),
            audience=draw.choice(list(Audience)),
            consents=shared,
            themes=("diabete",) if shared else (),
            terms=makers.terms(role=draw.choice(roles)),
        )
    for number in range(12):
        makers.structure(name=f"Maison {number}", place=draw.choice(PLACES))
    return draw


def on_the_map(client: Client, query: str, zoom: int = 17, box: str = "") -> dict:
    response = client.get(f"{DATA}?{query}&zoom={zoom}" + (f"&bbox={box}" if box else ""))
    assert response.status_code == 200, response.content
    return response.json()


def items(collection: dict) -> list[tuple[str, str]]:
    properties = [feature["properties"] for feature in collection["features"]]
    return [(each["kind"], each["id"]) for each in properties if "count" not in each]


def in_the_list(client: Client, query: str) -> list[tuple[str, str]]:
    """What all the pages of the list beside the map hold, read from the page itself."""
    found: list[tuple[str, str]] = []
    number, pages = 1, 1
    while number <= pages:
        page = client.get(f"/carte/?{query}&page={number}").context["page"]
        found += [(card.listing.kind, card.listing.slug) for card in page.cards]
        number, pages = number + 1, page.pages
    return found


def questions(draw: random.Random, count: int) -> list[str]:
    # A territory or what is around a commune: both at once is refused.
    places = ["dep-09", "dep-31", "reg-76", "com-09122", "epci-200067940"]
    choices = {
        "place": ["", *(f"territoire={ref}" for ref in places), "autour=com-09261", "autour=com-09261"],
        "role": ["", "patient-partenaire", "proche-aidant"],
        "theme": ["", "", "diabete", "cancer"],
        "nature": ["", "", "acteur", "structure"],
        "q": ["", "", "", "maison", "rivedouce"],
        "tri": ["", "nom"],
    }
    drawn = [{name: draw.choice(values) for name, values in choices.items()} for _ in range(count)]
    return [
        "&".join(filter(None, [each.pop("place"), urlencode({k: v for k, v in each.items() if v})]))
        for each in drawn
    ]


@pytest.mark.parametrize("viewer", ["visitor", "member", "team"])
def test_the_map_and_the_list_hold_the_same(crowd, as_viewer, viewer):
    client = as_viewer(viewer)
    some = 0
    for query in questions(crowd, 34):
        collection = on_the_map(client, query)
        listed = in_the_list(client, query)
        assert sorted(items(collection)) == sorted(listed), query
        assert collection["total"] == len(listed)
        some += bool(listed)
    assert some > 5


@pytest.mark.parametrize("viewer", ["visitor", "team"])
def test_clusters_and_items_add_up_in_any_frame(crowd, as_viewer, viewer):
    client = as_viewer(viewer)
    for _ in range(25):
        west, south = crowd.uniform(-6, 5), crowd.uniform(41, 50)
        box = written((west, south, west + crowd.uniform(0.01, 9), south + crowd.uniform(0.01, 9)))
        collection = on_the_map(client, "", crowd.randint(0, 18), box)
        counts = [feature["properties"].get("count", 1) for feature in collection["features"]]
        assert sum(counts) == collection["total"] == client.get(f"/carte/?bbox={box}").context["page"].total


def test_the_whole_country_adds_up_at_every_zoom(crowd, as_viewer):
    client = as_viewer("team")
    totals = set()
    for zoom in range(19):
        collection = on_the_map(client, "", zoom)
        counts = [feature["properties"].get("count", 1) for feature in collection["features"]]
        totals.add((sum(counts), collection["total"]))
    assert len(totals) == 1
    assert totals.pop()[0] == len(in_the_list(client, ""))


def test_a_cluster_leads_nearer_or_to_the_list_of_its_commune(crowd, as_viewer):
    client = as_viewer("team")
    for zoom in (6, 11):
        clusters = [
            f["properties"] for f in on_the_map(client, "", zoom)["features"] if "count" in f["properties"]
        ]
        assert clusters
        for cluster in clusters:
            if cluster["bbox"]:
                west, south, east, north = cluster["bbox"]
                assert west <= east
                assert south <= north
            else:
                assert Territory.objects.by_ref(cluster["territoire"]).label == cluster["name"]


def test_a_cluster_opens_on_what_it_holds_and_nothing_else(as_viewer):
    far, near = makers.actor(place="com-09261").commune, makers.actor(place="com-09122").commune
    makers.structure(place="com-09122")
    collection = on_the_map(as_viewer("team"), "nature=acteur", 5)
    (cluster,) = collection["features"]
    lons, lats = [far.lon, near.lon], [far.lat, near.lat]
    frame = [min(lons), min(lats), max(lons), max(lats)]
    assert cluster["properties"] == {"count": 2, "bbox": pytest.approx(frame, abs=1e-4)}
    assert collection["everywhere"] == {"count": 2, "bbox": pytest.approx(frame, abs=1e-4)}


def test_alone_in_its_cell_a_thing_is_where_it_is(as_viewer):
    makers.structure(place="com-09261")
    alone = makers.actor(place="com-09122").commune
    (feature,) = on_the_map(as_viewer("team"), "nature=acteur", 5)["features"]
    assert feature["geometry"]["coordinates"] == pytest.approx([alone.lon, alone.lat], abs=1e-4)


def test_few_or_many_a_cluster_has_the_same_frame(crowd, as_viewer, monkeypatch):
    client = as_viewer("team")
    few = [on_the_map(client, query, zoom) for query in ("", "nature=structure") for zoom in (3, 6, 9, 11)]
    monkeypatch.setattr(grid, "FEW_POSITIONS", 0)
    many = [on_the_map(client, query, zoom) for query in ("", "nature=structure") for zoom in (3, 6, 9, 11)]
    assert few == many


def test_who_moves_is_framed_where_she_is_now(as_viewer):
    client, mover = as_viewer("team"), makers.actor(place="com-09261")
    makers.actor(place="com-09122")
    on_the_map(client, "", 5)
    mover.commune = makers.commune("com-31555")
    mover.save()
    actions.set_audience(mover, Audience.EVERYONE)
    moved = on_the_map(client, "", 5)
    forget_index()
    assert moved == on_the_map(client, "", 5)


def test_a_view_says_what_lies_outside_it(crowd, as_viewer):
    client = as_viewer("team")
    for query in ("", "nature=structure"):
        collection = on_the_map(client, query, 8, written(frame_of(Territory.objects.by_ref("dep-09"))))
        assert collection["total"] < collection["everywhere"]["count"] == len(in_the_list(client, query))
        box = ",".join(map(str, collection["everywhere"]["bbox"]))
        assert on_the_map(client, query, 3, box)["total"] == collection["everywhere"]["count"]
    nowhere = on_the_map(client, "q=zzyzx")
    assert nowhere["everywhere"] == {"count": 0, "bbox": None}


@pytest.mark.parametrize("zoom", [0, 5, 9, 11, 14, 18])
def test_more_points_than_can_be_drawn_are_gathered_not_dropped(as_viewer, monkeypatch, zoom):
    monkeypatch.setattr("directory.map.MAX_CELLS", 3)
    for place in [*PLACES, "com-09122"]:
        makers.actor(place=place)
    collection = on_the_map(as_viewer("team"), "", zoom)
    counts = [feature["properties"].get("count", 1) for feature in collection["features"]]
    assert sum(counts) == collection["total"] == 6


def test_an_item_says_what_its_card_says(as_viewer):
    shown = makers.actor(last_name="Clairval", terms=makers.terms(role="proche-aidant"))
    feature = on_the_map(as_viewer("visitor"), "")["features"][0]
    assert feature["geometry"]["coordinates"] == pytest.approx(
        [shown.commune.lon, shown.commune.lat], abs=1e-4
    )
    properties = feature["properties"]
    assert properties["name"] == str(shown)
    assert properties["url"] == f"/acteurs/{shown.slug}/"
    assert properties["mark"] == "user"
    assert properties["place"] == shown.commune.name


@pytest.mark.parametrize(
    "query",
    [
        "bbox=nan,inf,1,2",
        "bbox=1,2,3",
        "bbox=3,2,1,4",
        "bbox=,,,",
        "bbox=1e400,2,3,4",
        "bbox=-181,0,0,1",
        "bbox=" + "9" * 5000,
        "bbox=a&zoom=b",
        "territoire=dep-00",
        "territoire=💚",
        "autour=dep-09",
        "km=-1&autour=com-09122",
        "theme=inconnu",
        "nature=licorne",
        "tri=__regex",
        "zoom=abc",
        "zoom=-1",
        "zoom=1e9",
        "zoom=nan",
        "zoom=²",
        "zoom=6.5",
        "zoom=" + "9" * 5000,
    ],
)
def test_what_cannot_be_understood_is_refused_in_words(query):
    response = Client(raise_request_exception=False).get(f"{DATA}?{query}")
    assert response.status_code == 400
    assert response.json()["errors"]


@pytest.mark.parametrize("zoom", ["", "99", "999999", "6", "0"])
def test_any_zoom_gets_a_map(zoom):
    makers.actor()
    response = Client(raise_request_exception=False).get(DATA, {"zoom": zoom})
    assert response.status_code == 200
    assert response.json()["type"] == "FeatureCollection"


def test_data_costs_the_same_queries_for_one_and_for_many(as_viewer, django_assert_num_queries):
    client = as_viewer("visitor")
    makers.actor()
    on_the_map(client, "")
    with django_assert_num_queries(2):
        on_the_map(client, "")
    for _ in range(3):
        makers.actor(place="com-31555")
    on_the_map(client, "")
    with django_assert_num_queries(2):
        on_the_map(client, "")


# Where it opens ---------------------------------------------------------------------------------------


def test_a_map_opens_on_the_place_asked_for():
    ariege, foix = Territory.objects.by_ref("dep-09"), Territory.objects.by_ref("com-09122")
    assert opening({}) is None
    assert opening({"territoire": ariege}) == frame_of(ariege)
    assert opening({"territoire": ariege, "bbox": (1, 2, 3, 4)}) == (1, 2, 3, 4)
    west, south, east, north = opening({"autour": foix, "km": 50})
    assert west < foix.lon < east
    assert (north - south) * 111.2 == pytest.approx(100)
    assert opening({"autour": foix}) == around(foix, 20)


def test_a_frame_is_written_the_same_in_every_language(settings):
    for language in ("fr", "en"):
        settings.LANGUAGE_CODE = language
        page = (
            Client(headers={"Accept-Language": language})
            .get("/carte/?bbox=0.5,42.25,1.75,43")
            .content.decode()
        )
        assert 'data-frame="0.50000,42.25000,1.75000,43.00000"' in page


def test_an_address_that_is_not_understood_opens_an_empty_page_that_says_so():
    response = Client().get("/carte/?territoire=dep-00")
    assert response.status_code == 200
    assert response.context["page"].total == 0
    assert "Ce lieu n’existe pas" in response.content.decode()


def test_the_map_names_its_tiles_where_the_site_has_a_server(settings):
    settings.MAP_TILE_URL = "https://tiles.example.org/{z}/{x}/{y}.png"
    settings.MAP_TILE_ATTRIBUTION = "© <b>Exemple</b> https://tiles.example.org/"
    page = Client().get("/carte/").content.decode()
    assert 'data-tiles="https://tiles.example.org/{z}/{x}/{y}.png"' in page
    assert "&lt;b&gt;Exemple&lt;/b&gt;" in page


# Framed by others -------------------------------------------------------------------------------------


def plain_addresses() -> list[str]:
    found = []
    for name in {key for key in get_resolver().reverse_dict if isinstance(key, str)}:
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    return sorted(found)


def test_the_embedded_map_may_be_framed_and_nothing_else_may():
    makers.actor()
    client = Client(raise_request_exception=False)
    framable = set()
    for address in [*plain_addresses(), "/acteurs/inconnu/", "/territoires/dep-09/", "/nulle-part/"]:
        response = client.get(address)
        policy = response.headers.get("Content-Security-Policy", "")
        refused = response.headers.get("X-Frame-Options") == "DENY" and "frame-ancestors 'none'" in policy
        if not refused:
            framable.add(address)
    assert framable == {"/carte/integrer/"}
    response = client.get("/carte/integrer/")
    assert "X-Frame-Options" not in response.headers
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "'none' *" not in response.headers["Content-Security-Policy"]


def test_the_embedded_map_shows_what_everyone_may_see_even_to_the_team(as_viewer):
    shown = makers.actor(first_name="Zoé")
    hidden = makers.actor(first_name="Anatole", audience=Audience.MEMBERS)
    page = as_viewer("team").get("/carte/integrer/").content.decode()
    assert str(shown) in page
    assert str(hidden) not in page
    assert "data-embedded" in page
    assert "csrf" not in page.lower()


def test_the_embedded_map_leads_to_the_full_one_in_another_tab():
    page = Client().get("/carte/integrer/?territoire=dep-09&q=écoute").content.decode()
    assert 'href="/carte/?territoire=dep-09&amp;q=%C3%A9coute" target="_blank" rel="noopener"' in page
    assert "<form" not in page
