"""Trust, warnings, suspensions: who may, what they change, and how they end."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from accounts.models import User
from moderation import actions
from moderation.models import Case, Decision, Ground, Sanction, Trust, Verb
from moderation.rules import is_trusted, may_suspend, people_for
from moderation.tasks import lift_suspensions
from moderation.workflow import Impossible
from notifications.models import Message
from tests import makers
from tests.moderation.test_desk import ambassador, sign_in

pytestmark = pytest.mark.django_db
SAID = {"ground": Ground.HARASSMENT, "reason": "Vos mots ont blessé."}


@pytest.fixture
def moderator() -> User:
    return makers.user(is_team=True)


def contributor(place: str = "com-09261") -> User:
    page = makers.actor(published=False, place=place)
    actions.submit(page, by=page.user)
    return page.user


#: Who opens whose card, vouches, warns ("v"), and suspends ("s").
CARDS = {
    "team": {"here": "vs", "elsewhere": "vs", "of the team": "v", "herself": ""},
    "admin": {"here": "vs", "elsewhere": "vs", "of the team": "vs", "herself": ""},
    "ambassador": {"here": "v", "elsewhere": "", "of the team": "", "herself": ""},
    "member": {"here": "", "elsewhere": "", "of the team": "", "herself": ""},
}


@pytest.mark.parametrize("who", CARDS)
def test_who_does_what_with_whom(who):
    reader = {
        "team": lambda: makers.user(is_team=True),
        "admin": lambda: makers.user(is_team=True, is_superuser=True),
        "ambassador": ambassador,
        "member": makers.user,
    }[who]()
    colleague = contributor()
    User.objects.filter(pk=colleague.pk).update(is_team=True)
    page = makers.actor(user=reader)
    actions.open_case(Case.Nature.REVIEW, page, author=reader)
    people = {
        "here": contributor(),
        "elsewhere": contributor("com-75056"),
        "of the team": User.objects.get(pk=colleague.pk),
        "herself": reader,
    }
    found = {}
    for name, person in people.items():
        opened = people_for(reader).filter(pk=person.pk).exists()
        found[name] = ("v" if opened else "") + ("s" if opened and may_suspend(reader, person) else "")
    assert found == CARDS[who]
    client = sign_in(reader)
    codes = {name: client.get(f"/moderation/personnes/{one.pk}/").status_code for name, one in people.items()}
    assert codes == {name: 200 if "v" in CARDS[who][name] else 404 for name in people}
    said = {"suspendre-ground": "spam", "suspendre-reason": "Non.", "suspendre-hours": "24"}
    for person in people.values():
        client.post(f"/moderation/personnes/{person.pk}/suspendre/", said)
    suspended = set(Sanction.objects.suspensions().values_list("user", flat=True))
    assert suspended == {people[name].pk for name in people if "s" in CARDS[who][name]}


def test_vouching_makes_contributions_appear_at_once_and_taking_it_back_does_not(moderator):
    person = contributor()
    client = sign_in(ambassador())
    client.post(f"/moderation/personnes/{person.pk}/confiance/", {"act": "vouch"})
    client.post(f"/moderation/personnes/{person.pk}/confiance/", {"act": "vouch"})
    assert (is_trusted(person), Trust.objects.count()) == (True, 1)
    assert (
        "s’en porte garant" in sign_in(moderator).get(f"/moderation/personnes/{person.pk}/").content.decode()
    )
    client.post(f"/moderation/personnes/{person.pk}/confiance/", {"act": "withdraw"})
    assert not is_trusted(person)
    assert Trust.objects.get().withdrawn_by is not None


def test_nobody_vouches_for_who_is_warned(moderator):
    person = contributor()
    actions.warn(person, by=moderator, **SAID)
    with pytest.raises(Impossible):
        actions.vouch(person, by=ambassador())


def test_a_button_pressed_twice_warns_once(moderator):
    person, client = contributor(), sign_in(moderator)
    said = {"avertir-ground": "spam", "avertir-reason": "Pas de publicité."}
    for _press in range(2):
        client.post(f"/moderation/personnes/{person.pk}/avertir/", said)
    assert (person.sanctions.count(), Message.objects.filter(kind="moderation.warned").count()) == (1, 1)
    client.post(f"/moderation/personnes/{person.pk}/avertir/", said | {"avertir-reason": "Encore."})
    assert person.sanctions.count() == 2


def test_a_warning_is_told_and_ends_trust(moderator):
    person = contributor()
    actions.vouch(person, by=moderator)
    said = {"avertir-ground": "harassment", "avertir-reason": "Vos mots ont blessé."}
    sign_in(moderator).post(f"/moderation/personnes/{person.pk}/avertir/", said)
    mail = Message.objects.get(kind="moderation.warned")
    assert (mail.address, "Vos mots ont blessé." in mail.text, "/contester/" in mail.link) == (
        person.email,
        True,
        True,
    )
    assert (is_trusted(person), person.is_active) == (False, True)


@pytest.mark.parametrize(
    ("reader", "moderating", "words"),
    [
        ("fr", "en", ["page d’une personne", "cela ne respecte pas la charte", "c’est du harcèlement"]),
        ("en", "fr", ["page of a person", "it does not respect the charter", "it is harassment"]),
    ],
)
def test_what_is_decided_is_told_in_the_language_of_its_reader(reader, moderating, words, moderator):
    person = contributor()
    User.objects.filter(pk=person.pk).update(language=reader)
    case = Case.objects.of(person.actor).get()
    with translation.override(moderating):
        actions.decide(case, Verb.REFUSE, by=moderator, reason="Non.", ground=Ground.CHARTER)
        actions.warn(User.objects.get(pk=person.pk), by=moderator, **SAID)
    refused, warned = person.messages_sent.order_by("pk")
    assert [words[0] in refused.text, words[1] in refused.text, words[2] in warned.text] == [True] * 3


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({}, ["ground", "hours", "reason"]),
        ({"ground": "lune", "reason": "Non.", "hours": "24"}, ["ground"]),
        ({"ground": "spam", "reason": "Non.", "hours": "25"}, ["hours"]),
        ({"ground": "spam", "reason": "a" * 2001, "hours": "24"}, ["reason"]),
    ],
)
def test_what_a_suspension_must_say(said, missing, moderator):
    person = contributor()
    posted = {f"suspendre-{name}": value for name, value in said.items()}
    response = sign_in(moderator).post(f"/moderation/personnes/{person.pk}/suspendre/", posted)
    assert (response.status_code, sorted(response.context["suspension"].errors)) == (422, missing)
    assert not Sanction.objects.exists()


@pytest.mark.parametrize("hours", [24, 72, 168, 720, 0])
def test_a_suspension_acts_at_the_next_request_and_hides_what_is_shown(hours, moderator):
    page = makers.actor()
    draft = makers.structure(published=False, referents=[page.user])
    shared = makers.structure(referents=[page.user])
    client = sign_in(page.user)
    assert client.get("/mon-espace/").status_code == 200
    said = {"suspendre-ground": "spam", "suspendre-reason": "Publicité.", "suspendre-hours": str(hours)}
    sign_in(moderator).post(f"/moderation/personnes/{page.user.pk}/suspendre/", said)
    assert client.get("/mon-espace/").status_code == 302
    assert sign_in(makers.user()).get(page.get_absolute_url()).status_code == 404
    sanction = Sanction.objects.get()
    page.refresh_from_db(), draft.refresh_from_db(), shared.refresh_from_db()
    assert (page.status, draft.status, shared.status) == ("hidden", "draft", "published")
    lasted = sanction.until - sanction.at if sanction.until else datetime.timedelta(0)
    assert lasted == datetime.timedelta(hours=hours)
    latest = Decision.objects.of(page).first()
    assert (latest.rule, latest.by, latest.is_contestable) == ("suspended", moderator, False)
    mail = Message.objects.get(kind="moderation.suspended")
    assert ("jusqu’à nouvel ordre" in mail.text) == (hours == 0)
    with pytest.raises(Impossible):
        actions.suspend(page.user, by=moderator, **SAID)


@pytest.mark.parametrize(("seconds", "over"), [(-1, False), (0, True), (1, True)])
def test_its_term_gives_everything_back_once(seconds, over, moderator, time_machine):
    page, hidden = makers.actor(), makers.actor()
    actions.open_case(Case.Nature.REVIEW, hidden)
    confirmed = page.confirmed_at
    sanction = actions.suspend(page.user, by=moderator, hours=24, **SAID)
    time_machine.move_to(sanction.until + datetime.timedelta(seconds=seconds), tick=False)
    assert [lift_suspensions(), lift_suspensions()] == [int(over), 0]
    page.refresh_from_db(), page.user.refresh_from_db(), sanction.refresh_from_db()
    assert (page.status, page.user.is_active) == (("published", True) if over else ("hidden", False))
    assert (sanction.lifted_at is not None, sanction.lifted_by) == (over, None)
    # Nobody looked at what the page says: it is as fresh as before.
    assert page.confirmed_at == confirmed
    assert Message.objects.filter(kind="moderation.lifted").count() == int(over)


def test_what_was_hidden_for_another_reason_stays_hidden(moderator):
    page = makers.actor()
    case = actions.open_case(Case.Nature.REPORT, page, author=page.user)
    actions.decide(case, "hide", by=moderator, reason="Non.", ground="spam")
    sanction = actions.suspend(page.user, by=moderator, **SAID)
    sign_in(makers.user(is_team=True)).post(f"/moderation/sanctions/{sanction.pk}/lever/")
    page.refresh_from_db(), page.user.refresh_from_db()
    assert (page.status, page.user.is_active) == ("hidden", True)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("sanction_says_why", {"reason": ""}),
        ("sanction_says_why", {"ground": ""}),
        ("sanction_term_follows", {"until": timezone.now() - datetime.timedelta(days=1)}),
        ("sanction_term_follows", {"kind": "warning", "until": timezone.now() + datetime.timedelta(days=9)}),
    ],
)
def test_the_database_refuses_a_sanction_that_makes_no_sense(constraint, fields, moderator):
    row = {"user": makers.user(), "kind": "suspension", "by": moderator, **SAID, **fields}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Sanction.objects.create(**row)


def test_nobody_sanctions_herself_and_one_suspension_at_a_time(moderator):
    with pytest.raises(IntegrityError, match="sanction_not_of_oneself"), transaction.atomic():
        Sanction.objects.create(user=moderator, kind="warning", by=moderator, **SAID)
    person = makers.user()
    Sanction.objects.create(user=person, kind="suspension", by=moderator, **SAID)
    with pytest.raises(IntegrityError, match="sanction_one_suspension"), transaction.atomic():
        Sanction.objects.create(user=person, kind="suspension", by=moderator, **SAID)


def test_of_eight_workers_one_lifts(committed):
    page = makers.actor()
    sanction = actions.suspend(page.user, by=makers.user(is_team=True), hours=24, **SAID)
    later, counts, gate = sanction.until + datetime.timedelta(hours=1), [], threading.Barrier(8)

    def work():
        try:
            gate.wait()
            counts.append(actions.lift_due(later))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    page.refresh_from_db()
    assert (sum(counts), page.status) == (1, "published")
    assert Message.objects.filter(kind="moderation.lifted").count() == 1
