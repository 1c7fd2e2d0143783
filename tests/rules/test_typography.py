"""French has a no-break space before : ; ? ! » and after «; otherwise a line may begin with a lone sign."""

from __future__ import annotations

import polib
import pytest

from scripts.french_spaces import CATALOGUE, mended, mended_code, mended_template, sources


def test_no_text_of_the_screen_may_break_before_its_punctuation():
    broken = [path.name for path, mend in sources() if mend(text := path.read_text(encoding="utf-8")) != text]
    assert broken == [], "run `make fix`"


def test_the_catalogue_follows():
    entries = polib.pofile(str(CATALOGUE))
    assert [entry.msgid for entry in entries if mended(entry.msgid) != entry.msgid] == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Pourquoi ? Voici :", "Pourquoi~? Voici~:"),
        ("Dites « oui », puis « non ».", "Dites «~oui~», puis «~non~»."),
        ("Un ; deux ! « Trois » ?", "Un~; deux~! «~Trois~»~?"),
        ("%(name)s : %(value)s", "%(name)s~: %(value)s"),
        ("http://x.example:80 à 12:30", "http://x.example:80 à 12:30"),
        ("<b>Voir aussi :</b>", "<b>Voir aussi~:</b>"),
        ("déjà~: fait", "déjà~: fait"),
        (" ;", "~;"),
    ],
)
def test_what_is_mended(before, after):
    assert mended(before.replace("~", "\u00a0")) == after.replace("~", "\u00a0")


def test_only_what_is_translated_is_touched():
    template = "a ? {% translate 'c ?' %}{% blocktranslate with a=b %}{{ a }} : d{% endblocktranslate %} ; e"
    assert mended_template(template) == template.replace("c ?", "c\u00a0?").replace("}} :", "}}\u00a0:")
    code = 'x = "a ?"\ny = _("été ?" "b : c") + z[1 : 2]\n'
    assert mended_code(code) == code.replace("été ?", "été\u00a0?").replace("b :", "b\u00a0:")
