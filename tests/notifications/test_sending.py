"""One worker takes a row, the relay answers, and the row says what: never twice, never in silence."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from notifications import sending, settling, tasks
from notifications.dress import dressed
from notifications.letterhead import Letterhead
from notifications.models import Message
from notifications.sending import BACK_OFF, BATCH, claim, send
from tests import mails
from tests.notifications.conftest import free_port

pytestmark = pytest.mark.django_db


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def test_a_mail_taken_by_the_server_is_sent(took):
    message = mails.posted("someone@example.org")
    assert took() == [("someone@example.org", message.message_id)]
    assert (state(message), message.attempts) == ("sent", 1)
    assert message.sent_at >= message.claimed_at


def test_several_mails_share_a_connection(took, monkeypatch):
    from notifications.transports import SmtpBackend

    opened = []
    connect = SmtpBackend.open

    def counted(self) -> bool:
        opened.append(connect(self))
        return opened[-1]

    monkeypatch.setattr(SmtpBackend, "open", counted)
    mails.queued(10)
    assert send() == 10
    assert opened.count(True) == 1
    assert len(took()) == 10


@pytest.mark.parametrize(
    ("name", "fate", "reason"),
    [
        ("rcpt450", "queued", "450 try later"),
        ("rcpt550", "bounced", "550 no such user"),
        ("data451", "queued", "451 try later"),
        ("data554", "failed", "554 not wanted"),
        ("vanish", "sending", ""),
        ("mute", "sending", ""),
    ],
)
def test_what_the_server_says_is_written_down(name, fate, reason, took):
    """An answer is believed. No answer once the words went is a doubt: nothing is sent again."""
    message = mails.posted(f"{name}.someone@example.org")
    after = mails.posted("next@example.org")
    assert (state(message), state(after)) == (fate, "sent")
    assert reason in message.failure
    assert (message.next_try_at > timezone.now()) == (fate == "queued")
    assert message.is_stuck is False
    assert took()[-1] == ("next@example.org", after.message_id)


def test_a_server_that_is_away_costs_a_try_and_nothing_else(settings):
    settings.OUTBOX_TRANSPORT = "notifications.transports.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    first, second = mails.queued(2)
    assert send() == 1, "the others are not tried in vain"
    assert (state(first), state(second)) == ("queued", "queued")
    assert "ne répond pas" in first.failure
    assert (first.attempts, second.attempts) == (1, 0)


def test_each_try_waits_longer_then_the_mail_has_failed(took):
    message = mails.posted("rcpt450.someone@example.org")
    now = timezone.now()
    for tries, minutes in enumerate(BACK_OFF, start=1):
        assert (state(message), message.attempts) == ("queued", tries)
        due = message.next_try_at
        assert abs((due - now) - datetime.timedelta(minutes=minutes)) < datetime.timedelta(seconds=20)
        with time_machine.travel(due - datetime.timedelta(seconds=1), tick=False):
            assert send() == 0
        now = due + datetime.timedelta(seconds=1)
        with time_machine.travel(now, tick=False):
            assert send() == 1
    assert (state(message), message.failure) == ("failed", "Le serveur d’envoi a refusé : 450 try later")


def test_a_transport_that_takes_nothing_has_failed(monkeypatch):
    from django.core.mail.backends.locmem import EmailBackend

    monkeypatch.setattr(EmailBackend, "send_messages", lambda self, messages: 0)
    message = mails.posted("someone@example.org")
    assert (state(message), message.failure) == ("failed", "Le serveur d’envoi n’a rien pris.")


def test_a_mail_is_not_taken_by_two():
    message = mails.queued()[0]
    assert claim(message.pk) == message
    assert claim(message.pk) is None
    assert send(message.pk) == 0


def test_a_task_takes_a_batch_and_calls_the_next(monkeypatch):
    mails.queued(BATCH + 5)
    called = []
    monkeypatch.setattr(tasks.send, "delay", lambda: called.append(1))
    tasks.send()
    assert (len(mail.outbox), called) == (BATCH, [1])
    tasks.send()
    assert (len(mail.outbox), called) == (BATCH + 5, [1])


def test_without_a_broker_the_sweep_sends(monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.send, "apply_async", away)
    message = mails.posted("someone@example.org")
    assert (state(message), mail.outbox) == ("queued", [])
    monkeypatch.undo()
    monkeypatch.setattr(tasks.send, "delay", lambda: tasks.send())
    tasks.sweep()
    assert state(message) == "sent"


@pytest.mark.parametrize(
    ("log", "fate"),
    [
        ("", "sending"),
        ("tests.notifications.test_sending.knows_nothing", "sending"),
        ("tests.notifications.test_sending.took_it", "sent"),
        ("tests.notifications.test_sending.never_saw_it", "queued"),
    ],
)
def test_a_mail_in_doubt_is_what_the_log_says_and_never_sent_blindly(log, fate, settings):
    settings.OUTBOX_RELAY_LOG = log
    stuck = mails.stuck()
    settling.reconcile()
    assert state(stuck) == ("sent" if fate == "queued" else fate)
    assert len(mail.outbox) == (1 if fate == "queued" else 0), "sent again only when the log never saw it"
    if fate == "sent":
        assert stuck.sent_at == stuck.claimed_at


def knows_nothing(message_id: str) -> None:
    return None


def took_it(message_id: str) -> bool:
    return True


def never_saw_it(message_id: str) -> bool:
    return False


def test_what_a_worker_may_still_be_sending_is_not_in_doubt(settings):
    settings.OUTBOX_RELAY_LOG = "tests.notifications.test_sending.never_saw_it"
    fresh = mails.stuck(
        claimed_at=timezone.now() - datetime.timedelta(seconds=settings.OUTBOX_STUCK_AFTER - 5)
    )
    settling.reconcile()
    assert not settling.settle(fresh, reached=False)
    assert (state(fresh), mail.outbox) == ("sending", [])
    assert settings.OUTBOX_STUCK_AFTER > settings.CELERY_TASK_TIME_LIMIT


def test_what_was_taken_again_since_the_page_was_read_is_not_settled():
    stuck = mails.stuck()
    Message.objects.filter(pk=stuck.pk).update(claimed_at=timezone.now() - datetime.timedelta(minutes=20))
    assert not settling.settle(stuck, reached=False)


@pytest.mark.parametrize("settle", [True, False])
def test_a_sensitive_mail_in_doubt_loses_its_words_once_settled(settle):
    stuck = mails.stuck(sensitive=True, kind="trial.code", text="le code 1234")
    settling.settle(stuck, reached=settle)
    assert (state(stuck), stuck.text) == ("sent", "")


@pytest.mark.parametrize("name", ["someone", "rcpt550", "data554"])
def test_a_code_is_erased_as_soon_as_its_fate_is_known(name, took):
    message = mails.posted(f"{name}@example.org", "trial.code", words="le code 1234", link="/cle/1234/")
    assert state(message) in ("sent", "bounced", "failed")
    assert (message.text, message.button, message.link) == ("", "", "")


def test_a_code_that_waits_keeps_its_words(took):
    message = mails.posted("rcpt450@example.org", "trial.code", words="le code 1234")
    assert state(message) == "queued"
    assert "1234" in message.text


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "sent", "claimed_at": timezone.now()}, "message_sent_is_dated"),
        ({"sent_at": timezone.now()}, "message_sent_is_dated"),
        ({"state": "sending"}, "message_sending_is_claimed"),
        ({"state": "failed"}, "message_not_sent_says_why"),
        ({"state": "withheld"}, "message_not_sent_says_why"),
        ({"state": "bounced"}, "message_not_sent_says_why"),
        ({"state": "lost"}, "message_state_known"),
        ({"subject": "a\nBcc: b@example.org"}, "message_subject_is_one_line"),
        ({"subject": "a\rb"}, "message_subject_is_one_line"),
        (
            {"state": "failed", "failure": "raison", "sensitive": True, "text": "un code"},
            "message_sensitive_is_emptied",
        ),
        (
            {"state": "withheld", "failure": "raison", "sensitive": True, "text": "", "link": "/cle/"},
            "message_sensitive_is_emptied",
        ),
    ],
)
def test_the_database_refuses(change, constraint):
    message = mails.queued()[0]
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**change)


def left(**context: object) -> mail.EmailMultiAlternatives:
    mails.posted("someone@example.org", **context)
    return mail.outbox[-1]


def test_a_mail_says_who_sends_it_and_that_a_machine_does():
    headers = left().message()
    assert headers["From"].endswith("<partenariat@example.org>")
    assert headers["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[0-9a-f]{40}@example\.org>", headers["Message-ID"])
    assert headers["List-Unsubscribe"] is None
    assert headers["Reply-To"] is None


def test_a_mail_that_can_be_stopped_says_how_to_people_and_to_programs():
    user = mails.reader("at_once")
    mails.told(user)
    message = mail.outbox[-1].message()
    link = re.sub(r"\s", "", str(message["List-Unsubscribe"])).strip("<>")
    assert link.startswith("https://partenariat.example.org/messages/arreter/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in mail.outbox[-1].body
    assert link in mail.outbox[-1].alternatives[0][0]


@pytest.mark.parametrize("evil", ["\nBcc: b@example.org", "\r\n\r\nCorps", "\x85", "\u2028x", "\0"])
def test_a_subject_stays_one_line(evil):
    message = left(title=f"Du nouveau{evil}").message()
    assert message["Bcc"] is None
    assert len(message["Subject"].splitlines()) == 1


def test_a_long_subject_is_cut():
    left(title="é" * 500)
    assert Message.objects.get().subject == "é" * 199 + "…"


def test_words_of_others_make_neither_links_nor_pages_nor_parts():
    words = "<b>gras</b> https://evil.example/ &amp;\n\n<script>1</script>\n\n> cité"
    message = left(words=words)
    page = message.alternatives[0][0]
    assert "&lt;b&gt;gras&lt;/b&gt; https://evil.example/ &amp;amp;" in page
    assert "<script" not in page
    assert "<blockquote>cité</blockquote>" in page
    assert set(re.findall(r'href="([^"]*)"', page)) == {"https://partenariat.example.org/acteurs/"}
    assert words.split("\n")[0] in message.body, "in plain text, as it was written"


def test_a_code_stands_out():
    message = left(words="voici\n\n123456\n\net 123456 encore")
    assert '<p class="code">123456</p>' in message.alternatives[0][0]
    assert message.alternatives[0][0].count('class="code"') == 1


def test_nothing_in_a_mail_tells_that_it_was_read():
    page = left().alternatives[0][0]
    assert re.findall(r"<(?:img|link|iframe|object)\b|url\(", page) == []
    assert set(re.findall(r"https?://[^\s\"'<)]+", page)) <= {
        "https://partenariat.example.org/acteurs/",
        "http://www.w3.org/1999/xhtml",
    }


def test_text_and_page_say_the_same(monkeypatch):
    sender = Letterhead("Essai", "Un dispositif porté par Essai", "contact@example.org")
    monkeypatch.setattr(sending, "letterhead", lambda: sender)
    message = left(words="bonne lecture")
    page = message.alternatives[0][0]
    for said in ("Bonjour,", "Un mot pour vous : bonne lecture", "Voir la page", *sender.__dict__.values()):
        assert said in message.body
        assert said in page
    assert 'lang="fr"' in page
    assert "/acteurs/" in message.body


def test_the_frame_of_a_mail_is_in_the_language_of_its_reader():
    french, english = (dressed(mails.queued(language=code)[0], Letterhead()) for code in ("fr", "en"))
    assert "votre adresse nous a été donnée" in french.body
    assert 'lang="en"' in english.alternatives[0][0]


def test_the_digests_of_the_day_leave(monkeypatch):
    user = mails.reader()
    mails.told(user)
    monkeypatch.setattr(tasks.send, "delay", lambda: tasks.send())
    tasks.build_digests()
    assert [message.to for message in mail.outbox] == [[user.email]]
