"""The vocabularies as data: stable slugs, complete in both languages, nothing doubtful."""

import re

import pytest

from directory.demo.files import terms

VOCABULARIES = {
    "role",
    "domain",
    "theme",
    "competence",
    "public",
    "recognition",
    "language",
    "availability",
    "category",
    "field",
    "stage",
    "engagement",
}
KEYS = {"slug", "name", "name_en", "description", "description_en", "synonyms", "side", "finess"}
ROWS = [(vocabulary, term) for vocabulary, rows in terms().items() for term in rows]


def row_id(value):
    return value["slug"] if isinstance(value, dict) else value


def test_every_vocabulary_is_there():
    assert set(terms()) == VOCABULARIES


@pytest.mark.parametrize("vocabulary", sorted(VOCABULARIES))
def test_slugs_and_names_are_unique(vocabulary):
    rows = terms()[vocabulary]
    for key in ("slug", "name", "name_en"):
        values = [row[key].casefold() for row in rows]
        assert len(values) == len(set(values))


@pytest.mark.parametrize(("vocabulary", "term"), ROWS, ids=row_id)
def test_term_is_well_formed(vocabulary, term):
    assert set(term) <= KEYS
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", term["slug"])
    assert len(term["slug"]) <= 50
    assert 2 <= len(term["name"]) <= 80
    assert term["name"][0] == term["name"][0].upper()
    assert term["name_en"]
    # French on a screen has its own apostrophe.
    assert "'" not in term["name"] + term.get("description", "")
    assert ("description" in term) == ("description_en" in term)
    for key in ("description", "description_en"):
        assert term.get(key, ".").endswith(".")
        assert len(term.get(key, "")) <= 200
    synonyms = term.get("synonyms", [])
    assert len(synonyms) == len(set(synonyms))
    assert term["name"] not in synonyms


def test_sides_belong_to_roles():
    assert {role["side"] for role in terms()["role"]} == {"usager", "professionnel", "autre"}
    assert not [term for vocabulary, term in ROWS if vocabulary != "role" and "side" in term]


def test_finess_codes_belong_to_categories_and_to_one_only():
    codes = [code for term in terms()["category"] for code in term.get("finess", [])]
    assert all(re.fullmatch(r"\d{3}", code) for code in codes)
    assert len(codes) == len(set(codes))
    assert not [term for vocabulary, term in ROWS if vocabulary != "category" and "finess" in term]


def test_words_the_field_keeps_apart_stay_apart():
    roles = {role["slug"] for role in terms()["role"]}
    assert {"representant-usagers", "patient-partenaire", "aidant", "proche-aidant"} <= roles
    assert len(terms()["domain"]) == 6


def test_nobody_has_to_name_an_illness():
    assert [theme["slug"] for theme in terms()["theme"]][-2:] == ["vecu-general", "non-precise"]


@pytest.mark.parametrize(
    ("word", "slug"),
    [
        ("patient expert", "patient-partenaire"),
        ("RU", "representant-usagers"),
        ("MSP", "mediateur-sante-pair"),
    ],
)
def test_words_people_type_lead_to_the_term(word, slug):
    role = next(role for role in terms()["role"] if role["slug"] == slug)
    assert word in role["synonyms"]
