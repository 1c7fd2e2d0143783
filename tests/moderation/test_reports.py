"""Reporting: by anyone, in two clicks; answered; never told to whom it is about; proof against brigades."""

from __future__ import annotations

import threading
import time

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import User
from directory.models import Actor
from moderation import actions, links
from moderation.forms import STAMP
from moderation.models import Case, Decision, Ground, Report, Trust
from notifications.models import Message
from tests import makers
from tests.moderation.test_desk import ambassador, sign_in

pytestmark = pytest.mark.django_db


def said(**more) -> dict[str, str]:
    """What a person sends who took her time."""
    return {"ground": "spam", "stamp": signing.dumps(int(time.time()) - 30, salt=STAMP), **more}


def address(page: Actor) -> str:
    return f"/signaler/acteur/{page.slug}/"


def trusted() -> User:
    user = makers.user()
    Trust.objects.create(user=user)
    return user


def mails(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=f"moderation.{kind}").values_list("address", flat=True))


def test_every_page_leads_to_it_in_one_click_but_ones_own():
    page, structure = makers.actor(), makers.structure()
    visitor = Client()
    assert f'href="{address(page)}"' in visitor.get(page.get_absolute_url()).content.decode()
    assert "/signaler/structure/" in visitor.get(structure.get_absolute_url()).content.decode()
    assert "/signaler/" not in sign_in(page.user).get(page.get_absolute_url()).content.decode()


def test_without_an_account_and_without_a_mail():
    page = makers.actor()
    response = Client().post(address(page), said(text="C’est une publicité."))
    made = Report.objects.get()
    assert (made.reporter, made.mail, made.text) == (None, "", "C’est une publicité.")
    assert (made.case.nature, made.case.target, made.case.author) == ("report", page, page.user)
    # A page of its own answers: read again, or come back to, it sends nothing twice.
    followed = links.follow_up_path(made).rsplit(":", 2)[0]
    assert (response.status_code, response["Location"].rsplit(":", 2)[0]) == (302, followed)
    assert mails("report_received") == []


def test_a_mail_gets_a_receipt_and_then_the_answer():
    page, team = makers.actor(), makers.user(is_team=True)
    Client().post(address(page), said(mail="voisine@example.org"))
    assert mails("report_received") == ["voisine@example.org"]
    actions.decide(Case.objects.get(), "hide", by=team, reason="Publicité.", ground="spam")
    assert mails("report_answered") == ["voisine@example.org"]
    answer = Message.objects.get(kind="moderation.report_answered")
    assert "nous avons agi" in answer.text
    assert answer.link == links.follow_up_path(Report.objects.get())


def test_leaving_things_as_they_are_is_answered_too():
    page, team, reporter = makers.actor(), makers.user(is_team=True), makers.user()
    sign_in(reporter).post(address(page), said())
    actions.keep(Case.objects.get(), by=team)
    assert mails("report_answered") == [reporter.email]
    assert "il reste visible" in Message.objects.get(kind="moderation.report_answered").text


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"ground": ""}, "ground"),
        ({"ground": "lune"}, "ground"),
        ({"mail": "pas une adresse"}, "mail"),
        ({"text": "a" * 2001}, "text"),
        ({"text": "a\0"}, "text"),
        ({"stamp": ""}, "__all__"),
        ({"stamp": "inventé"}, "__all__"),
        ({"stamp": signing.dumps(int(time.time()) + 3600, salt=STAMP)}, "__all__"),
    ],
)
def test_what_cannot_be_taken_is_said_and_kept(more, field):
    response = Client().post(address(makers.actor()), said(**{"text": "ce que j’ai écrit", **more}))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert more.get("text", "ce que j’ai écrit") in response.content.decode()
    assert not Report.objects.exists()


def test_a_page_left_open_too_long_can_be_sent_again(time_machine):
    page = makers.actor()
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    client = Client()
    stamp = client.get(address(page)).context["form"]["stamp"].value()
    time_machine.move_to(now + timezone.timedelta(days=2), tick=False)
    response = client.post(address(page), said(stamp=stamp))
    assert response.status_code == 422
    time_machine.move_to(now + timezone.timedelta(days=2, seconds=9), tick=False)
    again = response.context["form"]["stamp"].value()
    assert client.post(address(page), said(stamp=again)).status_code == 302
    assert Report.objects.count() == 1


def test_a_machine_that_fills_everything_in_writes_nothing():
    page = makers.actor()
    response = Client().post(address(page), said(site="https://exemple.fr"))
    assert (response["Location"], Report.objects.count()) == (page.get_absolute_url(), 0)


def test_twenty_a_day_then_a_kind_word():
    pages = [makers.actor() for _ in range(21)]
    visitor, member = Client(), sign_in(makers.user())
    for client in (visitor, member):
        codes = [client.post(address(page), said()).status_code for page in pages]
        assert codes == [302] * 20 + [429]
    assert "reprenez demain" in member.post(address(pages[0]), said()).content.decode()


def test_the_same_person_counts_once_and_all_reports_are_one_case():
    page, member = makers.actor(), makers.user()
    for _ in range(2):
        actions.report(page, ground=Ground.SPAM, reporter=member)
        actions.report(page, ground=Ground.SPAM, mail="a@example.org")
    actions.report(page, ground=Ground.SPAM)
    assert (Case.objects.count(), Report.objects.count()) == (1, 3)
    assert mails("report_received") == ["a@example.org", member.email]


