"""Pages of the same structure: found with their reasons, told apart for good, or made one."""

from __future__ import annotations

import re
import threading

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from directory import actions
from directory.contributions import read_structure
from directory.models import Duplicate, Membership, OldAddress, Structure
from moderation import actions as moderation
from moderation.models import Case, Decision, Status
from moderation.workflow import Impossible
from notifications.models import Notice
from tests import makers
from tests.rules.test_access import sign_in

pytestmark = pytest.mark.django_db


def reasons() -> list[list[str]]:
    return [pair.reasons for pair in Duplicate.objects.order_by("pk")]


@pytest.fixture
def team(db):
    return makers.user(is_team=True)


def pair_of(**fields) -> Duplicate:
    """Two pages of the same name in the same commune, found when the second was published."""
    makers.structure(name="Maison des voix", **fields)
    makers.structure(name="Maison des Voix")
    return Duplicate.objects.get()


# Finding -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ({"name": "Maison des voix"}, {"name": "Maison des Voix"}, [["same_name", "commune"]]),
        (
            {"name": "Maison des voix"},
            {"name": "Maison des voix", "place": "com-09268"},
            [["same_name", "near"]],
        ),
        ({"name": "Maison des voix"}, {"name": "Maison des voix", "place": "com-75056"}, []),
        ({"name": "Maison des voix"}, {"name": "Clinique du Parc"}, []),
        (
            {"name": "Une écriture", "website": "https://www.voix.example.org/"},
            {"name": "Tout autre chose", "website": "http://voix.example.org/accueil"},
            [],
        ),
        (
            {"name": "Maison des voix", "website": "https://www.voix.example.org/"},
            {
                "name": "La maison des voix réunies",
                "website": "http://voix.example.org/",
                "place": "com-75056",
            },
            [["name", "site"]],
        ),
        (
            {"name": "Association des voix de l’Arize"},
            {"name": "Assoc. des voix de l’Arize"},
            [["name", "commune"]],
        ),
    ],
)
def test_what_is_put_before_the_team(first, second, found):
    makers.structure(**first)
    makers.structure(**second)
    assert reasons() == found
    assert Case.objects.filter(nature="duplicate").count() == len(found)


def test_a_number_waiting_twice_is_a_pair():
    makers.structure(name="Une écriture", siret="73282932000074")
    author = makers.user()
    waiting = makers.structure(
        name="Tout autre chose",
        siret="73282932000074",
        published=False,
        referents=[author],
        place="com-75056",
    )
    assert reasons() == []
    moderation.submit(waiting, by=author)
    assert reasons() == [["siret"]]


def test_drafts_are_nobodys_business():
    makers.structure(name="Maison des voix", published=False)
    makers.structure(name="Maison des voix")
    assert reasons() == []


def test_looking_twice_finds_nothing_new(team):
    pair_of()
    call_command("find_duplicates")
    assert Duplicate.objects.count() == 1
    moderation.settle(Case.objects.get(nature="duplicate"), "different", by=team)
    call_command("find_duplicates")
    moderation.revise(Structure.objects.first(), {"description": "Changé"}, by=team)
    assert [pair.state for pair in Duplicate.objects.all()] == ["different"]
    assert list(Case.objects.open().filter(nature="duplicate")) == []


def test_a_pair_waits_only_while_both_pages_may_be_seen():
    pair = pair_of()
    actions.withdraw(pair.first)
    assert (Duplicate.objects.get().state, list(Case.objects.open())) == ("gone", [])
    actions.publish(pair.first)
    assert Duplicate.objects.get().state == "open"
    assert [case.target for case in Case.objects.open()] == [pair]


# Merging -------------------------------------------------------------------------------------------------


def test_nothing_is_lost_and_what_was_chosen_is_kept(team):
    keeper, other_keeper = makers.user(), makers.user()
    person, both = makers.actor(), makers.actor()
    domain, public = makers.terms(domain="recherche-innovation")[0], makers.terms(theme="diabete")[0]
    survivor = makers.structure(
        name="Maison des voix", description="", phone="05 00 00 00 00", referents=[keeper], terms=[domain]
    )
    absorbed = makers.structure(
        name="Maison des Voix",
        description="Une présentation",
        phone="05 11 11 11 11",
        siret="73282932000074",
        referents=[other_keeper],
        themes=[public],
    )
    actions.join_structure(person, absorbed, "Bénévole")
    actions.join_structure(both, absorbed, "Autre")
    actions.join_structure(both, survivor, "Présidente")
    before = read_structure(absorbed)
    pair = Duplicate.objects.get()
    actions.merge_structures(pair, survivor_pk=survivor.pk, from_absorbed={"phone": True}, by=team)
    survivor.refresh_from_db()
    absorbed.refresh_from_db()
    assert (survivor.name, survivor.description, survivor.phone, survivor.siret) == (
        "Maison des voix",
        "Une présentation",
        "05 11 11 11 11",
        "73282932000074",
    )
    assert (list(survivor.terms.all()), list(survivor.themes.all())) == ([domain], [public])
    assert list(survivor.referents.order_by("pk")) == [keeper, other_keeper]
    ties = Membership.objects.filter(structure=survivor).order_by("actor")
    assert [(tie.actor, tie.function) for tie in ties] == [(person, "Bénévole"), (both, "Présidente")]
    assert (absorbed.status, read_structure(absorbed), list(absorbed.referents.all())) == (
        Status.ARCHIVED,
        before,
        [],
    )
    decision = Decision.objects.of(absorbed).first()
    assert (decision.verb, decision.by, "Maison des voix" in decision.reason) == ("archive", team, True)
    assert [notice.user for notice in Notice.objects.filter(kind="directory.structures_merged")] == [
        other_keeper
    ]
    assert [pair.state for pair in Duplicate.objects.all()] == ["merged"]
    assert list(Case.objects.open().exclude(nature="review")) == []


