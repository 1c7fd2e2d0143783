"""What the site does when nobody answers, and when nobody writes any more. Each day counts."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from accounts import actions as accounts
from contact import actions
from contact.models import Conversation, Letter, Part
from contact.own_terms import EXPIRED, REMINDED
from privacy import terms
from privacy.tasks import apply_terms
from tests import makers

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def after(conversation: Conversation, days: int) -> datetime.datetime:
    return conversation.last_letter_at + datetime.timedelta(days=days)


def forget(now: datetime.datetime) -> None:
    """Apply the term of the register, as each night does."""
    (term,) = [one for one in terms.terms() if one.name == "contact.Conversation.last_letter_at"]
    terms.apply(term, now)


def told(user) -> list[str]:
    return list(user.notices.order_by("pk").values_list("kind", flat=True))


def state(conversation: Conversation) -> str:
    return Conversation.objects.get(pk=conversation.pk).state


@pytest.mark.parametrize(("days", "reminded"), [(6, 0), (7, 1), (8, 1)])
def test_one_reminder_after_a_week(days, reminded):
    conversation = makers.conversation()
    assert terms.apply(REMINDED, after(conversation, days)) == reminded
    assert told(conversation.recipient) == ["contact.first", *["contact.reminder"] * reminded]
    assert told(conversation.asker) == []
    assert terms.apply(REMINDED, after(conversation, days + 7)) == 1 - reminded
    assert terms.apply(REMINDED, after(conversation, days + 8)) == 0
    assert told(conversation.recipient) == ["contact.first", "contact.reminder"]


@pytest.mark.parametrize(("days", "closed"), [(29, 0), (30, 1), (31, 1)])
def test_closed_after_a_month_and_said_to_both(days, closed):
    conversation = makers.conversation()
    assert terms.apply(EXPIRED, after(conversation, days)) == closed
    assert state(conversation) == ("expired" if closed else "waiting")
    assert told(conversation.asker) == ["contact.expired"] * closed
    assert told(conversation.recipient) == ["contact.first", *["contact.expired"] * closed]
    assert terms.apply(EXPIRED, after(conversation, days)) == 0


@pytest.mark.parametrize(("days", "left"), [(364, 1), (365, 0), (366, 0)])
@pytest.mark.parametrize("kept", ["waiting", "answered", "expired"])
def test_letters_go_a_year_after_the_last_one(days, left, kept):
    conversation = makers.conversation()
    Conversation.objects.update(state=kept)
    forget(after(conversation, days))
    counts = [model.objects.count() for model in (Conversation, Letter, Part)]
    assert counts == [left] * 3


def test_a_new_letter_starts_the_year_again():
    conversation = makers.conversation()
    actions.write(conversation, author=conversation.recipient, text="Bonjour")
    later = Conversation.objects.get()
    assert later.last_letter_at > conversation.last_letter_at
    forget(later.last_letter_at + 364 * DAY)
    assert Conversation.objects.count() == 1


def test_what_is_settled_is_neither_reminded_nor_closed():
    answered, declined = makers.conversation(), makers.conversation()
    actions.write(answered, author=answered.recipient, text="Bonjour")
    actions.decline(declined, by=declined.recipient, reason="other")
    later = timezone.now() + 60 * DAY
    assert (terms.apply(REMINDED, later), terms.apply(EXPIRED, later)) == (0, 0)


def test_nobody_is_reminded_of_what_she_does_not_want():
    paused, blocking = makers.conversation(), makers.conversation()
    page = paused.recipient.actor
    page.paused = True
    page.save()
    accounts.block(blocker=blocking.recipient, blocked=blocking.asker)
    assert terms.apply(REMINDED, timezone.now() + 7 * DAY) == 2
    assert terms.apply(EXPIRED, timezone.now() + 30 * DAY) == 2
    assert told(paused.recipient) == ["contact.first", "contact.expired"]
    assert told(blocking.recipient) == ["contact.first"]
    assert told(blocking.asker) == ["contact.expired"]


def test_an_account_that_left_is_told_nothing():
    conversation = makers.conversation()
    conversation.asker.delete()
    later = timezone.now() + 30 * DAY
    assert (terms.apply(REMINDED, later), terms.apply(EXPIRED, later)) == (1, 1)
    assert told(conversation.recipient) == ["contact.first"]


def test_the_task_does_both_and_may_run_twice():
    waiting, silent = makers.conversation(), makers.conversation()
    now = timezone.now()
    for conversation, days in ((waiting, 8), (silent, 31)):
        Conversation.objects.filter(pk=conversation.pk).update(
            last_letter_at=now - datetime.timedelta(days=days)
        )
    for _each in range(2):
        apply_terms()
        assert {one.pk: one.state for one in Conversation.objects.all()} == {
            waiting.pk: "waiting",
            silent.pk: "expired",
        }
        assert told(waiting.recipient) == ["contact.first", "contact.reminder"]
