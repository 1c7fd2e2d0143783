"""The pages: what each of the two reads, and what becomes of what she types."""

from __future__ import annotations

import re
import time

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import actions as accounts
from contact import actions, rules
from contact.models import Conversation, Letter
from moderation.forms import STAMP
from moderation.models import Report
from tests import makers

pytestmark = pytest.mark.django_db

AWAY = "Cette personne n’est pas disponible en ce moment."


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def write_to(page) -> str:
    return reverse("write_to_actor", args=[page.slug])


def words(response) -> str:
    """The text of a page, without its tags and its spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def pair():
    return makers.member(first_name="Maëlle", last_name="Aubrivant"), makers.member(
        first_name="Yanis", last_name="Corbeval"
    )


# Writing -----------------------------------------------------------------------------------------------


def test_a_letter_leaves_from_the_page_of_a_person(pair):
    asker, other = pair
    client = signed_in(asker)
    path = write_to(other.actor)
    assert f'href="{path}"' in client.get(other.actor.get_absolute_url()).content.decode()
    asked = client.get(path)
    said = "Votre message est signé « Maëlle A. ». Ni votre adresse mail ni votre téléphone ne sont transmis."
    assert said in words(asked)
    sent = client.post(path, {"text": "Bonjour"}, follow=True)
    conversation = Conversation.objects.get()
    assert sent.redirect_chain == [(conversation.get_absolute_url(), 302)]
    assert "Votre message est parti." in words(sent)
    # The form leads to the conversation that goes on.
    assert client.get(path).headers["Location"] == conversation.get_absolute_url()
    again = client.post(path, {"text": "Bonjour encore"})
    assert "Vous avez déjà une conversation en cours" in words(again)
    assert "Bonjour encore</textarea>" in again.content.decode()


def test_a_structure_with_referents_is_written_to_and_no_other(as_viewer):
    referent = makers.user()
    kept, orphan = makers.structure(referents=[referent]), makers.structure()
    path = reverse("write_to_structure", args=[kept.slug])
    client = signed_in(makers.member())
    assert f'href="{path}"' in client.get(kept.get_absolute_url()).content.decode()
    assert "/ecrire/" not in client.get(orphan.get_absolute_url()).content.decode()
    assert "/ecrire/" not in signed_in(referent).get(kept.get_absolute_url()).content.decode()
    client.post(path, {"text": "Bonjour"})
    page = signed_in(referent).get(Conversation.objects.get().get_absolute_url())
    assert f"Écrit à {kept.name}, dont vous répondez" in words(page)
    orphaned = client.get(reverse("write_to_structure", args=[orphan.slug]))
    assert "Cette structure n’est pas joignable par le site en ce moment." in words(orphaned)


def test_the_writing_guard_asks_and_keeps_what_was_typed(pair):
    asker, other = pair
    client, path = signed_in(asker), write_to(other.actor)
    asked = client.post(path, {"text": "Appelez-moi au 05 61 00 00 01"})
    assert "Votre texte semble contenir un numéro de téléphone : « 05 61 00 00 01 »" in words(asked)
    assert "Appelez-moi au 05 61 00 00 01</textarea>" in asked.content.decode()
    assert Letter.objects.count() == 0
    box = asked.context["form"].fields["text"].keep
    client.post(path, {"text": "Appelez-moi au 05 61 00 00 01", box["name"]: box["value"]})
    assert Letter.objects.get().text == "Appelez-moi au 05 61 00 00 01"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Écrivez votre message."), ("  \n ", "Écrivez votre message."), ("é" * 3001, "trop long")],
)
def test_what_is_no_letter_comes_back_with_a_sentence(pair, typed, said):
    asker, other = pair
    answer = signed_in(asker).post(write_to(other.actor), {"text": typed})
    assert answer.status_code == 200
    assert said in words(answer)
    assert typed.strip() in answer.content.decode()


def test_a_limit_is_a_sentence_and_the_text_is_kept(pair, monkeypatch):
    asker, other = pair
    monkeypatch.setattr(rules, "ASKED_A_DAY", 0)
    answer = signed_in(asker).post(write_to(other.actor), {"text": "Ce que j’ai écrit longuement"})
    assert "Vous avez écrit à 0 personnes depuis hier" in words(answer)
    assert "Ce que j’ai écrit longuement</textarea>" in answer.content.decode()


def test_someone_on_pause_is_not_offered_and_the_page_offers_nothing(pair):
    asker, other = pair
    other.actor.paused = True
    other.actor.save()
    client, path = signed_in(asker), write_to(other.actor)
    assert path not in client.get(other.actor.get_absolute_url()).content.decode()
    page = client.get(path)
    assert AWAY in words(page)
    assert "<textarea" not in page.content.decode()


def test_a_block_is_never_told(pair):
    """Both pages are gone, as for someone who took hers away; in the conversation, the words of a pause."""
    asker, other = pair
    conversation = makers.conversation(asker, other)
    accounts.block(blocker=other, blocked=asker)
    client = signed_in(asker)
    assert client.get(other.actor.get_absolute_url()).status_code == 404
    assert client.get(write_to(other.actor)).status_code == 404
    assert signed_in(other).get(asker.actor.get_absolute_url()).status_code == 404
    page = client.get(conversation.get_absolute_url())
    assert AWAY in words(page)
    assert "bloqu" not in words(page).replace("Bloquer cette personne", "")
    paused = makers.conversation()
    actions.write(paused, author=paused.recipient, text="Bonjour")
    accounts_page = paused.recipient.actor
    accounts_page.paused = True
    accounts_page.save()
    assert AWAY in words(signed_in(paused.asker).get(paused.get_absolute_url()))


def test_whoever_lacks_something_is_told_what(as_viewer):
    client = as_viewer("member")
    page = makers.actor()
    answer = client.get(write_to(page))
    assert "Confirmez d’abord votre adresse mail" in words(answer)
    client.viewer.emailaddress_set.create(email=client.viewer.email, verified=True, primary=True)
    assert "Publiez d’abord votre page" in words(client.get(write_to(page)))


# Reading and answering ---------------------------------------------------------------------------------


def test_reading_then_answering(pair):
    asker, other = pair
    conversation = makers.conversation(asker, other, "Bonjour à vous")
    client, path = signed_in(other), conversation.get_absolute_url()
    assert "1 conversation à lire" in words(client.get("/mon-espace/"))
    assert "Nouveau Attend votre réponse" in words(client.get(reverse("conversations")))
    page = client.get(path)
    assert "Bonjour à vous" in words(page)
    assert "Conversation avec Maëlle A." in words(page)
    assert asker.email not in page.content.decode()
    assert "1 conversation à lire" in words(client.get("/mon-espace/")), "reading changes nothing by itself"
    client.post(reverse("conversation_read", args=[conversation.public_id]))
    assert "1 conversation à lire" not in words(client.get("/mon-espace/"))
    assert client.post(path, {"text": "Avec plaisir"}).headers["Location"] == path
    assert [letter.text for letter in conversation.letters.all()] == ["Bonjour à vous", "Avec plaisir"]
    assert "1 conversation à lire" in words(signed_in(asker).get("/mon-espace/"))


def test_saying_no_takes_a_reason_from_the_list(pair):
    asker, other = pair
    conversation = makers.conversation(asker, other)
    client, path = signed_in(other), reverse("conversation_decline", args=[conversation.public_id])
    for wrong in ({}, {"reason": "because"}):
        answer = client.post(path, wrong)
        assert answer.status_code == 200
        assert answer.context["decline_form"].errors
    client.post(path, {"reason": "not_my_subject"})
    asked = signed_in(asker).get(conversation.get_absolute_url())
    assert "Yanis C. ne peut pas donner suite. Raison donnée : « Ce n’est pas mon sujet »." in words(asked)
    late = client.post(path, {"reason": "no_time"})
    assert "n’attend plus de réponse" in words(late)


def test_addresses_given_are_shown_to_the_other_only_and_taken_back_at_once(pair):
    asker, other = pair
    asker.actor.email, asker.actor.phone = "montree@example.org", "05 61 00 00 09"
    asker.actor.save()
    conversation, elsewhere = makers.conversation(asker, other), makers.conversation(asker)
    path = reverse("conversation_address", args=[conversation.public_id])
    reader, mine = signed_in(other), signed_in(asker)

    def shown() -> bool:
        return "montree@example.org" in reader.get(conversation.get_absolute_url()).content.decode()

    assert not shown()
    mine.post(path, {"given": "on"})
    assert shown()
    away = signed_in(elsewhere.recipient).get(elsewhere.get_absolute_url()).content.decode()
    assert "montree@example.org" not in away
    assert "montree@example.org" not in reader.get(asker.actor.get_absolute_url()).content.decode()
    assert asker.email not in reader.get(conversation.get_absolute_url()).content.decode()
    mine.post(path)
    assert not shown()


def test_help_is_shown_to_both_where_distress_is_read(pair):
    asker, other = pair
    client = signed_in(asker)
    answer = client.post(write_to(other.actor), {"text": "Je vais mal, je veux mourir."}, follow=True)
    for page in (answer, signed_in(other).get(Conversation.objects.get().get_absolute_url())):
        assert 'href="tel:3114"' in page.content.decode()
    quiet = makers.conversation(text="Un projet de prévention du suicide")
    assert "tel:3114" not in signed_in(quiet.asker).get(quiet.get_absolute_url()).content.decode()


def test_letters_are_shown_as_text_and_nothing_else(pair):
    asker, other = pair
    conversation = makers.conversation(asker, other, "<script>x</script><img src=//evil> javascript:1")
    page = signed_in(other).get(conversation.get_absolute_url()).content.decode()
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<img src=//evil" not in page


def test_the_asker_of_a_structure_reads_its_name_and_not_that_of_who_answered():
    referent = makers.member(first_name="Solenne", last_name="Tressivent")
    structure = makers.structure(name="Maison d’essai", referents=[referent])
    conversation = makers.conversation(to=structure)
    actions.write(conversation, author=referent, text="Bonjour")
    page = words(signed_in(conversation.asker).get(conversation.get_absolute_url()))
    assert "Maison d’essai" in page
    assert "Solenne" not in page


# Blocking ----------------------------------------------------------------------------------------------


def test_blocking_and_going_back_on_it(pair):
    asker, other = pair
    conversation = makers.conversation(asker, other)
    client = signed_in(other)
    path = reverse("conversation_block", args=[conversation.public_id])
    assert "Bloquer Maëlle A. ?" in words(client.get(path))
    assert other.blocks.count() == 0, "asking changes nothing"
    done = client.post(path, follow=True)
    assert "Maëlle A. ne peut plus vous écrire" in words(done)
    (block,) = other.blocks.all()
    assert "Vous avez bloqué cette personne" in words(client.get(conversation.get_absolute_url()))
    listed = signed_in(asker).get(reverse("blocks"))
    assert "Yanis" not in words(listed)
    client.post(reverse("unblock", args=[block.pk]))
    assert other.blocks.count() == 0


def test_blocking_from_a_page(pair):
    asker, other = pair
    client = signed_in(other)
    path = reverse("block_actor", args=[asker.actor.slug])
    assert f'href="{path}"' in client.get(asker.actor.get_absolute_url()).content.decode()
    client.post(path)
    assert [block.blocked for block in other.blocks.all()] == [asker]
    assert client.get(path).status_code == 404


def test_reporting_is_offered_to_who_received_a_letter_and_to_no_other(pair):
    asker, other = pair
    conversation = makers.conversation(asker, other, "Des mots")
    path = reverse("conversation_report", args=[conversation.public_id])

    def is_offered(person) -> bool:
        return f'href="{path}"' in signed_in(person).get(conversation.get_absolute_url()).content.decode()

    assert [is_offered(asker), is_offered(other)] == [False, True]
    assert signed_in(asker).get(path).status_code == 404
    actions.write(conversation, author=other, text="Une réponse")
    assert [is_offered(asker), is_offered(other)] == [True, True]
    assert "Cela ne respecte pas la charte" in words(signed_in(asker).get(path))


def test_reports_of_letters_and_of_pages_are_counted_together(pair):
    asker, other = pair
    conversation = makers.conversation(asker, other)
    client, letter = signed_in(other), reverse("conversation_report", args=[conversation.public_id])
    said = {"ground": "harassment", "text": "Voyez."}
    assert [client.post(letter, said).status_code for _report in range(20)] == [302] * 20
    answer = client.post(letter, said)
    assert answer.status_code == 429
    assert "beaucoup de signalements" in answer.content.decode()
    assert answer.context["form"]["text"].value() == "Voyez."
    page = reverse("moderation_report", args=["acteur", asker.actor.slug])
    read_long_ago = signing.dumps(int(time.time()) - 60, salt=STAMP)
    assert client.post(page, {"ground": "spam", "stamp": read_long_ago}).status_code == 429


def test_reporting_gives_the_letters_to_the_moderators_and_never_says_who(pair):
    asker, other = pair
    conversation = makers.conversation(asker, other, "Des mots qui blessent")
    client, path = signed_in(other), reverse("conversation_report", args=[conversation.public_id])
    assert "Choisissez ce qui ne va pas." in words(client.post(path, {"text": "Voyez"}))
    client.post(path, {"ground": "harassment", "text": "Voyez plutôt"})
    report = Report.objects.get()
    assert (report.reporter, report.case.target) == (other, asker.actor)
    assert report.text.startswith("Voyez plutôt")
    assert "Des mots qui blessent" in report.text
    assert asker.notices.count() == 0
    asker.delete()
    assert client.get(path).status_code == 404


# As many as there are ----------------------------------------------------------------------------------


def test_the_list_asks_the_same_for_one_and_for_three(pair, django_assert_num_queries):
    asker, other = pair
    client = signed_in(other)
    makers.conversation(asker, other)
    for _each in range(2):
        client.get(reverse("conversations"))
        with django_assert_num_queries(3):
            assert len(client.get(reverse("conversations")).context["rows"]) in (1, 3)
        makers.conversation(to=other)
        makers.conversation(to=other)


def test_a_conversation_asks_the_same_for_few_letters_and_for_many(pair, django_assert_num_queries):
    asker, other = pair
    conversation = makers.conversation(asker, other)
    actions.write(conversation, author=other, text="Bonjour")
    client = signed_in(other)
    client.get(conversation.get_absolute_url())
    for letters in (2, 4):
        with django_assert_num_queries(11):
            page = client.get(conversation.get_absolute_url())
        assert len(page.context["lines"]) == letters
        for _letter in range(2):
            actions.write(conversation, author=asker, text="Suite")


def test_the_list_is_cut_into_pages(pair, monkeypatch):
    from contact.views import conversations

    monkeypatch.setattr(conversations, "PAGE", 1)
    for _each in range(2):
        makers.conversation(to=pair[1])
    client = signed_in(pair[1])
    seen = [client.get(reverse("conversations"), {"page": page}).context["rows"] for page in ("1", "2")]
    assert [len(rows) for rows in seen] == [1, 1]
    assert seen[0] != seen[1]
    assert len(client.get(reverse("conversations"), {"page": "abc"}).context["rows"]) == 1


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200), given_=st.text(max_size=5), reason=st.text(max_size=20))
def test_no_input_makes_a_500(pair, text, given_, reason):
    asker, other = pair
    conversation = Conversation.objects.filter(asker=asker).first() or makers.conversation(asker, other)
    client = signed_in(other)
    fields = {"text": text, "given": given_, "reason": reason, "text-garder": reason}
    for route in ("", "_read", "_decline", "_address"):
        path = reverse(f"conversation{route}", args=[conversation.public_id])
        assert client.post(path, fields).status_code in (200, 302)
