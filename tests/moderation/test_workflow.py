"""What may become of a contribution: every act, in every state, by every hand."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from directory.models import Listing
from moderation.models import Decision, Status, Verb
from moderation.workflow import TRANSITIONS, Hand, Impossible, apply
from tests import makers

pytestmark = pytest.mark.django_db

#: In the words of the rule: what an author, a moderator and the site by itself may do from each state.
ALLOWED = {
    Status.DRAFT: {"author": "submit", "moderator": "publish archive", "site": "publish archive"},
    Status.SUBMITTED: {
        "author": "take_back",
        "moderator": "publish return refuse archive",
        "site": "publish archive",
    },
    Status.RETURNED: {"author": "submit archive", "moderator": "archive", "site": "archive"},
    Status.PUBLISHED: {"author": "archive", "moderator": "hide archive", "site": "hide archive"},
    Status.REFUSED: {"author": "archive", "moderator": "publish archive", "site": "publish archive"},
    Status.HIDDEN: {
        "author": "submit archive",
        "moderator": "publish archive hide",
        "site": "publish archive",
    },
    Status.ARCHIVED: {"author": "submit", "moderator": "publish", "site": "publish"},
}
#: The shortest way to each state.
WAYS = {
    Status.DRAFT: [],
    Status.SUBMITTED: [(Verb.SUBMIT, Hand.AUTHOR)],
    Status.RETURNED: [(Verb.SUBMIT, Hand.AUTHOR), (Verb.RETURN, Hand.MODERATOR)],
    Status.PUBLISHED: [(Verb.PUBLISH, Hand.SITE)],
    Status.REFUSED: [(Verb.SUBMIT, Hand.AUTHOR), (Verb.REFUSE, Hand.MODERATOR)],
    Status.HIDDEN: [(Verb.PUBLISH, Hand.SITE), (Verb.HIDE, Hand.MODERATOR)],
    Status.ARCHIVED: [(Verb.PUBLISH, Hand.SITE), (Verb.ARCHIVE, Hand.AUTHOR)],
}
CHANGING = [verb for verb in Verb if not verb.endswith("_edit")]


def in_state(status: Status):
    page = makers.actor(published=False)
    for verb, hand in WAYS[status]:
        apply(page, verb, hand=hand, reason="Parce que.")
    return page


@pytest.mark.parametrize("status", list(Status))
def test_every_act_in_every_state_by_every_hand(status):
    page = in_state(status)
    found = {}
    for hand in Hand:
        done = []
        for verb in CHANGING:
            try:
                with transaction.atomic():
                    if apply(page, verb, hand=hand, reason="Parce que."):
                        done.append(verb.value)
                    raise InterruptedError
            except (Impossible, InterruptedError):
                page.refresh_from_db()
        found[hand.value] = " ".join(done)
    words = {hand: set(text.split()) for hand, text in found.items()}
    assert words == {hand: set(text.split()) for hand, text in ALLOWED[status].items()}


def test_the_table_holds_nothing_else():
    assert {status for status, _ in TRANSITIONS} == set(Status)
    assert Hand.AUTHOR not in TRANSITIONS[Status.SUBMITTED, Verb.PUBLISH].hands


def test_a_decision_says_who_when_why_and_from_what_to_what():
    moderator = makers.user(is_team=True)
    page = in_state(Status.SUBMITTED)
    apply(page, Verb.RETURN, hand=Hand.MODERATOR, by=moderator, reason="Il manque votre commune.")
    decision = Decision.objects.of(page).first()
    assert (decision.verb, decision.before, decision.after, decision.by, decision.reason) == (
        "return",
        "submitted",
        "returned",
        moderator,
        "Il manque votre commune.",
    )


@pytest.mark.parametrize("verb", [Verb.RETURN, Verb.REFUSE])
def test_nobody_is_turned_down_without_a_reason(verb):
    page = in_state(Status.SUBMITTED)
    with pytest.raises(ValidationError):
        apply(page, verb, hand=Hand.MODERATOR)
    page.refresh_from_db()
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(target=page, verb=verb, before="submitted", after="returned")


def test_the_database_refuses_what_the_workflow_forbids():
    page = in_state(Status.DRAFT)
    for status in ("published", "submitted"):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(page).objects.filter(pk=page.pk).update(status=status)


def test_a_decision_is_never_rewritten_but_outlives_who_took_it():
    moderator = makers.user(is_team=True)
    page = in_state(Status.DRAFT)
    decision = apply(page, Verb.PUBLISH, hand=Hand.MODERATOR, by=moderator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(reason="Autre chose")
    moderator.delete()
    decision.refresh_from_db()
    assert decision.by is None


def test_what_is_published_is_listed_and_what_is_no_longer_is_not():
    page = in_state(Status.PUBLISHED)
    assert Listing.objects.filter(object_id=page.pk, kind="acteur").exists()
    apply(page, Verb.HIDE, hand=Hand.MODERATOR, reason="Propos contestés.")
    assert not Listing.objects.filter(object_id=page.pk, kind="acteur").exists()


def test_what_comes_back_keeps_the_date_it_first_appeared():
    page = in_state(Status.PUBLISHED)
    first = page.published_at
    apply(page, Verb.HIDE, hand=Hand.MODERATOR, reason="À revoir.")
    apply(page, Verb.PUBLISH, hand=Hand.MODERATOR)
    page.refresh_from_db()
    assert page.published_at == first
    assert page.confirmed_at > first


def test_publishing_twice_changes_nothing():
    page = in_state(Status.PUBLISHED)
    assert apply(page, Verb.PUBLISH, hand=Hand.SITE) is None
    assert Decision.objects.of(page).count() == 1


def test_of_two_who_decide_at_the_same_moment_one_does(committed):
    page = in_state(Status.SUBMITTED)
    outcomes, gate = [], threading.Barrier(8)

    def decide(verb):
        try:
            copy = type(page).objects.get(pk=page.pk)
            gate.wait()
            apply(copy, verb, hand=Hand.MODERATOR, reason="Parce que.")
            outcomes.append(verb.value)
        except Impossible:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=(verb,))
        for verb in (Verb.PUBLISH, Verb.RETURN)
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("too late") == 7
    assert Decision.objects.of(page).count() == 2
