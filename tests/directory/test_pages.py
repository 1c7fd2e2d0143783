"""The lists and the pages of people and structures, as each reader gets them."""

from __future__ import annotations

import csv
import io
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.html import Element, parse_html
from django.test.utils import CaptureQueriesContext

from accounts.audience import Audience
from directory import actions
from directory.models import Listing
from directory.pages import PageLink
from territories.models import Territory
from tests import makers
from tests.conftest import VIEWERS, say_why

pytestmark = pytest.mark.django_db

LISTS = ["/acteurs/", "/structures/"]
#: The narrowest circle each kind of viewer reads.
CLEARANCE = {
    "visitor": Audience.EVERYONE,
    "member": Audience.MEMBERS,
    "professional": Audience.PROFESSIONALS,
    "referent": Audience.MEMBERS,
    "ambassador": Audience.MEMBERS,
    "team": Audience.TEAM,
    "admin": Audience.TEAM,
}


def by_id(node: Element, wanted: str) -> Element | None:
    """The element of this id."""
    if dict(node.attributes).get("id") == wanted:
        return node
    found = (by_id(child, wanted) for child in node.children if isinstance(child, Element))
    return next((each for each in found if each is not None), None)


def part(response, wanted: str) -> Element:
    found = by_id(parse_html(response.text), wanted)
    assert found is not None, wanted
    return found


def names(response) -> list[str]:
    return [card.listing.name for card in response.context["page"].cards]


@pytest.fixture
def crowd():
    """Twenty-four people of every circle, some structures that cover the Ariège from elsewhere."""
    for number in range(24):
        makers.actor(
            last_name=f"Aubevive{number}",
            name_style="full",
            place=["com-09261", "com-09122", "com-31555"][number % 3],
            consents=("store", "everyone"),
            themes=("diabete",),
        )
    for number in range(3):
        makers.structure(name=f"Maison {number}", place="com-09122")
    makers.structure(name="Agence voisine", place="com-31555", zones=[Territory.objects.by_ref("dep-09")])


QUERIES = [
    "",
    "territoire=dep-09",
    "territoire=com-09122",
    "autour=com-09122&km=50",
    "q=Aubevive&tri=nom",
    "q=dyabete",
    "theme=diabete&role=patient-partenaire&page=2",
    "role=inconnu",
    "lieu=09200",
    "lieu=nulle-part-du-tout",
    "q=rien-de-tel&territoire=com-09122",
]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("query", QUERIES)
def test_what_htmx_gets_is_what_the_page_shows(crowd, client, path, query):
    fresh = client.get(f"{path}?{query}")
    swapped = client.get(f"{path}?{query}", headers={"HX-Request": "true"})
    assert fresh.status_code == swapped.status_code == 200
    assert part(swapped, "results") == part(fresh, "results")
    assert "<html" not in swapped.text
    fields, again = part(fresh, "champs"), part(swapped, "champs")
    again.attributes = [pair for pair in again.attributes if pair[0] != "hx-swap-oob"]
    assert again == fields


def queries(url: str, client: Client) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/acteurs/", 2),
        ("/structures/", 2),
        ("/acteurs/?territoire=dep-09&theme=diabete", 4),
        ("/structures/?autour=com-09122&km=30", 3),
        ("/acteurs/?q=diabete", 4),
        ("/acteurs/?tri=nom", 3),
    ],
)
def test_a_list_asks_the_same_of_the_database_for_one_row_and_for_three(url, expected):
    def grow(count: int) -> None:
        for number in range(count):
            makers.actor(consents=("store", "everyone"), themes=("diabete", "cancer"))
            makers.structure(name=f"Maison {number}")

    grow(1)
    one = queries(url, Client())
    grow(2)
    assert (one, queries(url, Client())) == (expected, expected)


def test_the_page_of_a_person_asks_the_same_for_one_tie_and_for_three():
    person = makers.actor(consents=("store", "everyone"), themes=("diabete",))

    def grow(count: int) -> None:
        for number in range(count):
            actions.join_structure(person, makers.structure(name=f"Maison {number}"), "bénévole")
            person.zones.add(Territory.objects.filter(level="dep").exclude(pk__in=person.zones.all())[0])

    grow(1)
    one = queries(person.get_absolute_url(), Client())
    grow(2)
    assert (one, queries(person.get_absolute_url(), Client())) == (5, 5)