def test_three_trusted_people_hide_a_page_and_its_author_is_told_that_a_rule_did_it():
    page = makers.actor()
    for number in range(3):
        page.refresh_from_db()
        assert page.status == "published", number
        actions.report(page, ground=Ground.CHARTER, reporter=trusted())
    page.refresh_from_db()
    decision = Decision.objects.of(page).first()
    assert (page.status, decision.rule, decision.by) == ("hidden", "reported", None)
    told = Message.objects.get(kind="moderation.hide")
    assert told.address == page.user.email
    assert "sans intervention humaine" in told.text
    assert "/contester/" in told.text


def test_twenty_new_accounts_hide_nothing():
    page = makers.actor()
    for _ in range(20):
        actions.report(page, ground=Ground.CHARTER, reporter=makers.user())
        actions.report(page, ground=Ground.CHARTER)
    page.refresh_from_db()
    assert page.status == "published"


def test_trust_withdrawn_or_a_suspended_account_weighs_nothing():
    page = makers.actor()
    reporters = [trusted() for _ in range(4)]
    actions.withdraw_trust(reporters[0], by=makers.user(is_team=True))
    accounts.close(reporters[1], User.Closed.SUSPENDED)
    for reporter in reporters:
        actions.report(page, ground=Ground.CHARTER, reporter=reporter)
    page.refresh_from_db()
    assert page.status == "published"


@pytest.mark.parametrize("ground", list(Ground))
def test_what_cannot_wait_is_on_top_and_mailed_at_once_to_those_who_moderate_here(ground):
    page, team, here = makers.actor(), makers.user(is_team=True), ambassador()
    ambassador("dep-75"), makers.user()
    actions.report(page, ground=ground)
    urgent = ground in ("dangerous", "minor", "privacy")
    assert Case.objects.get().urgent == urgent
    assert mails("urgent") == (sorted([team.email, here.email]) if urgent else [])


def test_a_moderator_is_not_told_of_what_is_about_herself():
    team, other = makers.user(is_team=True), makers.user(is_team=True)
    actions.report(makers.actor(user=team), ground=Ground.DANGEROUS)
    assert mails("urgent") == [other.email]


@pytest.mark.parametrize(
    ("act", "words"),
    [(None, "En cours"), ("hide", "Nous avons agi"), ("keep", "Lu, et laissé en place")],
)
def test_following_a_report_says_where_it_stands_and_names_nobody(act, words):
    team, page = makers.user(is_team=True), makers.actor()
    made = actions.report(page, ground=Ground.SPAM, mail="voisine@example.org", text="canari-texte")
    if act == "hide":
        actions.decide(made.case, "hide", by=team, reason="canari-motif", ground="spam")
    elif act:
        actions.keep(made.case, by=team)
    text = Client().get(links.follow_up_path(made)).content.decode()
    assert words in text
    hidden = (team.email, "voisine@example.org", "canari-texte", "canari-motif", page.user.email)
    assert [secret for secret in hidden if secret in text] == []


def test_who_reported_is_never_shown_to_whom_it_is_about():
    """Her pages, her mails and her history, whatever was decided, hold nothing of who reported."""
    reporter_page = makers.actor(first_name="Canarie", last_name="Signaleuse", name_style="full")
    reporter, team = reporter_page.user, makers.user(is_team=True)
    page = makers.actor()
    secrets = ["Canarie", "Signaleuse", reporter.email, "canari-adresse@example.org", "canari-precisions"]
    texts = []
    for act in ("keep", "hide"):
        actions.report(page, ground=Ground.PRIVACY, reporter=reporter, text="canari-precisions")
        actions.report(
            page, ground=Ground.PRIVACY, mail="canari-adresse@example.org", text="canari-precisions"
        )
        case = Case.objects.open().get()
        if act == "hide":
            actions.decide(case, "hide", by=team, reason="Un tiers est nommé.", ground="privacy")
        else:
            actions.keep(case, by=team)
        client = sign_in(page.user)
        pages = [page.get_absolute_url(), "/mon-espace/"]
        texts += [client.get(one).content.decode() for one in pages]
    decision = Decision.objects.of(page).first()
    texts.append(Client().get(links.appeal_path(decision, page.user)).content.decode())
    texts += [f"{mail.subject}{mail.text}" for mail in Message.objects.filter(recipient=page.user)]
    assert len(texts) >= 6
    assert [secret for secret in secrets for text in texts if secret in text] == []
    # The same words are on the desk: what could leak is there.
    desk = sign_in(team).get(case.get_absolute_url()).content.decode()
    assert [secret for secret in ("Canarie Signaleuse", "canari-precisions") if secret not in desk] == []


@pytest.mark.parametrize("status", ["draft", "archived", "members only"])
def test_what_one_cannot_see_cannot_be_reported(status):
    from accounts.audience import Audience
    from directory.actions import withdraw

    page = makers.actor(published=status != "draft")
    if status == "archived":
        withdraw(page)
    if status == "members only":
        page.audience = Audience.MEMBERS
        page.save()
    assert Client().post(address(page), said()).status_code == 404


def test_of_eight_reports_at_once_each_is_counted_and_the_page_is_hidden_once(committed):
    page, reporters = makers.actor(), [trusted() for _ in range(8)]
    gate, failures = threading.Barrier(8), []

    def send(reporter):
        try:
            copy = Actor.objects.get(pk=page.pk)
            gate.wait()
            actions.report(copy, ground=Ground.CHARTER, reporter=reporter)
        except Exception as failure:  # noqa: BLE001 (whatever it is, the test shows it)
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(reporter,)) for reporter in reporters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    page.refresh_from_db()
    assert (failures, Report.objects.count(), Case.objects.count()) == ([], 8, 1)
    assert (page.status, Decision.objects.filter(verb="hide").count()) == ("hidden", 1)
