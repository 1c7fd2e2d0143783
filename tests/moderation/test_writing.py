"""The form that asks its writer to think again."""

from __future__ import annotations

from django import forms
from django.template.loader import render_to_string

from moderation.guard import Finding
from moderation.writing import GuardedForm

PHONE = (
    "Votre texte semble contenir un numéro de téléphone : « 05 61 00 00 01 ». Enlevez ce que vous ne voulez "
    "pas montrer, ou cochez « garder quand même »."
)


class Note(GuardedForm):
    guarded = ("text",)
    title = forms.CharField(required=False)
    text = forms.CharField(label="Votre mot", widget=forms.Textarea)


class NoteWithLinks(Note):
    unasked = frozenset({Finding.LINK})


def box_of(form: Note) -> str:
    return form.fields["text"].keep["value"]


def test_a_text_that_says_nothing_private_passes():
    form = Note({"text": "Bonjour, j’ai lu votre page."})
    assert form.is_valid()
    assert "garder" not in str(form["text"].as_field_group())


def test_the_first_sending_comes_back_with_a_sentence_and_a_box_and_keeps_the_text():
    form = Note({"text": "Appelez le 05 61 00 00 01", "title": "06 00 00 00 00"})
    assert form.errors == {"text": [PHONE]}
    drawn = form["text"].as_field_group()
    assert "Appelez le 05 61 00 00 01</textarea>" in drawn
    assert f'name="text-garder" id="id_text-garder" value="{box_of(form)}">' in drawn


def test_the_box_is_worth_for_what_was_found_and_no_more():
    typed = {"text": "Appelez le 05 61 00 00 01"}
    asked = Note(typed)
    assert not asked.is_valid()
    box = {"text-garder": box_of(asked)}
    assert Note(typed | box).is_valid()
    assert Note(typed | {"text-garder": "on"}).is_valid() is False
    more = Note({"text": "Appelez le 05 61 00 00 01 ou a@example.org"} | box)
    assert more.errors == {
        "text": [
            "Votre texte semble contenir un numéro de téléphone et une adresse mail : « 05 61 00 00 01 », "
            "« a@example.org ». Enlevez ce que vous ne voulez pas montrer, ou cochez « garder quand même »."
        ]
    }


def test_the_box_stays_ticked_beside_another_mistake():
    asked = Note({"a-text": "05 61 00 00 01"}, prefix="a")
    assert not asked.is_valid()
    again = Note({"a-text": "05 61 00 00 01", "a-text-garder": box_of(asked)}, prefix="a")
    assert again.is_valid()
    assert f'value="{box_of(again)}" checked>' in again["text"].as_field_group()


def test_a_form_may_be_at_ease_with_links():
    assert not Note({"text": "Voir https://exemple.fr"}).is_valid()
    assert NoteWithLinks({"text": "Voir https://exemple.fr"}).is_valid()


def test_distress_is_never_held_against_the_writer():
    form = Note({"text": "J’ai envie de mourir"})
    assert form.is_valid()
    assert [one.text for one in form.distress] == ["envie de mourir"]


def test_excerpts_are_cut_and_escaped():
    form = Note({"text": f"https://exemple.fr/<b>{'a' * 300}"})
    drawn = form["text"].as_field_group()
    assert "<b>" not in drawn
    assert "a" * 100 not in form.errors["text"][0]


def test_the_help_lines_are_there_to_call(db, client):
    page = client.get("/composants/").content.decode()
    for number in ("tel:3114", "tel:15", "tel:112", "sms:114", "tel:3919", "tel:119"):
        assert f'href="{number}"' in page


def test_a_guarded_field_is_drawn_alone():
    form = Note({"text": "05 61 00 00 01"})
    form.is_valid()
    assert "Garder quand même" in render_to_string("moderation/guarded_field.html", {"field": form["text"]})