def test_the_page_of_a_structure_asks_the_same_for_one_person_and_for_three():
    house = makers.structure(name="Maison")

    def grow(count: int) -> None:
        for _ in range(count):
            actions.join_structure(makers.actor(), house, "bénévole")

    grow(1)
    one = queries(house.get_absolute_url(), Client())
    grow(2)
    assert (one, queries(house.get_absolute_url(), Client())) == (8, 8)


FIELD_CANARIES = {
    Audience.EVERYONE: ("experience", "canari-pour-tous"),
    Audience.MEMBERS: ("training", "canari-des-membres"),
    Audience.PROFESSIONALS: ("engagements", "canari-des-professionnels"),
    Audience.TEAM: ("interests", "canari-de-l-equipe"),
    Audience.ME: ("phone", "06 99 00 11 22"),
}


@pytest.fixture
def open_person():
    """Someone everyone may see, with one field for each circle."""
    person = makers.actor(texts=dict(FIELD_CANARIES.values()))
    person.audiences = {name: int(circle) for circle, (name, _) in FIELD_CANARIES.items()}
    person.save()
    return person


@pytest.mark.parametrize("viewer", VIEWERS)
def test_each_reads_of_a_page_what_is_meant_for_her_circle(as_viewer, open_person, viewer):
    client = as_viewer(viewer)
    say_why(client, open_person)
    html = client.get(open_person.get_absolute_url()).text
    shown = {circle for circle, (_, canary) in FIELD_CANARIES.items() if canary in html}
    assert shown == {circle for circle in FIELD_CANARIES if circle <= CLEARANCE[viewer]}
    assert "Cette page est la vôtre" not in html


def test_the_owner_reads_everything_and_who_else_does(client, open_person):
    client.force_login(open_person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    html = client.get(open_person.get_absolute_url()).text
    assert all(canary in html for _, canary in FIELD_CANARIES.values())
    assert "Cette page est la vôtre" in html
    for circle in FIELD_CANARIES:
        assert str(circle.label).lower() in html


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("circle", list(Audience))
def test_a_page_hidden_from_a_viewer_does_not_exist(as_viewer, viewer, circle):
    person = makers.actor(audience=circle, texts={"headline": "canari-en-titre"})
    client = as_viewer(viewer)
    seen = circle <= CLEARANCE[viewer]
    assert client.get(person.get_absolute_url()).status_code == (200 if seen else 404)
    assert ("canari-en-titre" in client.get("/acteurs/").text) is seen


@pytest.mark.parametrize("published", [True, False])
def test_a_page_not_published_is_for_its_owner_alone(client, published):
    person, house = makers.actor(published=published), makers.structure(published=published)
    status = 200 if published else 404
    assert client.get(person.get_absolute_url()).status_code == status
    assert client.get(house.get_absolute_url()).status_code == status
    client.force_login(person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(person.get_absolute_url()).status_code == 200
    assert client.get(house.get_absolute_url()).status_code == status


@pytest.mark.parametrize(
    ("consents", "who"),
    [
        (("store",), set()),
        (("store", "members"), {"member", "professional", "referent", "ambassador", "team", "admin"}),
        (("store", "everyone"), set(VIEWERS)),
    ],
)
@pytest.mark.parametrize("viewer", VIEWERS)
def test_health_themes_are_for_those_agreed_to(as_viewer, consents, who, viewer):
    person = makers.actor(consents=consents, themes=("maladies-rares",))
    label = makers.terms(theme="maladies-rares")[0].label
    client = as_viewer(viewer)
    assert (label in client.get(person.get_absolute_url()).text) is (viewer in who)
    assert (label in part(client.get("/acteurs/"), "results").__str__()) is (viewer in who)


def test_people_of_a_structure_are_those_listed_to_the_reader(as_viewer):
    house = makers.structure(name="Maison")
    hidden = makers.actor(first_name="Ysaline", name_style="full", audience=Audience.MEMBERS)
    actions.join_structure(hidden, house, "trésorière-canari")
    visitor, member = (
        as_viewer("visitor").get(house.get_absolute_url()),
        as_viewer("member").get(house.get_absolute_url()),
    )
    assert "Ysaline" not in visitor.text
    assert "trésorière-canari" not in visitor.text
    assert "Ysaline" in member.text
    assert "trésorière-canari" in member.text


def test_search_engines_are_told_to_leave_unless_asked(client):
    person = makers.actor()
    assert '<meta name="robots" content="noindex">' in client.get(person.get_absolute_url()).text
    person.indexed_by_engines = True
    person.save()
    assert "noindex" not in client.get(person.get_absolute_url()).text


def test_someone_in_pause_says_so(client):
    person = makers.actor()
    assert "En pause" not in client.get(person.get_absolute_url()).text
    person.paused = True
    person.save()
    assert "En pause pour le moment" in client.get(person.get_absolute_url()).text


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "role=inconnu&categorie=inconnue",
        "territoire=dep-zz",
        "autour=dep-09",
        "km=abc",
        "km=0",
        "tri=hasard",
        "bbox=1,2",
        "page=abc",
        "page=0",
        "page=-1",
        "page=²",
        "page=1e3",
        "page=" + "9" * 5000,
        "zoom=abc",
        "territoire=dep-09&autour=com-09122",
        "territoire=com-09261&autour=com-09122&km=20",
    ],
)
def test_a_filter_that_cannot_be_understood_shows_nothing(crowd, client, path, query):
    response = client.get(f"{path}?{query}")
    assert response.status_code == 200
    assert names(response) == []
    assert "alert-error" in response.text
    assert "card-title" not in response.text


