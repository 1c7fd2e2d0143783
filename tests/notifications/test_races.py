"""Several workers, several requests, at the same moment, with a real database under them."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.core import mail
from django.db import connection
from django.utils import timezone

from notifications.digest import build
from notifications.models import Message
from notifications.sending import send
from notifications.settling import settle
from tests import mails


def together(number: int, act: Callable[[int], object]) -> list[object]:
    """What `act` gives to each of so many threads that start at once."""
    gate, given = threading.Barrier(number), []

    def run(rank: int) -> None:
        try:
            gate.wait()
            given.append(act(rank))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(rank,)) for rank in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == number, "a thread failed"
    return given


def test_eight_workers_on_one_row_send_one_mail(committed, took):
    for _round in range(5):
        message = mails.queued()[0]
        assert sorted(together(8, lambda _rank, pk=message.pk: send(pk))) == [0] * 7 + [1]
        assert [found for _to, found in took()].count(message.message_id) == 1
        message.refresh_from_db()
        assert (message.state, message.attempts) == ("sent", 1)


def test_eight_workers_on_many_rows_share_them(committed, took):
    written = mails.queued(100)
    assert sum(together(8, lambda _rank: send())) == 100
    assert sorted(found for _to, found in took()) == sorted(one.message_id for one in written)


def test_the_same_thing_said_by_eight_requests_is_one_row(committed):
    user = mails.reader("at_once")
    told = together(8, lambda _rank: mails.told(user, period="2026"))
    assert sum(one is not None for one in told) == 1
    assert (user.notices.count(), Message.objects.count(), len(mail.outbox)) == (1, 1, 1)


def test_twenty_strangers_at_once_cause_five_mails_at_most(committed):
    together(20, lambda rank: mails.posted("victim@example.org", period=str(rank)))
    states = sorted(Message.objects.values_list("state", flat=True))
    assert (states.count("withheld"), len(mail.outbox)) == (15, 5)


def test_a_digest_built_twice_at_once_is_one_mail(committed):
    user = mails.reader()
    mails.told(user)
    now = timezone.now()
    assert sum(one is not None for one in together(8, lambda _rank: build(user, now))) == 1
    assert Message.objects.count() == 1


def test_a_doubt_is_settled_by_one(committed):
    stuck = mails.stuck()
    assert sum(together(8, lambda rank: settle(stuck, reached=bool(rank % 2)))) == 1
    assert len(mail.outbox) <= 1
