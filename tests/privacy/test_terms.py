"""Nothing is kept longer than said: each term is tried the day before, the day itself and the day after."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.db import connection, models
from django.utils import timezone

from accounts.models import User
from moderation.models import Appeal
from notifications.models import Message, Notice
from privacy import terms
from privacy.models import Closure, Erasure, HealthRead
from privacy.terms import Term
from tests import makers
from tests.privacy.rows import row_of
from tests.privacy.test_export import client_of

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2027, 6, 15, 12, tzinfo=datetime.UTC)

#: What the constraints of a model ask of the rows that a term is about.
SHAPES: dict[str, dict[str, object]] = {
    "moderation.Revision.settled_at": {"state": "accepted"},
    "moderation.Appeal.answered_at": {"outcome": "granted", "answer": "Oui"},
    "directory.ClaimRequest.settled_at": {"state": "yes"},
    "directory.MembershipProposal.settled_at": {"state": "yes"},
    "directory.Invitation.expires_at": {"sent_at": NOON - datetime.timedelta(days=400)},
    "directory.ReferentInvitation.made_at": {"email": "someone@example.org"},
    "privacy.DataExport.requested_at": {"ready_at": NOON, "taken_at": NOON},
    "notifications.Message.created_at.empty": {"sent_at": NOON, "claimed_at": NOON},
    "exports-expired": {"file": "exports/copy.zip"},
    "erasures-forgotten": {"fingerprint": "0" * 64},
    "accounts-reminded": {"due_at": NOON + datetime.timedelta(days=60)},
    "accounts-erased": {"asked_at": NOON - datetime.timedelta(days=60), "reason": "asked"},
    "sessions": {"session_key": "0" * 32},
}
#: What stands elsewhere that a term reads a date from.
BESIDE: dict[str, Callable[[models.Model, datetime.datetime], object]] = {
    "suspended-emptied-after-appeal": lambda sanction, at: row_of(
        Appeal, decision=None, sanction=sanction, outcome="rejected", answer="Non", answered_at=at
    ),
}


def row_for(term: Term, at: datetime.datetime) -> models.Model:
    """A row that `term` is about, of that date."""
    model = apps.get_model(term.model)
    own = {field.name for field in model._meta.local_fields}
    given = {term.date_field: at}
    for lookup, value in term.where.items():
        name, _in, several = lookup.partition("__in")
        if name in own:
            given[name] = value[0] if _in else value
    given |= dict.fromkeys(term.settled, "anything")
    with time_machine.travel(at, tick=False):
        if model is User:
            return makers.user(**given)
        if term.name not in BESIDE:
            return row_of(model, **given, **SHAPES.get(term.name, {}))
        del given[term.date_field]
        row = row_of(model, **given)
        BESIDE[term.name](row, at)
        return row


@pytest.mark.parametrize(("days", "due"), [(-1, False), (0, True), (1, True)])
@pytest.mark.parametrize("term", terms.terms(), ids=lambda term: term.name)
def test_each_term_on_its_day(term, days, due):
    row = row_for(term, NOON - datetime.timedelta(days=term.days + days))
    with time_machine.travel(NOON, tick=False):
        assert list(term.due(NOON)) == [row] * due
        assert terms.apply(term, NOON) == int(due)
        assert list(term.due(NOON)) == []
        assert terms.apply(term, NOON) == 0, "a second run has nothing to do"
    if term.act is terms.delete:
        assert type(row)._base_manager.filter(pk=row.pk).exists() == (not due)


def test_every_term_has_its_own_name_and_says_what_it_is_about():
    names = [term.name for term in terms.terms()]
    assert sorted(set(names)) == sorted(names)
    assert [term.name for term in terms.terms() if not term.label] == []


def test_more_rows_than_a_batch_are_all_settled(monkeypatch):
    monkeypatch.setattr(terms, "BATCH", 2)
    for _number in range(5):
        row_of(Notice, created_at=NOON - datetime.timedelta(days=400))
    kept = row_of(Notice, created_at=NOON)
    (term,) = [term for term in terms.terms() if term.name == "notifications.Notice.created_at"]
    assert terms.apply(term, NOON) == 5
    assert list(Notice.objects.all()) == [kept]


def test_the_text_of_old_mails_goes_before_the_mail():
    old = row_of(
        Message, created_at=NOON - datetime.timedelta(days=90), state="failed", failure="x", text="dear"
    )
    waiting = row_of(Message, created_at=NOON - datetime.timedelta(days=90), text="dear")
    terms.apply_all(NOON)
    old.refresh_from_db()
    waiting.refresh_from_db()
    assert (old.text, waiting.text) == ("", "dear")


def mails() -> list[str]:
    return [message.subject for message in mail.outbox]


def test_two_years_without_signing_in():
    """Told a month before, told again a week before, then erased; nothing earlier."""
    with time_machine.travel("2025-01-01 12:00Z", tick=False) as now:
        user = makers.user()
        User.objects.filter(pk=user.pk).update(last_login=timezone.now())
        said = {}
        for day in range(700, 732):
            now.move_to(NOON.replace(year=2025, month=1, day=1) + datetime.timedelta(days=day))
            before = len(mail.outbox)
            terms.apply_all()
            if mails()[before:]:
                said[day] = mails()[before:]
            if not User.objects.filter(pk=user.pk).exists():
                said[day] = "erased"
                break
    assert said == {
        700: ["Votre compte sera effacé dans un mois"],
        723: ["Votre compte sera effacé dans sept jours"],
        730: "erased",
    }
    assert Erasure.objects.count() == 1


@pytest.mark.parametrize("day", [701, 724])
def test_whoever_comes_back_keeps_her_account(day):
    start = datetime.datetime(2025, 1, 1, 12, tzinfo=datetime.UTC)
    with time_machine.travel(start, tick=False) as now:
        user = makers.user()
        User.objects.filter(pk=user.pk).update(last_login=timezone.now())
        for moment in (700, 723):
            if moment < day:
                now.move_to(start + datetime.timedelta(days=moment))
                terms.apply_all()
        now.move_to(start + datetime.timedelta(days=day))
        client_of(User.objects.get(pk=user.pk))
        for moment in (day, 730, 731):
            now.move_to(start + datetime.timedelta(days=moment))
            terms.apply_all()
        assert User.objects.filter(pk=user.pk, is_active=True).exists()
        assert not Closure.objects.exists()


def test_a_site_that_slept_still_leaves_a_month():
    """Beat was stopped for a year: nobody is erased without having been told."""
    user = makers.user()
    with time_machine.travel("2025-01-01 12:00Z"):
        User.objects.filter(pk=user.pk).update(last_login=timezone.now(), date_joined=timezone.now())
    with time_machine.travel("2028-01-01 12:00Z", tick=False) as now:
        terms.apply_all()
        now.shift(datetime.timedelta(days=29))
        terms.apply_all()
        assert User.objects.filter(pk=user.pk).exists()
        now.shift(datetime.timedelta(days=1))
        terms.apply_all()
        assert not User.objects.filter(pk=user.pk).exists()


@pytest.mark.parametrize("trait", ["is_team", "is_staff", "is_superuser"])
def test_the_team_is_not_erased_for_not_coming(trait):
    makers.user(last_login=NOON - datetime.timedelta(days=900), **{trait: True})
    terms.apply_all(NOON)
    assert not Closure.objects.exists()


def test_several_runs_at_once_settle_each_row_once(committed, monkeypatch):
    monkeypatch.setattr(terms, "BATCH", 3)
    subject = makers.user(last_login=NOON)
    HealthRead.objects.bulk_create(
        HealthRead(subject=subject, purpose="care", page="page", at=NOON - datetime.timedelta(days=400))
        for _number in range(20)
    )
    (term,) = [term for term in terms.terms() if term.name == "privacy.HealthRead.at"]
    settled, failures = [], []

    def run() -> None:
        try:
            settled.append(terms.apply(term, NOON))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (sum(settled), HealthRead.objects.count()) == (20, 0)