def test_a_place_typed_without_javascript_is_found(crowd, client):
    found = client.get("/acteurs/?lieu=ariege&q=&km=&territoire=")
    assert (found.status_code, urlsplit(found.url).query) == (302, "territoire=dep-09")
    around = client.get("/acteurs/?lieu=foix&km=20")
    assert urlsplit(around.url).query == "km=20&autour=com-09122"
    assert names(client.get(f"/acteurs/{around.url}"))


def test_a_distance_around_a_commune_chosen_in_the_box(client):
    response = client.get("/acteurs/?territoire=com-09122&km=20")
    assert urlsplit(response.url).query == "km=20&autour=com-09122"
    swapped = client.get("/acteurs/?territoire=com-09122&km=20", headers={"HX-Request": "true"})
    assert swapped.url == response.url


def test_a_distance_around_anything_larger_is_said_not_to_count(crowd, client):
    response = client.get("/acteurs/?territoire=dep-09&km=20")
    assert "La distance se compte autour d’une commune" in response.text
    assert response.context["page"].total == 16


def test_what_is_typed_wins_over_what_was_chosen_before(client):
    changed = client.get("/acteurs/?lieu=foix&territoire=com-09261")
    assert urlsplit(changed.url).query == "territoire=com-09122"
    emptied = client.get("/acteurs/?lieu=&territoire=com-09261&km=20&q=a")
    assert urlsplit(emptied.url).query == "q=a"
    kept = client.get("/acteurs/?lieu=Foix+(09)&territoire=com-09122")
    assert urlsplit(kept.url).query == "territoire=com-09122"


def test_a_place_that_may_be_several_is_asked(crowd, client):
    response = client.get("/acteurs/?lieu=09200&q=Aubevive")
    assert "Lequel vouliez-vous" in response.text
    assert 'href="?q=Aubevive&amp;territoire=com-09261"' in response.text
    assert names(response) == []


def test_a_place_unknown_is_said_and_shows_nothing(crowd, client):
    response = client.get("/acteurs/?lieu=xyzzyxqq")
    assert "xyzzyxqq" in part(response, "results").__str__()
    assert names(response) == []
    assert client.get("/acteurs/export.csv?lieu=xyzzyxqq").status_code == 400


