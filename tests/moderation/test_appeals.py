"""Contesting: by link, once, in time, before someone else; and what an answer undoes."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from moderation import actions, links
from moderation.models import CONTESTABLE_FOR, Appeal, Case, Decision, Ground, Sanction, Verb
from moderation.workflow import Impossible
from notifications.models import Message
from tests import makers
from tests.moderation.test_desk import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> User:
    return makers.user(is_team=True)


def against(verb: str, by: User) -> Decision | Sanction:
    """What a moderator decided against someone."""
    if verb in ("warn", "suspend"):
        decide = getattr(actions, verb)
        return decide(makers.actor().user, by=by, ground=Ground.SPAM, reason="Non.")
    if verb.endswith("_edit"):
        page = makers.actor(texts={"headline": "Avant"})
        actions.revise(page, {"headline": "Après"}, by=page.user)
    elif verb in ("hide", "archive"):
        page = makers.actor()
        actions.open_case(Case.Nature.STALE, page)
    else:
        page = makers.actor(published=False)
        actions.submit(page, by=page.user)
    case = Case.objects.open().get()
    return actions.decide(case, Verb(verb), by=by, reason="Non.", ground="spam")


def author_of(contested: Decision | Sanction) -> User:
    return contested.user if isinstance(contested, Sanction) else contested.target.user


def contest(contested: Decision | Sanction, **post):
    return Client().post(
        links.appeal_path(contested, author_of(contested)), {"text": "Je ne crois pas.", **post}, follow=True
    )


VERBS = ("return", "refuse", "hide", "archive", "return_edit", "refuse_edit", "warn", "suspend")


@pytest.mark.parametrize("verb", VERBS)
def test_each_decision_against_someone_comes_with_a_link_to_contest_it_without_signing_in(verb, moderator):
    contested = against(verb, moderator)
    told = (
        Message.objects.exclude(kind__contains="appeal").filter(recipient=author_of(contested)).latest("pk")
    )
    path = links.appeal_path(contested, author_of(contested)).rsplit(":", 2)[0]
    assert path in f"{told.text} {told.link}"
    response = contest(contested)
    assert (response.status_code, Appeal.objects.get().contested) == (200, contested)
    assert "En cours d’examen" in response.content.decode()


@pytest.mark.parametrize("verb", ["publish", "accept_edit"])
def test_what_goes_in_favour_is_not_contested(verb, moderator):
    contested = against(verb, moderator)
    assert not contested.is_contestable
    assert "/contester/" not in Message.objects.get(kind=f"moderation.{verb}").text
    assert contest(contested).status_code == 404


def test_archiving_ones_own_page_is_not_contested():
    page = makers.actor()
    actions.archive(page, by=page.user)
    assert not Decision.objects.of(page).first().is_contestable


@pytest.mark.parametrize("verb", VERBS)
def test_someone_else_judges_it(verb, moderator):
    """Whoever decided finds no case, cannot answer, and the database refuses her name on it."""
    contest(against(verb, moderator))
    case = Case.objects.open().get(nature="appeal")
    assert (case.not_for, case.author) == (moderator, author_of(Appeal.objects.get().contested))
    assert sign_in(moderator).get(case.get_absolute_url()).status_code == 404
    with pytest.raises(Impossible):
        actions.answer_appeal(case, by=moderator, granted=False, answer="Non.")
    for field in ("closed_by", "claimed_by"):
        with pytest.raises(IntegrityError, match="case_goes_to_another"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**{field: moderator, "claimed_at": timezone.now()})
    other = sign_in(makers.user(is_team=True))
    page = other.get(case.get_absolute_url()).content.decode()
    assert "Je ne crois pas." in page
    other.post(f"/moderation/dossiers/{case.pk}/decider/", {"act": "reject", "reason": "La règle tient."})
    assert Appeal.objects.get().outcome == "rejected"


def test_an_author_of_the_team_does_not_judge_her_own(moderator):
    page = makers.actor(published=False, user=makers.user(is_team=True))
    page.status, page.submitted_at = "submitted", timezone.now()
    page.save()
    case = actions.open_case(Case.Nature.CONTENT, page, author=page.user)
    contest(actions.decide(case, Verb.REFUSE, by=moderator, reason="Non.", ground="spam"))
    case = Case.objects.open().get(nature="appeal")
    assert sign_in(page.user).get(case.get_absolute_url()).status_code == 404


#: What is so again once an appeal is granted.
UNDONE = {
    "return": "published",
    "refuse": "published",
    "hide": "published",
    "archive": "published",
    "return_edit": "Après",
    "refuse_edit": "Après",
    "warn": "lifted",
    "suspend": "lifted",
}


def state_after(contested: Decision | Sanction) -> str:
    contested.refresh_from_db()
    if isinstance(contested, Sanction):
        return "lifted" if contested.lifted_at and contested.user.is_active else "in force"
    page = type(contested.target).objects.get(pk=contested.object_id)
    return page.headline if contested.verb.endswith("_edit") else page.status


@pytest.mark.parametrize("granted", [True, False])
@pytest.mark.parametrize("verb", VERBS)
def test_an_answer_undoes_what_was_decided_or_lets_it_stand_and_is_mailed(verb, granted, moderator):
    contested = against(verb, moderator)
    before = state_after(contested)
    contest(contested)
    case, words = Case.objects.open().get(nature="appeal"), "Voici ce que nous avons vu."
    actions.answer_appeal(case, by=makers.user(is_team=True), granted=granted, answer=words)
    assert state_after(contested) == (UNDONE[verb] if granted else before)
    mail = Message.objects.get(kind="moderation.appeal_answered")
    assert (mail.address, words in mail.text) == (author_of(contested).email, True)
    assert ("revenons dessus" in mail.text) == granted
    page = Client().get(links.appeal_path(contested, author_of(contested))).content.decode()
    assert words in page


def test_what_changed_meanwhile_is_left_as_it_is(moderator):
    contested = against("hide", moderator)
    contest(contested)
    page = contested.target
    actions.archive(page, by=page.user)
    case = Case.objects.open().get(nature="appeal")
    actions.answer_appeal(case, by=makers.user(is_team=True), granted=True, answer="Oui.")
    page.refresh_from_db()
    assert page.status == "archived"


def test_once_only(moderator):
    contested = against("refuse", moderator)
    contest(contested)
    with pytest.raises(Impossible, match="une seule fois"):
        actions.appeal(contested, by=author_of(contested), text="Encore.")
    assert contest(contested, text="Encore.").status_code == 409
    assert [appeal.text for appeal in Appeal.objects.all()] == ["Je ne crois pas."]


@pytest.mark.parametrize(("days", "taken"), [(-1, True), (0, True), (1, False)])
def test_within_six_months(days, taken, moderator, time_machine):
    contested = against("refuse", moderator)
    time_machine.move_to(contested.at + CONTESTABLE_FOR + datetime.timedelta(days=days), tick=False)
    response = contest(contested)
    assert (response.status_code, Appeal.objects.exists()) == (200 if taken else 409, taken)
    assert ("le délai" in response.content.decode().lower()) is not taken


@pytest.mark.parametrize("text", ["", "   ", "a" * 4001, "a\0"])
def test_words_that_cannot_be_taken(text, moderator):
    response = contest(against("refuse", moderator), text=text)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["text"])
    assert not Appeal.objects.exists()


def test_a_link_is_for_whoever_answers_for_the_page(moderator):
    contested = against("refuse", moderator)
    assert Client().get(links.appeal_path(contested, makers.user())).status_code == 404
    warning = against("warn", moderator)
    assert Client().get(links.appeal_path(warning, makers.user())).status_code == 404


@pytest.mark.parametrize("token", ["x", "WyJkZWNpc2lvbiIsMSwxXQ:1:2", "W10:1:2", "é"])
def test_a_link_that_we_did_not_write_leads_nowhere(token):
    assert [Client().get(f"/{way}/{token}/").status_code for way in ("contester", "confirmer")] == [404, 404]
    assert Client().get(f"/signaler/suivi/{token}/").status_code == 404


def test_of_eight_appeals_at_once_one_is_made(committed):
    contested = against("refuse", makers.user(is_team=True))
    author, made, gate = author_of(contested), [], threading.Barrier(8)

    def send():
        try:
            gate.wait()
            actions.appeal(Decision.objects.get(pk=contested.pk), by=author, text="Non.")
            made.append(1)
        except Impossible:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), Appeal.objects.count(), Case.objects.open().count()) == (1, 1, 1)
