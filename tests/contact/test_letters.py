"""Writing, answering, saying no: who may, in which state, and how much."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import User
from contact import actions, rules
from contact.models import Conversation, Letter, Part
from contact.rules import Refused
from directory import actions as directory
from moderation import actions as moderation
from moderation.models import Case, Trust
from notifications.models import Message, Notice
from tests import makers

pytestmark = pytest.mark.django_db

PERSON_AWAY = "Cette personne n’est pas disponible en ce moment."
STRUCTURE_AWAY = "Cette structure n’est pas joignable par le site en ce moment."
State = Conversation.State


def told(user: User) -> list[str]:
    return list(user.notices.order_by("pk").values_list("kind", flat=True))


def mailed(user: User) -> list[str]:
    return list(Message.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


def refused(call, **arguments) -> str:
    """The words with which something is refused; what was done before is undone."""
    with pytest.raises(Refused) as caught, transaction.atomic():
        call(**arguments)
    return str(caught.value)


def back(model_row, **since: int) -> None:
    """Move what just happened into the past."""
    moment = timezone.now() - datetime.timedelta(**since)
    Conversation.objects.filter(pk=model_row.pk).update(started_at=moment, last_letter_at=moment)
    model_row.letters.update(sent_at=moment)


# Beginning ---------------------------------------------------------------------------------------------


def test_a_first_letter_reaches_one_person_who_is_told_at_once():
    asker, recipient = makers.member(), makers.member()
    conversation = actions.start(asker=asker, page=recipient.actor, text="Bonjour, je cherche un avis.")
    assert [letter.text for letter in conversation.letters.all()] == ["Bonjour, je cherche un avis."]
    assert conversation.state == State.WAITING
    assert list(Conversation.objects.of(asker)) == [conversation]
    assert list(Conversation.objects.unread_by(recipient)) == [conversation]
    assert list(Conversation.objects.unread_by(asker)) == []
    assert told(recipient) == mailed(recipient) == ["contact.first"]
    assert told(asker) == []


def test_a_letter_to_a_structure_reaches_all_its_referents():
    first, second, gone = makers.user(), makers.user(), makers.user(closed="hand")
    structure = makers.structure(referents=[first, second, gone])
    conversation = makers.conversation(to=structure)
    for referent in (first, second):
        assert list(Conversation.objects.of(referent)) == [conversation]
        assert told(referent) == ["contact.first"]
    assert told(gone) == []
    structure.referents.remove(second)
    assert list(Conversation.objects.of(second)) == []


def test_nobody_else_finds_a_conversation():
    conversation = makers.conversation()
    for other in (makers.member(), makers.user(is_team=True), makers.user(is_superuser=True)):
        assert list(Conversation.objects.of(other)) == []
        assert conversation not in Conversation.objects.unread_by(other)


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("no verified address", "Confirmez d’abord votre adresse mail"),
        ("no page", "Publiez d’abord votre page"),
        ("draft page", "Publiez d’abord votre page"),
        ("archived page", "Publiez d’abord votre page"),
        ("sent page", "Votre page attend sa relecture"),
    ],
)
def test_what_one_needs_to_write(who, words):
    asker = makers.member(published=who not in ("draft page", "sent page"))
    if who == "no verified address":
        asker.emailaddress_set.update(verified=False)
    elif who == "no page":
        asker.actor.delete()
    elif who == "archived page":
        directory.withdraw(asker.actor)
    elif who == "sent page":
        moderation.submit(asker.actor, by=asker)
    asker = User.objects.get(pk=asker.pk)
    text = refused(actions.start, asker=asker, page=makers.member().actor, text="Bonjour")
    assert text.startswith(words)
    assert Letter.objects.count() == Notice.objects.count() == 0


def pause(asker, other):
    other.actor.paused = True
    other.actor.save()


def archive(asker, other):
    directory.withdraw(other.actor)


def suspend(asker, other):
    accounts.close(other, other.Closed.SUSPENDED)


def closed_while_the_page_is_there(asker, other):
    User.objects.filter(pk=other.pk).update(is_active=False, closed_for=["suspended"])


def blocked_by_her(asker, other):
    accounts.block(blocker=other, blocked=asker)


def blocked_by_me(asker, other):
    accounts.block(blocker=asker, blocked=other)


AWAY = [pause, archive, suspend, closed_while_the_page_is_there, blocked_by_her, blocked_by_me]


@pytest.mark.parametrize("cause", AWAY)
def test_whatever_the_cause_the_words_are_the_same(cause):
    asker, other = makers.member(), makers.member()
    cause(asker, other)
    assert refused(actions.start, asker=asker, page=other.actor, text="Bonjour") == PERSON_AWAY
    assert Conversation.objects.count() == 0


def test_a_structure_is_reached_by_the_referents_with_whom_nothing_stands_in_the_way():
    asker, blocking, free = makers.member(), makers.user(), makers.user()
    structure = makers.structure(referents=[blocking, free])
    accounts.block(blocker=blocking, blocked=asker)
    conversation = actions.start(asker=asker, page=structure, text="Bonjour")
    assert (told(blocking), told(free)) == ([], ["contact.first"])
    assert list(Conversation.objects.of(blocking)) == []
    assert list(Conversation.objects.of(free)) == [conversation]
    for others in ([blocking], [asker]):
        other = makers.structure(referents=others)
        assert refused(actions.start, asker=asker, page=other, text="Bonjour") == STRUCTURE_AWAY
    assert refused(actions.start, asker=asker, page=makers.structure(), text="Bonjour") == STRUCTURE_AWAY


# Limits ------------------------------------------------------------------------------------------------


def test_a_member_begins_five_conversations_a_day():
    asker = makers.member()
    begun = [makers.conversation(asker) for _each in range(rules.ASKED_A_DAY)]
    text = refused(actions.start, asker=asker, page=makers.member().actor, text="Bonjour")
    assert text.startswith("Vous avez écrit à 5 personnes depuis hier")
    back(begun[0], hours=24, seconds=1)
    makers.conversation(asker)


def test_a_newcomer_begins_two_until_she_is_known_or_trusted():
    asker = makers.member(joined_days_ago=6)
    for _each in range(rules.ASKED_A_DAY_BY_NEWCOMERS):
        makers.conversation(asker)
    text = refused(actions.start, asker=asker, page=makers.member().actor, text="Bonjour")
    assert text.startswith("Vous avez écrit à 2 personnes depuis hier")
    Trust.objects.create(user=asker)
    makers.conversation(asker)
    known = makers.member(joined_days_ago=8)
    for _each in range(3):
        makers.conversation(known)


def test_a_person_gets_ten_new_conversations_a_day_and_five_mails():
    recipient = makers.member()
    begun = [makers.conversation(to=recipient) for _each in range(rules.RECEIVED_A_DAY)]
    assert told(recipient) == ["contact.first"] * 5 + ["contact.more"] * 5
    assert mailed(recipient) == ["contact.first"] * 5
    text = refused(actions.start, asker=makers.member(), page=recipient.actor, text="Bonjour")
    assert text.startswith("Beaucoup de personnes ont écrit ici aujourd’hui")
    back(begun[0], hours=24, seconds=1)
    makers.conversation(to=recipient)


@pytest.mark.parametrize("outcome", ["declined", "expired"])
def test_without_an_answer_one_letter_in_seven_days_to_the_same_person(outcome):
    conversation = makers.conversation()
    asker, page = conversation.asker, conversation.recipient.actor
    Conversation.objects.update(state=outcome, decline_reason="no_time" if outcome == "declined" else "")
    back(conversation, days=7, seconds=-60)
    text = refused(actions.start, asker=asker, page=page, text="Bonjour encore")
    assert text.startswith("Vous avez déjà écrit il y a peu. Vous pourrez écrire de nouveau à partir du ")
    # The other is not held by the pace of the first.
    makers.conversation(page.user, asker)
    Conversation.objects.exclude(pk=conversation.pk).delete()
    back(conversation, days=7)
    actions.start(asker=asker, page=page, text="Bonjour encore")


def test_while_one_waits_one_letter_in_seven_days():
    conversation = makers.conversation()
    asker = conversation.asker
    assert refused(actions.start, asker=asker, page=conversation.recipient.actor, text="Bonjour").startswith(
        "Vous avez déjà une conversation en cours"
    )
    assert refused(actions.write, conversation=conversation, author=asker, text="Alors ?").startswith(
        "Vous avez déjà écrit il y a peu."
    )
    back(conversation, days=7)
    actions.write(conversation, author=asker, text="Je me permets de revenir vers vous.")
    assert Conversation.objects.get().state == State.WAITING


def test_letters_of_a_day_are_counted_over_all_conversations():
    conversation = makers.conversation()
    other = conversation.recipient
    actions.write(conversation, author=other, text="Bonjour")
    Letter.objects.bulk_create(
        Letter(conversation=conversation, author=other, text="Suite")
        for _each in range(rules.LETTERS_A_DAY - 1)
    )
    text = refused(actions.write, conversation=conversation, author=other, text="De trop")
    assert text == "Vous avez envoyé 30 messages depuis hier, c’est le plus possible en un jour."
    assert refused(actions.start, asker=other, page=makers.member().actor, text="De trop") == text
    actions.write(conversation, author=conversation.asker, text="Moi, je peux.")


# Answering, saying no ----------------------------------------------------------------------------------


def test_the_first_answer_opens_the_conversation_and_is_told():
    conversation = makers.conversation()
    asker, other = conversation.asker, conversation.recipient
    actions.write(conversation, author=other, text="Avec plaisir.")
    conversation.refresh_from_db()
    assert conversation.state == State.ANSWERED
    assert told(asker) == ["contact.reply"]
    assert list(Conversation.objects.unread_by(asker)) == [conversation]
    actions.write(conversation, author=asker, text="Merci !")
    actions.write(conversation, author=asker, text="Une chose encore.")
    assert told(other) == ["contact.first", "contact.reply", "contact.reply"]
    assert list(Conversation.objects.unread_by(asker)) == []


def test_saying_no_closes_and_gives_the_reason():
    conversation = makers.conversation()
    asker, other = conversation.asker, conversation.recipient
    actions.decline(conversation, by=other, reason=Conversation.Reason.NOT_NOW)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.decline_reason) == (State.DECLINED, "not_now")
    assert told(asker) == ["contact.declined"]
    for author in (asker, other):
        assert refused(actions.write, conversation=conversation, author=author, text="Mais…") == (
            "Cette conversation est terminée."
        )


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("who", ["asker", "recipient"])
@pytest.mark.parametrize("act", ["write", "decline"])
def test_who_may_do_what_in_which_state(state, who, act):
    conversation = makers.conversation()
    back(conversation, days=8)
    Conversation.objects.update(state=state, decline_reason="other" if state == State.DECLINED else "")
    user = getattr(conversation, who)
    may = {
        ("write", "asker"): {State.WAITING, State.ANSWERED},
        ("write", "recipient"): {State.WAITING, State.ANSWERED},
        ("decline", "asker"): set(),
        ("decline", "recipient"): {State.WAITING},
    }[act, who]
    arguments = {"author": user, "text": "Bonjour"} if act == "write" else {"by": user, "reason": "other"}
    if state in may:
        getattr(actions, act)(conversation, **arguments)
    else:
        assert refused(getattr(actions, act), conversation=conversation, **arguments)


@pytest.mark.parametrize("cause", AWAY)
@pytest.mark.parametrize("state", [State.WAITING, State.ANSWERED])
def test_once_begun_a_conversation_stops_for_the_same_causes(cause, state):
    """A page taken away stops nothing; and whoever asked hears the answer, even if she paused since."""
    conversation = makers.conversation()
    asker, other = conversation.asker, conversation.recipient
    Conversation.objects.update(state=state)
    cause(other, asker)
    passes = cause is archive or (cause is pause and state == State.WAITING)
    if passes:
        actions.write(conversation, author=other, text="Bonjour")
    else:
        assert refused(actions.write, conversation=conversation, author=other, text="Bonjour") == PERSON_AWAY
        assert told(asker) == []


def test_when_one_of_them_left_nothing_more_is_written():
    conversation = makers.conversation()
    conversation.asker.delete()
    conversation.refresh_from_db()
    other = conversation.recipient
    assert refused(actions.write, conversation=conversation, author=other, text="Bonjour") == PERSON_AWAY
    assert conversation.name_for(other) == "Une personne qui a quitté le site"


def test_each_keeps_her_own_words_when_the_other_leaves():
    conversation = makers.conversation(text="De celle qui part")
    other = conversation.recipient
    actions.write(conversation, author=other, text="De celle qui reste")
    conversation.asker.delete()
    assert [letter.text for letter in Conversation.objects.of(other).get().letters.all()] == [
        "De celle qui reste"
    ]
    other.delete()
    assert Letter.objects.count() == 0


# Addresses given ---------------------------------------------------------------------------------------


def test_giving_an_address_is_for_one_conversation_and_can_be_taken_back():
    conversation, another = makers.conversation(), makers.conversation()
    given = Part.objects.filter(user=conversation.asker).values_list("gives_address", flat=True)
    actions.give_address(conversation, by=conversation.asker, given=True)
    assert list(given.all()) == [True]
    assert list(Part.objects.filter(conversation=another, gives_address=True)) == []
    actions.give_address(conversation, by=conversation.asker, given=False)
    assert list(given.all()) == [False]


def test_blocking_takes_back_the_address_and_nothing_passes_any_more():
    conversation = makers.conversation()
    asker, other = conversation.asker, conversation.recipient
    actions.write(conversation, author=other, text="Bonjour")
    actions.give_address(conversation, by=other, given=True)
    assert actions.block_others(conversation, by=other) == [asker]
    assert not Part.objects.filter(gives_address=True).exists()
    for author in (asker, other):
        assert refused(actions.write, conversation=conversation, author=author, text="Bonjour") == PERSON_AWAY


def test_of_a_structure_one_blocks_those_who_wrote():
    writer, silent = makers.user(), makers.user()
    conversation = makers.conversation(to=makers.structure(referents=[writer, silent]))
    assert actions.block_others(conversation, by=conversation.asker) == []
    actions.write(conversation, author=writer, text="Bonjour")
    assert actions.block_others(conversation, by=conversation.asker) == [writer]


# Distress ----------------------------------------------------------------------------------------------


def test_words_of_distress_leave_and_call_the_team_without_a_word_of_them():
    conversation = makers.conversation(text="Bonjour. Je n’ai plus envie de vivre.")
    case = Case.objects.open().get()
    assert (case.nature, case.urgent, case.target) == ("support", True, conversation.asker.actor)
    assert "vivre" not in str(vars(case))
    makers.conversation(text="Je travaille à la prévention du suicide.")
    assert Case.objects.count() == 1


# What the database refuses -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"state": "declined"},
        {"decline_reason": "no_time"},
        {"recipient": "asker"},
        {"structure": "some"},
    ],
)
def test_impossible_conversations_are_refused(wrong):
    conversation = makers.conversation()
    if "recipient" in wrong:
        wrong = {"recipient": conversation.asker}
    if "structure" in wrong:
        wrong = {"structure": makers.structure()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.filter(pk=conversation.pk).update(**wrong)


def test_one_live_conversation_for_each_pair_and_no_empty_letter():
    conversation = makers.conversation()
    twin = {"asker": conversation.asker, "recipient": conversation.recipient}
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.create(**twin)
    Conversation.objects.create(**twin, state="expired")
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(conversation=conversation, author=conversation.asker, text="")
    structure = makers.structure(referents=[makers.user()])
    makers.conversation(conversation.asker, structure)
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.create(asker=conversation.asker, structure=structure)