def test_the_address_that_goes_leads_to_the_page_that_stays(team):
    pair = pair_of()
    actions.merge_structures(pair, survivor_pk=pair.second_id, by=team)
    answer = Client().get(pair.first.get_absolute_url())
    assert (answer.status_code, answer.url) == (301, pair.second.get_absolute_url())
    third = makers.structure(name="Maison des voix")
    again = Duplicate.objects.open().get()
    actions.merge_structures(again, survivor_pk=third.pk, by=team)
    for gone in (pair.first, pair.second):
        assert Client().get(gone.get_absolute_url()).url == third.get_absolute_url()


def test_the_page_that_waits_never_replaces_the_published_one(team):
    author = makers.user()
    published = makers.structure(name="Maison des voix")
    waiting = makers.structure(name="Maison des voix", published=False, referents=[author])
    moderation.submit(waiting, by=author)
    pair = Duplicate.objects.get()
    with pytest.raises(Impossible):
        actions.merge_structures(pair, survivor_pk=waiting.pk, by=team)
    actions.merge_structures(Duplicate.objects.get(), survivor_pk=published.pk, by=team)
    waiting.refresh_from_db()
    assert waiting.status == Status.ARCHIVED
    assert list(Case.objects.open()) == []


def test_of_two_merges_that_cross_one_is_done(committed):
    team = makers.user(is_team=True)
    pair = pair_of()
    gate, done = threading.Barrier(2), []

    def merge(stays: int) -> None:
        try:
            gate.wait()
            actions.merge_structures(Duplicate.objects.get(), survivor_pk=stays, by=team)
            done.append(stays)
        except Impossible:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=merge, args=(pk,)) for pk in (pair.first_id, pair.second_id)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(Structure.objects.published().values_list("pk", flat=True)) == done
    assert OldAddress.objects.count() == 1


def test_the_team_compares_and_merges_on_one_page(team):
    pair = pair_of(description="L’ancienne")
    path = reverse("structure_merge", args=[pair.pk])
    page = sign_in(team).get(path)
    assert [(line.name, line.differs) for line in page.context["lines"]][:2] == [
        ("name", True),
        ("category", False),
    ]
    assert pair.first.get_absolute_url() in page.content.decode()
    assert Structure.objects.published().count() == 2
    # The way back is the case, where one also says that they are two.
    assert page.context["trail"][-1][1] == Case.objects.open().get().get_absolute_url()
    unseen = sign_in(team).post(path, {"annonce": pair.first_id, "reste": pair.second_id, "fusionner": "1"})
    assert unseen.context["survivor"] == pair.second
    assert Structure.objects.published().count() == 2
    turned = sign_in(team).post(path, {"reste": pair.second_id, "comparer": "1"})
    assert turned.context["survivor"] == pair.second
    assert Structure.objects.published().count() == 2
    answer = sign_in(team).post(path, {"reste": pair.second_id, "fusionner": "1"})
    assert answer.url == pair.second.get_absolute_url()
    assert Structure.objects.published().get().description == "L’ancienne"
    assert sign_in(team).get(path).status_code == 404


# Old addresses -------------------------------------------------------------------------------------------


def words(answer) -> str:
    """The page without what is drawn anew at each request."""
    return re.sub(
        r'nonce="[^"]*"|"X-CSRFToken": "[^"]*"|value="[A-Za-z0-9]{64}"', "", answer.content.decode()
    )


def lead(path: str, page) -> None:
    OldAddress.objects.create(path=path, target=page)


@pytest.mark.parametrize("audience", [0, 10, 40])
def test_an_old_address_never_tells_of_a_page_one_may_not_see(audience):
    page = makers.actor(audience=audience)
    lead("/membres/lune-bleue/", page)
    codes = {}
    for name, viewer in (("visitor", None), ("member", makers.user()), ("owner", page.user)):
        client = sign_in(viewer)
        known, unknown = client.get("/membres/Lune-Bleue/"), client.get("/membres/personne/")
        codes[name] = known.status_code
        if known.status_code == 301:
            assert known.url == page.get_absolute_url()
        else:
            assert words(known).replace("Lune-Bleue", "personne") == words(unknown)
    open_to = {0: (301, 301), 10: (404, 301), 40: (404, 404)}[audience]
    assert codes == {"visitor": open_to[0], "member": open_to[1], "owner": 301}


def test_the_addresses_of_the_former_site_lead_on():
    structure = makers.structure()
    lead("/structure/maison-des-voix/", structure)
    client = Client()
    found = {
        path: (answer.status_code, answer.headers.get("Location"))
        for path in (
            "/structure/maison-des-voix/",
            "/structure/inconnue/",
            "/ressources/inconnue/",
            "/annuaire-des-acteurs-en-occitanie/",
            "/barometre-regional/",
        )
        if (answer := client.get(path))
    }
    assert found == {
        "/structure/maison-des-voix/": (301, structure.get_absolute_url()),
        "/structure/inconnue/": (404, None),
        "/ressources/inconnue/": (404, None),
        "/annuaire-des-acteurs-en-occitanie/": (301, "/acteurs/"),
        "/barometre-regional/": (200, None),
    }
