"""The search box, the contours and the index: open to everyone, cheap, never broken by what is asked."""

import json
from urllib.parse import quote

import pytest
from django.test import Client

from territories.actions import compose_health_territory
from territories.models import Territory

pytestmark = pytest.mark.django_db


def test_search_box(client):
    response = client.get("/territoires/recherche/?q=st+girons")
    assert response.json()["results"][0] == {
        "ref": "com-09261",
        "name": "Saint-Girons",
        "label": "Saint-Girons (09)",
        "detail": "Commune · Ariège",
        "url": "/territoires/com-09261/",
    }
    assert "public" in response["Cache-Control"]


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20%20", "?x=foix"])
def test_an_empty_search_finds_nothing(client, query):
    assert client.get(f"/territoires/recherche/{query}").json() == {"results": []}


def test_search_box_costs_one_query_even_signed_in(as_viewer, django_assert_num_queries):
    with django_assert_num_queries(1):
        Client().get("/territoires/recherche/?q=foix")


@pytest.mark.parametrize(
    "text",
    [
        "'",
        '"',
        "\\",
        "%",
        "%%s",
        "%(key)s",
        "a" * 3000,
        "\u202e",
        "🙂",
        "\ud7ff",
        "2a ",
        "1 2 3",
        "((",
        "-" * 99,
    ],
)
def test_junk_is_no_error(client, text):
    assert client.get(f"/territoires/recherche/?q={quote(text)}").status_code == 200
    assert client.get(f"/territoires/?q={quote(text)}").status_code == 200


def test_nul_is_refused(client):
    assert client.get("/territoires/recherche/?q=%00").status_code == 400


def test_only_reading(client):
    assert client.post("/territoires/recherche/").status_code == 405


def test_contours_of_a_level(client):
    response = client.get("/territoires/contours/dep.geojson")
    assert response["Content-Type"] == "application/geo+json"
    collection = json.loads(response.content)
    assert collection["type"] == "FeatureCollection"
    features = {feature["id"]: feature for feature in collection["features"]}
    assert len(features) == 11
    assert features["dep-09"]["properties"] == {"name": "Ariège"}
    assert features["dep-09"]["geometry"]["type"] == "MultiPolygon"


def test_contours_inside_and_around(client):
    def ids(url):
        return [feature["id"] for feature in json.loads(client.get(url).content)["features"]]

    assert "epci-200067940" in ids("/territoires/contours/epci.geojson?dans=dep-09")
    assert "epci-243100567" in ids("/territoires/contours/epci.geojson?dans=dep-11")
    assert ids("/territoires/contours/epci.geojson?dans=epci-200067940") == ["epci-200067940"]
    assert ids("/territoires/contours/dep.geojson?dans=com-09261") == ["dep-09"]
    assert ids("/territoires/contours/reg.geojson?dans=dep-987") == []


def test_contours_refuse_in_words(client):
    for url, status in [
        ("/territoires/contours/epci.geojson", 400),
        ("/territoires/contours/epci.geojson?dans=dep-00", 404),
        ("/territoires/contours/epci.geojson?dans=junk", 404),
        ("/territoires/contours/com.geojson", 404),
        ("/territoires/contours/xxx.geojson", 404),
    ]:
        response = client.get(url)
        assert response.status_code == status
        assert response.json()["error"].endswith((".", "dep-09."))


def test_contours_are_kept_by_the_browser(client):
    url = "/territoires/contours/reg.geojson"
    first = client.get(url)
    assert first["Cache-Control"] == "public, max-age=86400" or "max-age=86400" in first["Cache-Control"]
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    weak = client.get(url, headers={"If-None-Match": f"W/{first['ETag']}"})
    assert weak.status_code == 304


def test_index_lists_regions_and_health_territories(client):
    compose_health_territory(
        name="CPTS d’essai", kind="cpts", code="essai", communes=[Territory.objects.by_ref("com-09122")]
    )
    page = client.get("/territoires/").content.decode()
    for text in ("Occitanie", "/territoires/dep-09/", "CPTS d’essai", "Polynésie française"):
        assert text in page
    assert "⟦undefined" not in page


def test_index_searches_without_a_script(client):
    page = client.get("/territoires/?q=tarascon").content.decode()
    assert "/territoires/com-13108/" in page
    assert "/territoires/com-09306/" in page
    assert "Aucun territoire" in client.get("/territoires/?q=zzzzzz").content.decode()


def test_index_costs_the_same_for_one_and_three_health_territories(client, django_assert_num_queries):
    foix = Territory.objects.by_ref("com-09122")
    compose_health_territory(name="A", kind="cpts", code="a", communes=[foix])
    client.get("/territoires/")
    with django_assert_num_queries(4):
        client.get("/territoires/")
    compose_health_territory(name="B", kind="cpts", code="b", communes=[foix])
    compose_health_territory(name="C", kind="ght", code="c", communes=[foix])
    with django_assert_num_queries(4):
        client.get("/territoires/")
