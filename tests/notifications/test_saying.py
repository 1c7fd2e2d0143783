"""What is said is said once, at the pace each person chose, and that choice is read again when it leaves."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage, mail_admins, send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from accounts import actions as accounts
from notifications import actions, kinds
from notifications.digest import build_all
from notifications.models import Message, Notice, Preference
from notifications.sending import claim, send
from tests import mails

pytestmark = pytest.mark.django_db
PACES = ("at_once", "daily", "never")


def sent() -> list[tuple[str, str]]:
    return [(message.to[0], message.subject) for message in mail.outbox]


@pytest.mark.parametrize(
    ("kind", "pace", "mails_sent"),
    [
        ("trial.news", "", 0),
        ("trial.news", "daily", 0),
        ("trial.news", "never", 0),
        ("trial.news", "at_once", 1),
        *[("trial.decision", pace, 1) for pace in ("", *PACES)],
    ],
)
def test_a_notice_is_always_there_and_its_mail_depends(kind, pace, mails_sent):
    user = mails.reader(pace)
    notice = mails.told(user, kind)
    assert list(user.notices.all()) == [notice]
    assert (notice.subject, notice.link, notice.read_at) == ("Du nouveau", "/acteurs/", None)
    assert sent() == [(user.email, "Du nouveau")] * mails_sent


@pytest.mark.parametrize("say", [mails.told, mails.posted])
def test_the_same_thing_is_said_once_to_each(say):
    one, other = mails.reader("at_once"), mails.reader("at_once")
    about = mails.reader()

    def times() -> int:
        return Message.objects.count()

    assert say(one, "trial.decision", about=about, period="2026") is not None
    assert say(one, "trial.decision", about=about, period="2026") is None
    assert times() == 1
    for user, kind, thing, period in (
        (other, "trial.decision", about, "2026"),
        (one, "trial.receipt", about, "2026"),
        (one, "trial.decision", other, "2026"),
        (one, "trial.decision", about, "2027"),
    ):
        before = times()
        assert say(user, kind, about=thing, period=period) is not None
        assert times() == before + 1
    assert len(mail.outbox) == 5


def test_an_address_without_account_is_told_once_whatever_its_capitals():
    assert mails.posted("Someone@example.org", period="2026")
    assert mails.posted("someone@EXAMPLE.org", period="2026") is None
    assert [message.to for message in mail.outbox] == [["someone@example.org"]]


def test_nothing_leaves_when_what_causes_it_fails():
    user = mails.reader("at_once")
    with transaction.atomic():
        mails.told(user)
        transaction.set_rollback(True)
    assert (sent(), Message.objects.count(), Notice.objects.count()) == ([], 0, 0)


def test_an_unknown_kind_is_a_mistake_of_the_code():
    with pytest.raises(KeyError):
        mails.told(mails.reader(), "trial.unknown")


def waiting(user) -> Message:
    """A mail written at once, before any worker takes it."""
    notice = Notice.objects.create(key="k" * 64, user=user, kind="trial.news", subject="Du nouveau", link="/")
    message = mails.queued(recipient=user, address=user.email, kind="trial.news", optional=True)[0]
    Notice.objects.filter(pk=notice.pk).update(message=message)
    return message


@pytest.mark.parametrize(
    ("since", "state", "reason"),
    [
        (lambda user: None, "sent", ""),
        (lambda user: actions.choose_paces(user, {"trial": "never"}), "withheld", "ne plus recevoir"),
        (lambda user: actions.stop(user, "trial"), "withheld", "ne plus recevoir"),
        (lambda user: actions.choose_paces(user, {"trial": "daily"}), "withheld", "récapitulatif"),
        (lambda user: accounts.close(user, user.Closed.SUSPENDED), "withheld", "suspendu"),
        (lambda user: actions.choose_paces(user, {"other": "never"}), "sent", ""),
    ],
    ids=["nothing", "turned off", "stopped by link", "now daily", "suspended", "another family"],
)
def test_what_changed_before_it_left_counts(since, state, reason):
    user = mails.reader("at_once")
    message = waiting(user)
    since(user)
    send()
    message.refresh_from_db()
    assert message.state == state
    assert reason in message.failure
    assert len(mail.outbox) == (1 if state == "sent" else 0)


def test_what_waits_for_someone_erased_goes_with_her():
    user = mails.reader("at_once")
    waiting(user)
    user.delete()
    send()
    assert (sent(), Message.objects.count(), Notice.objects.count()) == ([], 0, 0)


def test_what_is_mandatory_reaches_the_suspended_too():
    """She is owed the reasons of the decision."""
    user = mails.reader()
    accounts.close(user, user.Closed.SUSPENDED)
    mails.told(user, "trial.decision")
    assert sent() == [(user.email, "Du nouveau")]


def test_what_is_no_longer_at_once_comes_in_the_digest():
    user = mails.reader("at_once")
    waiting(user)
    actions.choose_paces(user, {"trial": "daily"})
    send()
    assert build_all(timezone.now()) == 1
    send()
    assert sent() == [(user.email, "Votre récapitulatif du jour")]


def test_the_digest_gathers_what_is_new_once():
    user, quiet = mails.reader(), mails.reader()
    mails.told(user, title="La première", link="/un/")
    mails.told(user, title="La seconde", link="/deux/")
    mails.told(quiet, title="Lue sur le site")
    actions.mark_read(quiet)
    mails.told(mails.reader("never"))
    mails.told(mails.reader("at_once"), title="Déjà partie")
    mail.outbox.clear()
    now = timezone.now()
    assert [build_all(now), build_all(now)] == [1, 0]
    send()
    (digest,) = mail.outbox
    assert digest.to == [user.email]
    items = [line for line in digest.body.splitlines() if line.startswith("- ")]
    assert items == [
        "- La première : https://partenariat.example.org/un/",
        "- La seconde : https://partenariat.example.org/deux/",
    ]
    tomorrow = now + datetime.timedelta(days=1)
    assert build_all(tomorrow) == 0, "nothing new: no mail"
    mails.told(user, title="La troisième", link="/trois/")
    assert [build_all(now), build_all(tomorrow)] == [0, 1]
    send()
    assert "La troisième" in mail.outbox[-1].body
    assert "La première" not in mail.outbox[-1].body


def test_the_digest_leaves_what_is_old_in_the_space():
    user = mails.reader()
    mails.told(user)
    assert build_all(timezone.now() + datetime.timedelta(days=7, minutes=1)) == 0
    assert build_all(timezone.now() + datetime.timedelta(days=6, hours=23)) == 1


def test_the_digest_forgets_what_was_turned_off_since(other_family):
    user = mails.reader()
    mails.told(user, title="À garder")
    Notice.objects.create(key="k" * 64, user=user, kind="accounts.trial", subject="À taire")
    build_all(timezone.now())
    actions.choose_paces(user, {"accounts": "never"})
    send()
    (digest,) = mail.outbox
    assert "À garder" in digest.body
    assert "À taire" not in digest.body
    assert "À taire" not in Message.objects.get().text


def test_a_digest_stopped_since_is_withheld_and_its_news_are_not_sent_later():
    user = mails.reader()
    mails.told(user)
    build_all(timezone.now())
    actions.stop(user, kinds.OWN_FAMILY)
    send()
    assert (sent(), Message.objects.get().state) == ([], "withheld")
    actions.choose_paces(user, {"trial": "daily"})
    assert build_all(timezone.now() + datetime.timedelta(days=1)) == 0


@pytest.fixture
def other_family(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.register(kinds.MailKind("accounts.trial", "Autre famille"))


def test_stopping_the_digest_stops_what_it_gathers_only(other_family):
    user = mails.reader("at_once")
    actions.stop(user, kinds.OWN_FAMILY)
    paces = Preference.paces_of(user)
    assert (paces["trial"], paces["accounts"]) == ("at_once", "never")


def test_each_is_written_to_in_her_language():
    mails.posted(mails.reader(language="en"), period="2026")
    mails.posted(mails.reader(language="fr"), period="2026")
    with override("en"):
        mails.posted("someone@example.org", period="2026")
    assert [message.language for message in Message.objects.order_by("pk")] == ["en", "fr", "en"]


def test_what_goes_through_django_becomes_a_row():
    send_mail("Bonjour", "Voici\n\nvotre code", None, ["someone@example.org"])
    row = Message.objects.get()
    assert (row.state, row.address, row.text) == ("sent", "someone@example.org", "")
    assert row.kind == "notifications.other"
    (left,) = mail.outbox
    assert left.to == ["someone@example.org"]
    assert "votre code" in left.body
    assert left.extra_headers["Message-ID"] == row.message_id


def test_each_recipient_of_a_mail_of_django_has_a_row_of_its_own(settings):
    settings.ADMINS = [("One", "one@example.org"), ("Two", "two@example.org")]
    mail_admins("Panne", "Une erreur\n\na eu lieu")
    assert sorted(message.to for message in mail.outbox) == [["one@example.org"], ["two@example.org"]]


def test_a_mail_may_say_its_kind_and_whose_it_is_and_that_does_not_leave():
    user = mails.reader()
    headers = {"X-Kind": "accounts.password_changed", "X-Recipient": str(user.pk)}
    EmailMessage("Changé", "Votre mot de passe", None, ["old@example.org"], headers=headers).send()
    row = Message.objects.get()
    assert (row.kind, row.recipient, row.address) == ("accounts.password_changed", user, "old@example.org")
    assert row.text == "Votre mot de passe"
    assert [name for name in mail.outbox[0].message() if name.startswith("X-")] == []


def test_the_kind_of_a_mail_nobody_declared_is_the_most_delicate():
    EmailMessage("a", "b", None, ["a@example.org"], headers={"X-Kind": "accounts.never_heard"}).send()
    row = Message.objects.get()
    assert (row.kind, row.sensitive, row.text) == ("notifications.other", True, "")


@pytest.mark.parametrize("kind", ["trial.receipt", "trial.code"])
def test_an_address_gets_five_mails_a_day_from_what_strangers_can_cause(kind):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        for _each in range(7):
            mails.posted("victim@example.org", kind)
            mails.posted("Victim@Example.org", "trial.receipt")
        mails.posted("other@example.org", kind)
    assert [message.to[0] for message in mail.outbox].count("victim@example.org") == 5
    assert [message.to[0] for message in mail.outbox].count("other@example.org") == 1
    held = Message.objects.filter(address="victim@example.org", state="withheld")
    assert held.count() == 9
    assert {row.failure for row in held} == {
        "Cette adresse a déjà reçu 5 messages en un jour : un abus est possible."
    }
    assert {row.text for row in held if row.sensitive} <= {""}
    with time_machine.travel(now + datetime.timedelta(days=1, seconds=1)):
        assert mails.posted("victim@example.org", kind).state == "queued"


def test_what_no_stranger_can_cause_is_not_counted():
    user = mails.reader()
    for _each in range(7):
        mails.told(user, "trial.decision")
        mails.posted(user, "trial.code")
    assert len(mail.outbox) == 7 + 5


def test_every_kind_has_its_words():
    """Those of the accounts come from allauth, the others from one template each."""
    from django.template.loader import get_template

    for kind in kinds.kinds():
        if kind.family != "accounts" and kind.code != "notifications.other":
            assert get_template(kind.template).template.source.startswith('{% extends "')


def test_every_mail_of_allauth_is_a_kind():
    import allauth

    found = {
        path.name.removesuffix("_message.txt")
        for path in (Path(allauth.__file__).parent / "templates").glob("*/email/*_message.txt")
    }
    known = {code.partition(".")[2] for code in kinds.known() if code.startswith("accounts.")}
    assert sorted(found - {"base"} - known) == []


def test_a_kind_is_declared_once():
    kinds.register(kinds.kind("trial.news"))
    with pytest.raises(ValueError, match=r"trial\.news"):
        kinds.register(kinds.MailKind("trial.news", "Autre chose"))


def test_a_kind_given_up_keeps_its_code():
    assert mails.queued(kind="old.kind")[0].get_kind_display() == "old.kind"


def test_claiming_withholds_on_the_way():
    user = mails.reader("at_once")
    waiting(user)
    other = mails.queued()[0]
    actions.stop(user, "trial")
    assert claim() == other
