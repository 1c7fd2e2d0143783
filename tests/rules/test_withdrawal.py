"""What is withdrawn is gone at the next request, everywhere, in every web process."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.audience import Audience
from accounts.models import User
from directory import actions
from directory.index import Index, bitmaps
from directory.models import Actor
from tests import makers
from tests.conftest import make_viewer
from tests.rules.canaries import COMMUNE, PLACES, word

pytestmark = pytest.mark.django_db

NAME, THEME = word("withdrawn", "name"), "diabete"


@pytest.fixture
def person() -> Actor:
    """Someone open to everyone, theme included."""
    return makers.actor(
        place=COMMUNE,
        first_name=NAME,
        last_name=NAME,
        name_style="full",
        consents=("store", "members", "everyone"),
        themes=(THEME,),
    )


@pytest.fixture
def processes(person, monkeypatch):
    """Two web processes that had both read the index before anything changed."""
    kept = [Index.build(), Index.build()]

    def each():
        for number, index in enumerate(kept):
            monkeypatch.setattr(bitmaps, "_index", index)
            yield number
            kept[number] = bitmaps._index

    return each


def channels(client: Client, person: Actor) -> dict[str, bool]:
    """Where the person is found."""
    listed = {
        "list": "/acteurs/",
        "list by name": "/acteurs/?tri=nom",
        "map page": "/carte/",
        "framed map": "/carte/integrer/",
        "territory": f"/territoires/{PLACES[0]}/",
        "home": "/",
    }
    found = {name: NAME in client.get(address).content.decode() for name, address in listed.items()}
    found["page"] = client.get(person.get_absolute_url()).status_code == 200
    found["export"] = NAME in b"".join(client.get("/acteurs/export.csv")).decode()
    data = client.get("/carte/donnees.geojson?zoom=14")
    found["map"] = NAME in data.content.decode()
    found["words"] = client.get(f"/carte/donnees.geojson?q={NAME}").json()["total"] == 1
    found["count"] = data.json()["total"] == 1
    return found


def theme_channels(client: Client) -> dict[str, bool]:
    """Where the theme of the person is told."""
    options = [facet for facet in client.get("/acteurs/").context["facets"] if facet.name == "theme"]
    return {
        "filter": client.get(f"/carte/donnees.geojson?theme={THEME}").json()["total"] == 1,
        "facet": any(option.count for facet in options for option in facet.options),
        "words": client.get("/carte/donnees.geojson?q=diabète").json()["total"] == 1,
        "export": "Diabète" in b"".join(client.get("/acteurs/export.csv")).decode(),
    }


def page_tells_theme(client: Client, person: Actor) -> bool:
    return "Diabète" in client.get(person.get_absolute_url()).content.decode()


def test_everything_is_there_to_begin_with(person, processes):
    client = Client()
    for _ in processes():
        assert all(channels(client, person).values()), channels(client, person)
        assert all(theme_channels(client).values()), theme_channels(client)
        assert page_tells_theme(client, person)


@pytest.mark.parametrize(
    "withdraw",
    [
        lambda person: actions.withdraw(person),
        lambda person: actions.set_audience(person, Audience.ME),
        lambda person: actions.set_audience(person, Audience.MEMBERS),
        lambda person: User.objects.get(pk=person.user_id).delete(),
        lambda person: Actor.objects.filter(pk=person.pk).delete(),
    ],
    ids=["unpublished", "for oneself", "for members", "account erased", "page erased"],
)
def test_a_page_withdrawn_is_nowhere(withdraw, person, processes):
    client = Client()
    withdraw(person)
    for _ in processes():
        assert {name for name, found in channels(client, person).items() if found} == set()
        assert {name for name, found in theme_channels(client).items() if found} == set()


def test_a_page_for_members_is_still_theirs(person, processes):
    client = Client()
    client.force_login(make_viewer("member"), backend="allauth.account.auth_backends.AuthenticationBackend")
    actions.set_audience(person, Audience.MEMBERS)
    for _ in processes():
        found = channels(client, person)
        assert {name for name, there in found.items() if not there} == {"framed map"}


@pytest.mark.parametrize("purpose", ["store", "everyone"])
def test_a_consent_taken_back_hides_the_theme_from_everyone(purpose, person, processes):
    client = Client()
    actions.consent_to_themes(person, purpose, granted=False)
    for _ in processes():
        assert {name for name, found in theme_channels(client).items() if found} == set()
        assert not page_tells_theme(client, person)
        assert all(channels(client, person).values())


def test_members_keep_what_was_agreed_for_them(person, processes):
    member = Client()
    member.force_login(make_viewer("member"), backend="allauth.account.auth_backends.AuthenticationBackend")
    actions.consent_to_themes(person, "everyone", granted=False)
    for _ in processes():
        assert all(theme_channels(member).values())
    actions.consent_to_themes(person, "members", granted=False)
    for _ in processes():
        assert not any(theme_channels(member).values())
        assert not page_tells_theme(member, person)


def test_refusing_to_have_themes_kept_erases_them(person):
    actions.consent_to_themes(person, "store", granted=False)
    assert list(person.actor_themes.all()) == []
    actions.consent_to_themes(person, "everyone", granted=True)
    assert not any(theme_channels(Client()).values())
