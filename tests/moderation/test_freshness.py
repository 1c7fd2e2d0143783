"""Is it still true? Asked, reminded, marked, archived: at the right day, once, and stopped by one button."""

from __future__ import annotations

import datetime
import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import actions as accounts
from accounts.audience import Audience
from accounts.models import User
from directory.models import Actor
from moderation import actions, links
from moderation.freshness import ARCHIVE_AFTER, ASK_AFTER, FADE_AFTER, REMIND_AFTER, is_faded
from moderation.models import Case, Decision, FreshnessStep
from moderation.registry import A_YEAR
from moderation.tasks import advance_freshness
from notifications.models import Message
from tests import makers
from tests.moderation.test_desk import ambassador, sign_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
OFFSETS = {"asked": ASK_AFTER, "reminded": REMIND_AFTER, "faded": FADE_AFTER, "archived": ARCHIVE_AFTER}


def steps(page: Actor) -> list[str]:
    return list(FreshnessStep.objects.of(page).order_by("at", "pk").values_list("stage", flat=True))


def mails(page: Actor) -> list[str]:
    found = Message.objects.filter(recipient=page.user).order_by("pk").values_list("kind", flat=True)
    return [kind.removeprefix("moderation.") for kind in found]


def live_until(page: Actor, end: datetime.datetime) -> None:
    """Run the task each day that something may come, up to `end`."""
    days = [page.confirmed_at + A_YEAR + offset for offset in OFFSETS.values()]
    for day in days:
        if day < end:
            actions.advance(day)
    actions.advance(end)


@pytest.mark.parametrize("days", [-1, 0, 1])
@pytest.mark.parametrize("stage", OFFSETS)
def test_each_step_on_its_day(stage, days):
    page = makers.actor()
    live_until(page, page.confirmed_at + A_YEAR + OFFSETS[stage] + days * DAY)
    reached = list(OFFSETS)[: list(OFFSETS).index(stage) + (days >= 0)]
    page.refresh_from_db()
    assert steps(page) == reached
    assert page.status == ("archived" if "archived" in reached else "published")
    assert mails(page) == [f"fresh_{one}" if one != "archived" else "archive" for one in reached]


@pytest.mark.parametrize(("days", "faded"), [(-1, False), (0, True), (1, True)])
def test_a_page_not_confirmed_for_long_says_so(days, faded, time_machine):
    page = makers.actor()
    time_machine.move_to(page.confirmed_at + A_YEAR + FADE_AFTER + days * DAY, tick=False)
    assert is_faded(page) == faded
    assert ("n’a pas été confirmée depuis" in Client().get(page.get_absolute_url()).content.decode()) == faded


def test_running_twice_changes_nothing(time_machine):
    page = makers.actor()
    time_machine.move_to(page.confirmed_at + A_YEAR, tick=False)
    assert [advance_freshness(), advance_freshness()] == [1, 0]
    assert mails(page) == ["fresh_asked"]


def test_a_site_that_slept_asks_first_and_leaves_the_same_time():
    page = makers.actor()
    late = page.confirmed_at + 3 * A_YEAR
    assert [actions.advance(late + n * DAY) for n in (0, 1, 29, 30, 59, 60, 149, 150)] == [
        1,
        0,
        0,
        1,
        0,
        1,
        0,
        1,
    ]
    page.refresh_from_db()
    assert page.status == "archived"


def test_confirming_starts_everything_again():
    page = makers.actor()
    first = page.confirmed_at + A_YEAR
    actions.advance(first)
    Actor.objects.filter(pk=page.pk).update(confirmed_at=first + DAY)
    assert [actions.advance(first + 40 * DAY), actions.advance(first + DAY + A_YEAR)] == [0, 1]
    assert mails(page) == ["fresh_asked", "fresh_asked"]


def test_a_page_that_nobody_can_be_asked_about_waits_for_the_team_and_is_not_archived():
    structure = makers.structure()
    for offset in OFFSETS.values():
        actions.advance(structure.confirmed_at + A_YEAR + offset)
    structure.refresh_from_db()
    assert structure.status == "published"
    assert [case.nature for case in Case.objects.open()] == ["stale"]


