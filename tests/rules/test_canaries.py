"""Nothing private is read by anyone it is not meant for, through any page, count, map, search or file."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from accounts.audience import Audience
from directory.index import forget_index
from directory.models import Actor
from directory.models.listings import ListingText
from tests.conftest import VIEWERS, make_viewer
from tests.makers import commune
from tests.rules.caller import Caller
from tests.rules.canaries import COMMUNE, NOBODY, PLACES, SEARCHED_UP_TO, SIGHT, Aviary, release

pytestmark = pytest.mark.django_db

#: What each viewer reads besides what the circles open: her own page, the structures she keeps.
OWN = {"member": ("own page", "own mails"), "referent": ("kept draft structure",)}


@pytest.fixture
def flock():
    users = {name: make_viewer(name) for name in VIEWERS}
    users["ambassador"].ambassador_of.add(commune(COMMUNE))
    aviary = release(users)
    forget_index()
    return aviary, users


def sign_in(user) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def addresses(aviary: Aviary) -> list[str]:
    """Every kind of page and channel: all pages of the lists, both sorts of orders, all zooms."""
    found = [
        "/",
        "/carte/",
        "/carte/integrer/",
        "/mon-espace/",
        "/mon-espace/notifications/",
        "/mon-espace/messages-recus/",
        "/mon-espace/preferences/",
        *(
            f"/moderation/envois/?etat={shelf}"
            for shelf in ("a-trancher", "echoues", "retenus", "en-attente")
        ),
        "/plan-du-site/",
        "/territoires/",
        "/nulle-part/",
    ]
    found += [f"/carte/donnees.geojson?zoom={zoom}" for zoom in (1, 9, 11, 12, 18)]
    found += ["/carte/donnees.geojson?zoom=14&bbox=0.9,42.8,1.4,43.1", "/carte/donnees.geojson?bbox=nowhere"]
    for kind in ("acteurs", "structures"):
        found += [f"/{kind}/", f"/{kind}/?page=2", f"/{kind}/?tri=nom&page=2", f"/{kind}/?tri=recent"]
        found += [f"/{kind}/export.csv", f"/{kind}/?territoire={COMMUNE}", f"/{kind}/?autour={COMMUNE}&km=20"]
    for theme, _ in aviary.themes.values():
        found += [f"/acteurs/?theme={theme.slug}", f"/acteurs/export.csv?theme={theme.slug}"]
    found += [f"/territoires/{place}/" for place in PLACES]
    found += [page.get_absolute_url() for page in (*aviary.actors.values(), *aviary.structures.values())]
    return found


def told(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode() + str(response.headers) + str(response.cookies)


def crawl(client: Caller, aviary: Aviary) -> dict[str, str]:
    """Every secret read, with the address it was read at."""
    read: dict[str, str] = {}
    themes = {theme.name: theme.slug for theme, _ in aviary.themes.values()}
    for address in addresses(aviary):
        answers = [client.get(address)]
        if address in ("/acteurs/", "/structures/", "/carte/"):
            answers.append(client.get(address, headers={"HX-Request": "true"}))
        for answer in answers:
            text = told(answer)
            if answer.status_code == 404:
                # A page asked for by its address names that address: no news to whoever asked.
                text = text.replace(address, "")
            # The theme one filters by is a word of the vocabulary; who bears it is counted elsewhere.
            asked = {word for word in aviary.read_in(text) if address.endswith(f"theme={themes.get(word)}")}
            read |= dict.fromkeys(aviary.read_in(text) - asked, address)
    return read


def test_each_viewer_reads_what_is_meant_for_her_and_nothing_else(flock):
    aviary, users = flock
    leaked, unread = [], []
    # Ambassadors see as members do, administrators as the team: their counts are compared below.
    for viewer in ("visitor", "member", "professional", "referent", "team"):
        read = crawl(Caller(users[viewer], aviary.actors.values()), aviary)
        allowed = aviary.open_to(SIGHT[viewer], OWN.get(viewer, ()))
        leaked += [(viewer, aviary.secrets[word], read[word]) for word in set(read) - allowed]
        hidden = [aviary.secrets[word] for word in allowed - set(read)]
        unread += [(viewer, secret) for secret in hidden if secret.shown]
    assert leaked == []
    assert unread == [], "what nobody can read proves nothing"


def test_a_search_finds_by_what_one_may_read_only(flock):
    aviary, users = flock
    kinds = {(secret.what, secret.needs): secret for secret in aviary.secrets.values()}
    wrong = []
    for viewer in ("visitor", "member", "professional", "team"):
        caller, allowed = Caller(users[viewer]), aviary.open_to(SIGHT[viewer])
        for secret in kinds.values():
            total = json.loads(caller.get("/carte/donnees.geojson", {"q": secret.word}).content)["total"]
            if total and secret.word not in allowed:
                wrong.append((viewer, "found", secret))
            if not total and secret.word in allowed and secret.searched and secret.needs <= SEARCHED_UP_TO:
                wrong.append((viewer, "not found", secret))
    assert len(kinds) > 60
    assert wrong == []


def test_a_theme_is_counted_for_those_who_may_know_it_only(flock):
    aviary, users = flock
    for viewer, user in users.items():
        client = sign_in(user)
        counted = {
            name: client.get("/carte/donnees.geojson", {"theme": theme.slug}).json()["total"]
            for name, (theme, _) in aviary.themes.items()
        }
        expected = {name: int(needs <= SIGHT[viewer]) for name, (_, needs) in aviary.themes.items()}
        assert counted == expected, viewer


def test_counts_hold_only_what_one_may_see(flock):
    aviary, users = flock
    totals = set()
    for viewer, user in users.items():
        expected = sum(
            any(
                one.owner == name and one.searched and one.needs <= SIGHT[viewer]
                for one in aviary.secrets.values()
            )
            for name in aviary.actors
        )
        totals.add(expected)
        found = counts(sign_in(user))
        assert found == dict.fromkeys(found, expected), viewer
    assert len(totals) == 4
    assert 0 < min(totals) < max(totals) < len(aviary.actors)


def counts(client: Client) -> dict[str, int]:
    """The number of people, by each way of knowing it."""
    page = client.get("/acteurs/").context
    role = next(facet for facet in page["facets"] if facet.name == "role")
    near = client.get("/carte/donnees.geojson?nature=acteur&zoom=14").json()
    far = client.get("/carte/donnees.geojson?nature=acteur&zoom=3").json()
    rows = told(client.get("/acteurs/export.csv")).split("\r\n")
    return {
        "list": page["page"].total,
        "facet": sum(option.count for option in role.options),
        "map": near["total"],
        "items": sum(feature["properties"].get("count", 1) for feature in near["features"]),
        "clusters": sum(feature["properties"].get("count", 1) for feature in far["features"]),
        "export": sum(line.startswith('"Acteurs"') for line in rows),
        "home": client.get("/").context["figures"].people,
        **{place: client.get(f"/territoires/{place}/").context["figures"].people for place in PLACES},
    }


def test_the_framed_map_shows_what_everyone_sees_whoever_is_signed_in(flock):
    aviary, users = flock
    text = told(sign_in(users["team"]).get("/carte/integrer/"))
    assert aviary.read_in(text) <= aviary.open_to(0)
    assert aviary.read_in(text)


def test_no_words_are_two_secrets(flock):
    aviary, _ = flock
    assert len(aviary.secrets) == len({(one.owner, one.what) for one in aviary.secrets.values()}) > 300
    assert {secret.needs for secret in aviary.secrets.values()} == {0, 10, 20, 30, NOBODY}
    assert all(re.fullmatch("[a-z]{12}", word) for word in aviary.secrets)


def test_the_words_of_a_page_for_members_are_not_even_in_the_search_of_everyone(flock):
    """A second lock: the search of a circle holds no word that the circle may not read."""
    aviary, _ = flock
    for actor in aviary.actors.values():
        for text in ListingText.objects.filter(listing__kind="acteur", listing__object_id=actor.pk):
            assert (text.everyone is None) == (actor.audience > Audience.EVERYONE)


def test_a_field_is_never_open_wider_than_its_page():
    page = Actor(
        audience=Audience.TEAM, audiences={"experience": int(Audience.EVERYONE)}, experience="Dix ans"
    )
    assert page.audience_of("experience") == Audience.TEAM
    assert page.fields_at(Audience.PROFESSIONALS) == {}
    assert page.fields_at(Audience.TEAM) == {"experience": "Dix ans"}
