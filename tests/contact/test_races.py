"""Many at the same moment: limits hold, one conversation begins, one answer settles."""

from __future__ import annotations

import threading

from django.db import connection

from contact import actions, rules
from contact.models import Conversation, Letter
from contact.rules import Refused
from tests import makers


def at_once(calls) -> list[str]:
    """Run every call in its own thread at the same moment; what became of each."""
    outcomes, gate = [], threading.Barrier(len(calls))

    def run(call):
        try:
            gate.wait()
            call()
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def starting(asker, page):
    return lambda: actions.start(asker=asker, page=page, text="Bonjour")


def test_one_person_begins_no_more_than_her_share(committed):
    asker = makers.member()
    pages = [makers.member().actor for _each in range(rules.ASKED_A_DAY + 3)]
    outcomes = at_once([starting(asker, page) for page in pages])
    assert outcomes == ["done"] * rules.ASKED_A_DAY + ["refused"] * 3
    assert Conversation.objects.count() == rules.ASKED_A_DAY


def test_one_person_gets_no_more_than_her_share(committed):
    page = makers.member().actor
    askers = [makers.member() for _each in range(rules.RECEIVED_A_DAY + 2)]
    outcomes = at_once([starting(asker, page) for asker in askers])
    assert outcomes == ["done"] * rules.RECEIVED_A_DAY + ["refused"] * 2


def test_two_who_write_to_each_other_at_once_begin_one_conversation(committed):
    one, other = makers.member(), makers.member()
    calls = [starting(one, other.actor), starting(other, one.actor)] * 4
    assert at_once(calls) == ["done"] + ["refused"] * 7
    assert Conversation.objects.count() == 1


def test_an_answer_or_a_refusal_settles_never_both(committed):
    conversation = makers.conversation()
    other = conversation.recipient

    def answer():
        actions.write(Conversation.objects.get(), author=other, text="Bonjour")

    def decline():
        actions.decline(Conversation.objects.get(), by=other, reason="no_time")

    at_once([answer, decline] * 4)
    settled = Conversation.objects.get()
    letters = Letter.objects.filter(author=other).count()
    assert (settled.state, letters) in {("declined", 0), ("answered", 4)}