@pytest.mark.parametrize(
    ("asked", "number"),
    [("2", 2), ("", 1), ("99999999999", 2), ("3", 2)],
)
def test_a_page_beyond_the_last_is_the_last(crowd, client, asked, number):
    response = client.get("/acteurs/", {"page": asked})
    assert response.context["page"].number == number
    assert len(names(response)) == (4 if number == 2 else 20)


def test_pages_are_disjoint_and_complete(crowd, client):
    seen = [name for page in "12" for name in names(client.get("/acteurs/", {"page": page}))]
    assert len(seen) == len(set(seen)) == 24
    assert client.get("/acteurs/?page=2").context["page"].links == [
        PageLink(1, "?"),
        PageLink(2),
    ]


def test_what_is_here_and_what_covers_it_are_told_apart(crowd, client):
    html = client.get("/structures/?territoire=com-09122").text
    inside, covering = html.index("Dans ce territoire"), html.index("Agissent aussi ici")
    assert inside < html.index("Maison 0") < covering < html.index("Agence voisine")


def test_mixed_by_another_order_each_says_that_it_covers(crowd, client):
    html = client.get("/structures/?territoire=com-09122&tri=nom").text
    assert "Agissent aussi ici" not in html
    assert html.count("Agit aussi dans ce territoire") == 1


def test_distances_are_said_and_nearest_first(crowd, client):
    cards = client.get("/acteurs/?autour=com-09122&km=100").context["page"].cards
    distances = [card.km for card in cards]
    assert distances == sorted(distances)
    assert distances[0] == 0


def test_nothing_found_offers_ways_out(crowd, client):
    html = part(client.get("/acteurs/?q=rien-de-tel&territoire=com-09122"), "results").__str__()
    assert "territoire=dep-09" in html
    assert 'href="?territoire=com-09122"' in html


def test_a_typing_mistake_is_mended_and_said(crowd, client):
    response = client.get("/acteurs/?q=dyabete")
    assert response.context["page"].total == 24
    assert "diabete" in part(response, "results").__str__()
    assert "Aucun résultat pour" in response.text


def test_chips_take_filters_off_one_by_one(crowd, client):
    response = client.get("/acteurs/?theme=diabete&role=patient-partenaire&territoire=dep-09&page=2")
    urls = [chip.url for chip in response.context["chips"]]
    assert urls == [
        "?theme=diabete&role=patient-partenaire",
        "?theme=diabete&territoire=dep-09",
        "?role=patient-partenaire&territoire=dep-09",
    ]


def rows(client: Client, url: str) -> list[list[str]]:
    response = client.get(url)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_the_export_holds_what_the_list_shows(crowd, as_viewer):
    makers.actor(first_name="Ysaline", name_style="full", audience=Audience.MEMBERS)
    exported = rows(as_viewer("visitor"), "/acteurs/export.csv?territoire=dep-09&role=patient-partenaire")
    assert len(exported) == 1 + 16
    assert not any("Ysaline" in row[1] for row in exported)
    assert any("Ysaline" in row[1] for row in rows(as_viewer("member"), "/acteurs/export.csv"))
    assert len(rows(as_viewer("visitor"), "/structures/export.csv")) == 1 + 4


@pytest.mark.parametrize("formula", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "＝1+1"])
def test_no_cell_of_the_export_is_a_formula(client, formula):
    Listing.objects.filter(object_id=makers.actor().pk, kind="acteur").update(headline=formula)
    assert rows(client, "/acteurs/export.csv")[1][2] == f"'{formula}"


def test_back_leads_to_the_list_one_comes_from_and_nowhere_else(client):
    url = makers.actor().get_absolute_url()
    came = {"Referer": "http://testserver/acteurs/?role=proche-aidant"}
    assert client.get(url, headers=came).context["back"] == "/acteurs/?role=proche-aidant"
    for elsewhere in ["http://evil.example/acteurs/?a", "http://testserver/gestion/?x", "//[", ""]:
        assert client.get(url, headers={"Referer": elsewhere}).context["back"] == "/acteurs/"
