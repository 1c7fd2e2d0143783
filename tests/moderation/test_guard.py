"""What the writing guard finds, and what it must leave alone."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import plain
from moderation import guard
from moderation.guard import DISTRESS, Finding, scan


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind.value, one.text) for one in scan(text)]


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("Appelez le 05 61 00 00 01.", "05 61 00 00 01"),
        ("0561000001", "0561000001"),
        ("tél:05.61.00.00.01", "05.61.00.00.01"),
        ("05-61-00-00-01", "05-61-00-00-01"),
        ("05 61 00 00 01", "05 61 00 00 01"),
        ("0 5 6 1 0 0 0 0 0 1", "0 5 6 1 0 0 0 0 0 1"),
        ("+33 5 61 00 00 01", "+33 5 61 00 00 01"),
        ("+33 (0)5 61 00 00 01", "+33 (0)5 61 00 00 01"),
        ("0033561000001", "0033561000001"),
        ("+32 475 00 00 01", "+32 475 00 00 01"),
        ("+1 (202) 555-0100", "+1 (202) 555-0100"),
    ],
)
def test_phone_numbers(text, excerpt):
    assert found(text) == [("phone", excerpt)]


@pytest.mark.parametrize(
    "text",
    [
        "31000 Toulouse, 09000 Foix, 97400 Saint-Denis",
        "de 1998 à 2026, le 06/12/2024 et du 01/02/2024 05/03/2024",
        "le 05.06.2025 07.08.2025",
        "SIRET 732 829 320 00074",
        "SIRET 73282932000074",
        "FINESS 090000018 2 lits",
        "RNA W091234567",
        "un budget de 1 000 000 €, puis 12 500,50 euros",
        "+150 000 000 € et +1 500 000 %",
        "3114, 15, 112, 3919, 119",
        "43.0612345678, 1.5012345678",
        "12 à 15 membres, 6 réunions, 0 €",
        "3 places restent, 2 cours de yoga, 1 place à chacun",
        "Une arobase sépare le nom du reste. @camille a répondu.",
        "Bonjour.Merci de votre réponse.Camille",
        "la prévention du suicide, les idées suicidaires des adolescents, mourir dans la dignité",
        "« aidants : ne vous épuisez pas », 2e édition",
        "",
    ],
)
def test_what_people_write_every_day_is_left_alone(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("écrivez à camille@example.org.", "camille@example.org"),
        ("camille.c+asso@mail.example.org", "camille.c+asso@mail.example.org"),
        ("camille arobase exemple point fr", "camille arobase exemple point fr"),
        ("camille (at) exemple.fr", "camille (at) exemple.fr"),
        ("camille[arobase]exemple[point]fr", "camille[arobase]exemple[point]fr"),
        ("camille @ exemple.fr", "camille @ exemple.fr"),
    ],
)
def test_mail_addresses(text, excerpt):
    assert found(text) == [("mail", excerpt)]


@pytest.mark.parametrize(
    "address",
    [
        "12 rue des Lilas",
        "3bis, allée Jean Jaurès",
        "12 place du Capitole",
        "7 quai de l’Île",
        "104 avenue de la gare",
        "1 lieu-dit La Grange",
    ],
)
def test_postal_addresses(address):
    assert found(f"J’habite {address}.") == [("address", address)]


@pytest.mark.parametrize(
    "link",
    ["https://exemple.fr/a?b=c", "http://x.io", "www.exemple.fr", "asso-exemple.org/page", "exemple.fr"],
)
def test_links_without_the_stop_that_follows(link):
    assert found(f"Voir {link}.") == [("link", link)]


def test_numbers_with_a_key_are_known_by_it():
    assert found("1 85 05 78 006 084 91") == [("nir", "1 85 05 78 006 084 91")]
    assert found("2 69 05 2A 588 157 17") == [("nir", "2 69 05 2A 588 157 17")]
    assert found("FR76 3000 6000 0112 3456 7890 189 merci") == [("iban", "FR76 3000 6000 0112 3456 7890 189")]
    assert found("BE68539007547034") == [("iban", "BE68539007547034")]
    # A wrong key: no account number, no social security number.
    assert found("FR76 3000 6000 0112 3456 7890 188") == []
    assert found("1 86 10 78 116 184 91") == []


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("J’ai envie de mourir.", "envie de mourir"),
        ("J'AI DES IDÉES NOIRES", "J'AI DES IDÉES NOIRES"),
        ("je veux mettre fin a\nmes jours", "mettre fin a\nmes jours"),
        ("e\u0301coute, il me frappe !", "il me frappe"),
    ],
)
def test_words_of_distress_whatever_the_accents(text, excerpt):
    assert found(text) == [("distress", excerpt)]


def test_several_things_come_in_the_order_of_the_text():
    text = "Je vais me tuer. Mon mail : a@example.org, 05 61 00 00 01, 12 rue des Lilas, https://exemple.fr"
    assert [kind for kind, _text in found(text)] == ["distress", "mail", "phone", "address", "link"]


GAPS = st.sampled_from(["", " ", ".", "-", "\u00a0", "\u202f", " - ", "/"])


@given(st.sampled_from("123456789"), st.lists(st.tuples(GAPS, st.integers(0, 9)), min_size=8, max_size=8))
def test_a_french_number_is_found_however_it_is_spaced(first, rest):
    number = f"0{first}" + "".join(f"{gap}{digit}" for gap, digit in rest)
    groups = [len(group) for group in re.findall(r"\d+", number)]
    dated = re.search(r"\d{1,2}[ ./-]\d{1,2}[ ./-](19|20)\d\d(?!\d)", number)
    if groups != [9, 1] and not dated:
        assert found(f"Mon numéro : {number}") == [("phone", number)]


@given(st.integers(0, 99_999), st.integers(1900, 2099), st.integers(0, 10**7))
def test_postcodes_years_and_prices_are_no_phones(postcode, year, price):
    text = f"À {postcode:05} Foix en {year}, pour {price:,} €".replace(",", "\u202f")
    assert [kind for kind, _text in found(text) if kind == "phone"] == []


@given(st.integers(10**12, 5 * 10**12 - 1))
def test_a_nir_needs_its_key(body):
    text = f"{body}{97 - body % 97:02}"
    wrong = f"{body}{(97 - body % 97) % 97 + 1:02}"
    known = body // 10**12 != 0
    assert [kind for kind, _t in found(f"no {text}")] == (["nir"] if known else [])
    assert "nir" not in [kind for kind, _t in found(f"no {wrong}") if text != wrong]


@given(st.text(max_size=400))
def test_any_text_is_read_and_excerpts_are_of_the_text(text):
    whole = unicodedata.normalize("NFC", text)
    for one in scan(text):
        assert one.text
        assert whole[one.start : one.end] == one.text


@given(
    st.lists(
        st.sampled_from(["06 12", "a@b.fr", "12 rue", " ", "FR76", "www.", "3", "+", "je", "mourir"]),
        max_size=60,
    )
)
def test_contact_details_never_overlap(parts):
    details = [one for one in scan("".join(parts)) if one.kind is not Finding.DISTRESS]
    assert all(before.end <= after.start for before, after in zip(details, details[1:], strict=False))


def test_the_words_of_distress_are_in_their_plain_form():
    assert [plain(words) for words in DISTRESS] == list(DISTRESS)


def test_no_pattern_can_be_made_to_turn_in_circles():
    """A repetition without bound holds one set of signs, never a group: one way to match, or none."""
    patterns = [value.pattern for value in vars(guard).values() if isinstance(value, re.Pattern)]
    assert len(patterns) >= 10
    without_sets = [re.sub(r"\[(?:\\.|[^\]])*\]", "x", pattern) for pattern in patterns]
    assert [pattern for pattern in without_sets if re.search(r"\)(?:[*+]|\{\d+,\})", pattern)] == []