def test_archiving_is_the_sites_own_act_and_says_its_rule():
    page = makers.actor()
    live_until(page, page.confirmed_at + A_YEAR + ARCHIVE_AFTER)
    latest = Decision.objects.of(page).first()
    assert (latest.verb, latest.rule, latest.by, latest.is_contestable) == ("archive", "stale", None, False)
    assert list(Case.objects.open()) == []


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_what_is_not_published_is_not_asked_about(status):
    page = makers.actor()
    Actor.objects.filter(pk=page.pk).update(status=status)
    assert actions.advance(page.confirmed_at + A_YEAR) == 0


def test_opening_the_link_changes_nothing_and_one_button_confirms(time_machine):
    page = makers.actor()
    time_machine.move_to(page.confirmed_at + A_YEAR + FADE_AFTER, tick=False)
    live_until(page, timezone.now())
    link = Message.objects.filter(kind="moderation.fresh_faded").get().link
    before = page.confirmed_at
    text = Client().get(link).content.decode()
    page.refresh_from_db()
    assert ("Oui, toujours à jour" in text, page.confirmed_at) == (True, before)
    assert Case.objects.open().filter(nature="stale").count() == 1
    assert "Merci, c’est confirmé" in Client().post(link).content.decode()
    page.refresh_from_db()
    assert page.confirmed_at == timezone.now()
    assert not Case.objects.open().exists()
    assert not is_faded(page)


@pytest.mark.parametrize("audience", [Audience.EVERYONE, Audience.MEMBERS])
def test_its_author_reads_her_page_from_it_signed_in_or_not(audience):
    page = makers.actor(audience=audience)
    text = Client().get(links.confirm_path(page, page.user)).content.decode()
    read = re.search(r'href="([^"]+)">Relire ma page', text)[1]
    visitor, author = Client().get(read, follow=True), sign_in(page.user).get(read, follow=True)
    assert (visitor.status_code, author.request["PATH_INFO"]) == (200, page.get_absolute_url())


def test_the_link_archives_too():
    page = makers.actor()
    text = Client().post(links.confirm_path(page, page.user), {"act": "archive"}).content.decode()
    page.refresh_from_db()
    assert ("Votre page est archivée" in text, page.status) == (True, "archived")
    again = Client().post(links.confirm_path(page, page.user))
    page.refresh_from_db()
    assert (again.status_code, page.status) == (409, "archived")


def test_the_link_is_for_those_who_answer_for_the_page_while_their_account_is_open():
    referent, page = makers.user(), makers.actor()
    structure = makers.structure(referents=[referent])
    link = links.confirm_path(structure, referent)
    assert Client().get(link).status_code == 200
    assert Client().get(links.confirm_path(page, referent)).status_code == 404
    structure.referents.clear()
    assert Client().get(link).status_code == 404
    accounts.close(page.user, User.Closed.HAND)
    assert Client().get(links.confirm_path(page, page.user)).status_code == 404


def test_the_team_sees_how_fresh_each_territory_is(django_assert_num_queries):
    pages = [makers.actor() for _ in range(3)] + [makers.structure(place="com-31555")]
    now = timezone.now()
    for page, days in zip(pages, (0, 366, 430, 520), strict=True):
        page.confirmed_at = now - days * DAY
        page.save()
    client = sign_in(makers.user(is_team=True))
    client.get("/moderation/fraicheur/")
    with django_assert_num_queries(8):
        page = client.get("/moderation/fraicheur/")
    counts = {line.territory.ref: line.counts for line in page.context["staleness"].lines}
    assert counts == {"reg-76": [1, 1, 0, 1, 1], "dep-09": [1, 1, 0, 1, 0], "dep-31": [0, 0, 0, 0, 1]}
    chosen = client.get("/moderation/fraicheur/", {"territoire": "dep-09"}).context["staleness"].pages
    assert [one.page for one in chosen] == [pages[2], pages[1]]


def test_an_ambassador_sees_hers_and_only_pages_she_may_see():
    old = timezone.now() - 400 * DAY
    for page in (makers.actor(), makers.actor(audience=30), makers.actor(place="com-75056")):
        page.confirmed_at = old
        page.save()
    staleness = sign_in(ambassador()).get("/moderation/fraicheur/").context["staleness"]
    assert [(line.territory.ref, sum(line.counts)) for line in staleness.lines] == [("dep-09", 1)]
    assert len(staleness.pages) == 1


def test_two_workers_ask_once(committed):
    page = makers.actor()
    when, gate, taken = page.confirmed_at + A_YEAR, threading.Barrier(6), []

    def work():
        try:
            gate.wait()
            taken.append(actions.advance(when))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(taken), mails(page)) == (1, ["fresh_asked"])
