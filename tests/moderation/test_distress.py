"""Words of distress in what is contributed: never held against their writer, on top of the queue at once."""

from __future__ import annotations

import pytest

from accounts.audience import Audience
from directory import actions as directory
from directory.models import Actor, Structure
from moderation import actions
from moderation.models import Case, Trust
from notifications.models import Message
from tests import makers
from tests.conftest import say_why
from tests.moderation.test_desk import ambassador, sign_in

pytestmark = pytest.mark.django_db
DISTRESS = "Je n’ai plus envie de vivre."
CALM = "Je travaille à la prévention du suicide."


def submit(words: str, *, trusted: bool) -> Actor:
    page = makers.actor(published=False, texts={"needs": words})
    if trusted:
        Trust.objects.create(user=page.user)
    actions.submit(page, by=page.user)
    return page


def edit(words: str, *, trusted: bool) -> Actor:
    page = makers.actor()
    if trusted:
        Trust.objects.create(user=page.user)
    directory.edit_page(page, {"needs": words}, by=page.user)
    return page


def edit_structure(words: str, *, trusted: bool) -> Structure:
    referent = makers.user()
    structure = makers.structure(referents=[referent])
    if trusted:
        Trust.objects.create(user=referent)
    actions.revise(structure, {"description": words}, by=referent)
    return structure


@pytest.mark.parametrize("words", [DISTRESS, CALM])
@pytest.mark.parametrize(
    ("write", "trusted", "nature"),
    [
        (submit, False, "content"),
        (submit, True, "review"),
        (edit, False, "edit"),
        (edit, True, "review"),
        (edit_structure, False, "edit"),
        (edit_structure, True, "review"),
    ],
)
def test_they_put_the_case_on_top_and_tell_those_who_moderate(write, trusted, nature, words):
    team, here = makers.user(is_team=True), ambassador()
    write(words, trusted=trusted)
    case, told = Case.objects.get(), Message.objects.filter(kind="moderation.urgent")
    assert (case.nature, case.urgent) == (nature, words == DISTRESS)
    assert sorted(message.address for message in told) == (
        sorted([team.email, here.email]) if words == DISTRESS else []
    )
    assert not any("vivre" in f"{message.subject} {message.text}" for message in told)


def test_a_later_calm_edit_leaves_it_on_top_until_someone_looked():
    page = edit(DISTRESS, trusted=False)
    directory.edit_page(page, {"needs": CALM}, by=page.user)
    assert Case.objects.get().urgent


def test_a_draft_that_nobody_reads_opens_nothing():
    page = makers.actor(published=False)
    directory.edit_page(page, {"needs": DISTRESS}, by=page.user)
    assert not Case.objects.exists()


@pytest.mark.parametrize(("circle", "urgent"), [(Audience.TEAM, True), (Audience.ME, False)])
def test_what_someone_keeps_for_herself_stays_with_her(circle, urgent):
    page = makers.actor(published=False, texts={"experience": DISTRESS}, audiences={"experience": circle})
    actions.submit(page, by=page.user)
    assert Case.objects.get().urgent == urgent


@pytest.mark.parametrize(("words", "said"), [(DISTRESS, True), (CALM, False)])
def test_the_case_says_that_someone_may_not_be_well(words, said):
    page = submit(words, trusted=False)
    case = Case.objects.get()
    Case.objects.update(urgent=True)
    client = sign_in(makers.user(is_team=True))
    say_why(client, page)
    assert ("ne va peut-être pas bien" in client.get(case.get_absolute_url()).content.decode()) == said


def test_so_does_the_case_that_a_letter_opened():
    conversation = makers.conversation(text=DISTRESS)
    client = sign_in(makers.user(is_team=True))
    say_why(client, conversation.asker.actor)
    page = client.get(Case.objects.get().get_absolute_url()).content.decode()
    assert ("ne va peut-être pas bien" in page, "plus envie de vivre" in page) == (True, False)
