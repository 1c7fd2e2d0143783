"""What leaves by mail says that someone writes, and nothing of what she writes nor of where she is."""

from __future__ import annotations

import email
import email.policy
import re

import pytest
from django.core import mail

from contact import actions
from contact.models import Conversation
from tests import makers

pytestmark = pytest.mark.django_db

#: Never in a mail: what was written, either address, what pages hold as address or telephone.
SECRET = "quetzalmessage"
REASONS = dict(Conversation.Reason.choices)


def someone(name: str, **page):
    user = makers.member(
        name_style="pseudonym",
        pseudonym=name,
        texts={"email": f"{name}-page@example.org", "phone": "05 61 00 00 01"},
        **page,
    )
    user.email = f"{name}-secret@example.org"
    user.save()
    return user


def parsed() -> list[email.message.EmailMessage]:
    """The mails that left, read back from their bytes as any mail program would."""
    return [
        email.message_from_bytes(one.message().as_bytes(), policy=email.policy.default) for one in mail.outbox
    ]


def everything(message: email.message.EmailMessage) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in message.items())
    bodies = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([headers, *bodies])


@pytest.fixture
def journey(django_capture_on_commit_callbacks):
    """A letter, its answer, a letter declined: every mail that leaves at once."""
    asker, answering, declining = someone("alizarine"), someone("bergamote"), someone("capucine")
    for user in (asker, answering, declining):
        user.preferences.create(family="contact", pace="at_once")
    with django_capture_on_commit_callbacks(execute=True):
        first = actions.start(asker=asker, page=answering.actor, text=f"Bonjour, {SECRET}")
        actions.write(first, author=answering, text=f"Bien sûr, {SECRET}")
        second = actions.start(asker=asker, page=declining.actor, text=f"Bonjour, {SECRET}")
        actions.decline(second, by=declining, reason="no_time")
    return {"alizarine": asker, "bergamote": answering, "capucine": declining}


def test_each_mail_goes_to_one_person_and_says_who_without_a_word_or_an_address(journey):
    messages = parsed()
    assert sorted((one["To"].split("-")[0], one["Subject"]) for one in messages) == [
        ("alizarine", "Votre message n’aura pas de suite"),
        ("alizarine", "Vous avez une réponse"),
        ("bergamote", "Une personne vous écrit"),
        ("capucine", "Une personne vous écrit"),
    ]
    for message in messages:
        text = everything(message)
        reader = message["To"].split("-")[0]
        assert SECRET not in text
        for name in journey:
            assert f"{name}-page@" not in text
            if name != reader:
                assert f"{name}-secret" not in text
        assert "05 61" not in text
        assert re.findall(r"[\w.+-]+@[\w-]+\.[\w.]+", message["From"]) == ["partenariat@example.org"]
        assert message["Reply-To"] is None
        assert message["Message-ID"].endswith("@example.org>")
        assert journey[reader].actor.slug not in text
        assert (message["Cc"], message["Bcc"]) == (None, None)


def test_a_mail_says_who_writes_and_leads_to_the_conversation(journey):
    message = next(one for one in parsed() if one["To"].startswith("capucine"))
    plain = message.get_body(("plain",)).get_content()
    assert "alizarine vous a écrit." in plain
    conversation = Conversation.objects.get(recipient=journey["capucine"])
    assert f"https://partenariat.example.org{conversation.get_absolute_url()}" in plain


def test_a_first_letter_says_why_it_comes_and_an_answer_how_to_stop(journey):
    feet = [one.get_body(("plain",)).get_content().rpartition("-- ")[2] for one in parsed()]
    says = {
        "first": "Quelqu’un s’adresse à vous",
        "answer": "Ne plus recevoir",
        "own": "ce que vous avez demandé",
    }
    kept = [[name for name, words in says.items() if words in foot] for foot in feet]
    assert sorted(kept) == [["answer"], ["answer"], ["first"], ["first"]]


def test_the_reason_is_in_the_words_of_the_list(journey):
    message = next(one for one in parsed() if one["Subject"].startswith("Votre message"))
    assert str(REASONS["no_time"]) in message.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: eve@example.org", "x\nSubject: promo", "x\u2028Bcc: eve@example.org", "x\x00y"]
)
def test_a_name_adds_no_header(evil, django_capture_on_commit_callbacks):
    asker, other = makers.member(), makers.member()
    asker.actor.pseudonym, asker.actor.name_style = evil.replace("\x00", ""), "pseudonym"
    asker.actor.save()
    with django_capture_on_commit_callbacks(execute=True):
        actions.start(asker=asker, page=other.actor, text=evil.replace("\x00", " "))
    (message,) = parsed()
    assert message["Bcc"] is None
    assert message.get_all("Subject") == ["Une personne vous écrit"]
    assert message.get_all("To") == [other.email]


def test_twenty_accounts_make_five_mails_a_day(django_capture_on_commit_callbacks):
    victim = makers.member()
    reached = 0
    with django_capture_on_commit_callbacks(execute=True):
        for _each in range(20):
            try:
                makers.conversation(to=victim)
                reached += 1
            except actions.Refused:
                pass
    assert reached == 10
    assert [one["To"] for one in parsed()] == [victim.email] * 5


def test_the_words_of_a_structure_are_told_to_its_referent(django_capture_on_commit_callbacks):
    referent = makers.user()
    structure = makers.structure(name="Maison des aidants d’essai", referents=[referent])
    with django_capture_on_commit_callbacks(execute=True):
        makers.conversation(to=structure)
    (message,) = parsed()
    assert message["Subject"] == "Une personne vous écrit"
    assert "a écrit à « Maison des aidants d’essai »" in message.get_body(("plain",)).get_content()
