"""The demonstration's content: deterministic, coherent with the vocabularies, faithful to its consents."""

import csv
import io
import lzma
import random
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from directory.demo.bulk import COMMON_WORD, bulk_fragments
from directory.demo.files import table, terms
from directory.demo.people import may_name_theme, people, quotas, side_of
from directory.demo.prose import MAX_HEADLINE, agree, at_town, of_town
from directory.demo.structures import structures

PEOPLE = list(people())
TEXTS = (
    "headline",
    "presentation",
    "experience",
    "training",
    "engagements",
    "offers",
    "needs",
    "interests",
)
COMMUNES = Path(__file__).parents[2] / "territories" / "data" / "communes.csv.xz"
# Words of the themes' vocabulary that tell nothing of anyone's health on their own.
EVERYDAY_WORDS = {"école", "parents", "EHPAD"}


def plain(text):
    decomposed = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return f" {' '.join(re.findall('[a-z0-9]+', decomposed))} "


def slugs(vocabulary):
    return {term["slug"] for term in terms()[vocabulary]}


def theme_words():
    words = set()
    for theme in terms()["theme"]:
        if theme["slug"] not in ("vecu-general", "non-precise"):
            words |= {plain(word).strip() for word in [theme["name"], *theme.get("synonyms", [])]}
    return words - {plain(word).strip() for word in EVERYDAY_WORDS}


def communes():
    text = lzma.decompress(COMMUNES.read_bytes()).decode()
    return {row["code"]: row for row in csv.DictReader(io.StringIO(text))}


def test_the_same_people_come_back_for_the_same_seed():
    assert list(people(count=40, seed=3)) == list(people(count=40, seed=3))
    assert list(people(count=40, seed=3)) != list(people(count=40, seed=4))


@pytest.mark.parametrize("count", [0, 1, 5, 60, 300])
def test_as_many_people_as_asked(count):
    assert len(list(people(count=count))) == count


@pytest.mark.parametrize(
    ("field", "vocabulary"),
    [
        ("domains", "domain"),
        ("competences", "competence"),
        ("publics", "public"),
        ("recognition", "recognition"),
        ("languages", "language"),
        ("availability", "availability"),
        ("themes", "theme"),
    ],
)
def test_people_use_known_terms(field, vocabulary):
    used = {slug for person in PEOPLE for slug in getattr(person, field)}
    assert used
    assert used <= slugs(vocabulary)


def test_every_role_is_played_and_dated():
    held = [role for person in PEOPLE for role in person.roles]
    assert {role.slug for role in held} == slugs("role")
    assert all(2000 <= role.since <= 2025 for role in held)
    assert all(1 <= len(person.roles) <= 3 for person in PEOPLE)


def test_both_sides_are_there_and_some_people_stand_on_both():
    first = Counter(side_of(person.roles[0].slug) for person in PEOPLE)
    assert 0.5 <= first["usager"] / len(PEOPLE) <= 0.62
    both = [person for person in PEOPLE if len({side_of(role.slug) for role in person.roles}) == 2]
    assert len(both) >= 15


def test_every_audience_and_name_style_is_there():
    audiences = Counter(person.audience for person in PEOPLE)
    assert audiences["everyone"] == 105
    assert audiences["members"] == 150
    assert min(audiences[audience] for audience in ("professionals", "team", "me")) >= 5
    styles = Counter(person.name_style for person in PEOPLE)
    assert min(styles[style] for style in ("initial", "full", "pseudonym")) >= 20
    assert all(bool(person.pseudonym) == (person.name_style == "pseudonym") for person in PEOPLE)
    assert all(person.audience == "everyone" for person in PEOPLE if person.searchable)


def test_every_kind_of_consent_is_there_and_none_goes_without_storing():
    kinds = Counter(frozenset(key for key, value in person.consents.items() if value) for person in PEOPLE)
    for kind in (
        (),
        ("store",),
        ("store", "members"),
        ("store", "members", "everyone"),
        ("store", "matching"),
    ):
        assert kinds[frozenset(kind)] >= 3
    for kind in kinds:
        assert not kind or "store" in kind
        assert "everyone" not in kind or "members" in kind


def test_themes_are_kept_only_by_those_who_agreed():
    assert all(bool(person.themes) == person.consents["store"] for person in PEOPLE)
    assert {"non-precise", "vecu-general"} <= {slug for person in PEOPLE for slug in person.themes}


@pytest.mark.parametrize(
    ("granted", "audience", "expected"),
    [
        ((), "members", False),
        (("store", "matching"), "me", False),
        (("store", "members"), "everyone", False),
        (("store", "members"), "members", True),
        (("store", "members", "everyone"), "everyone", True),
    ],
)
def test_when_texts_may_name_a_theme(granted, audience, expected):
    consents = {key: key in granted for key in ("store", "members", "everyone", "matching")}
    assert may_name_theme(consents, audience) is expected


def test_texts_do_not_betray_a_theme_without_consent():
    words = theme_words()
    for person in PEOPLE:
        if person.themes and may_name_theme(person.consents, person.audience):
            continue
        written = plain(" ".join(getattr(person, field) for field in TEXTS))
        assert not [word for word in words if f" {word} " in written], person.presentation


def test_some_texts_do_name_a_theme():
    phrases = table("fragments")["theme_phrases"]
    assert set(phrases) == slugs("theme") - {"vecu-general", "non-precise"}
    naming = [
        person for person in PEOPLE if any(phrase in person.presentation for phrase in phrases.values())
    ]
    assert len(naming) >= 30


def test_structures_do_not_betray_a_theme_either():
    themes = {structure.slug: set(structure.themes) for structure in structures()}
    for person in PEOPLE:
        if side_of(person.roles[0].slug) == "usager":
            shown = set(person.themes) if may_name_theme(person.consents, person.audience) else set()
            assert all(themes[belonging.structure] <= shown for belonging in person.memberships)


def test_people_belong_to_structures_of_their_department():
    departments = {structure.slug: structure.department for structure in structures()}
    belongings = [(person, belonging) for person in PEOPLE for belonging in person.memberships]
    assert len(belongings) >= 150
    for person, belonging in belongings:
        assert departments[belonging.structure] == person.commune_code[:2]
        assert 3 <= len(belonging.function) <= 80


def test_addresses_and_names():
    assert len({person.email for person in PEOPLE}) == len(PEOPLE)
    for person in PEOPLE:
        assert re.fullmatch(r"[a-z]+\.[a-z]+@example\.org", person.email)
        assert max(len(person.first_name), len(person.last_name), len(person.pseudonym or "")) <= 80


def test_texts_are_finished():
    for person in PEOPLE:
        assert 0 < len(person.headline) <= MAX_HEADLINE
        for field in TEXTS:
            text = getattr(person, field)
            assert not re.search(r"[\[\]{}|]|  ", text), text
            assert "@" not in text
        for field in ("presentation", "experience"):
            assert re.search(r"[.?!]$", getattr(person, field))
        assert 2 <= len(re.findall(r"[.?!](?: |$)", person.presentation)) <= 7


def test_profiles_do_not_look_cloned():
    assert len({person.presentation for person in PEOPLE}) == len(PEOPLE)
    assert Counter(person.headline for person in PEOPLE).most_common(1)[0][1] <= 4


def test_two_thirds_live_in_occitanie():
    occitanie = {"09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "81", "82"}
    departments = Counter(person.commune_code[:2] for person in PEOPLE)
    assert occitanie < set(departments)
    assert 0.7 <= sum(departments[code] for code in occitanie) / len(PEOPLE) <= 0.8


def test_communes_exist_under_that_name():
    known = communes()
    towns = [
        (town["code"], town["name"]) for row in table("communes")["department"] for town in row["communes"]
    ]
    places = towns + [(structure.commune, structure.commune_name) for structure in structures()]
    assert not [(code, name) for code, name in places if known.get(code, {}).get("name") != name]
    assert {person.commune_code for person in PEOPLE} <= {code for code, _ in towns}


@pytest.mark.parametrize(
    ("field", "vocabulary"),
    [("domains", "domain"), ("fields", "field"), ("publics", "public"), ("themes", "theme")],
)
def test_structures_use_known_terms(field, vocabulary):
    assert {slug for structure in structures() for slug in getattr(structure, field)} <= slugs(vocabulary)


def test_structures_are_well_formed():
    rows = structures()
    assert len(rows) >= 220
    assert len({structure.slug for structure in rows}) == len(rows)
    assert len({structure.name.casefold() for structure in rows}) == len(rows)
    for structure in rows:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", structure.slug)
        assert structure.category in slugs("category")
        assert structure.description.endswith(".")
        assert not structure.website or re.fullmatch(r"https?://[a-z0-9.-]+", structure.website)
        assert all(re.fullmatch(r"(com|epci|dep|reg)-[0-9AB]+", zone) for zone in structure.zones)
        assert (structure.lat is None) == (structure.lon is None)


def test_given_positions_fall_near_the_commune():
    known = communes()
    for structure in structures():
        if structure.lat is not None:
            centre = known[structure.commune]
            assert abs(structure.lat - float(centre["lat"])) < 0.08
            assert abs(structure.lon - float(centre["lon"])) < 0.1


def test_role_texts_cover_every_role_and_name_known_categories():
    roles = table("texts")["roles"]
    assert set(roles) == slugs("role") == set(table("profile")["roles"])
    assert {category for role in roles.values() for category in role["structures"]} <= slugs("category")


def test_pools_cover_every_domain_and_competence():
    pools = table("fragments")
    assert set(pools["engagements"]) == slugs("domain")
    assert set(pools["offers"]) == slugs("competence")


def test_bulk_fragments_hold_the_common_word_in_two_rows_out_of_five():
    bulk = bulk_fragments()
    assert len(bulk.headlines) >= 60
    assert len(bulk.presentations) >= 60
    assert bulk == bulk_fragments()
    together = [text for text in bulk.presentations if COMMON_WORD in text.lower()]
    assert 0.38 <= len(together) / len(bulk.presentations) <= 0.42
    assert not [text for text in bulk.headlines if COMMON_WORD in text.lower()]
    assert not set(bulk.rare_surnames) & set(bulk.surnames)
    assert not [text for text in (*bulk.headlines, *bulk.presentations) if re.search(r"[\[\]{}|]", text)]


def test_quotas_leave_no_key_behind():
    keys = quotas({"common": 98, "rare": 1, "rarer": 1}, 10, random.Random(0))
    assert len(keys) == 10
    assert set(keys) == {"common", "rare", "rarer"}


@pytest.mark.parametrize(
    ("town", "at", "of"),
    [
        ("Foix", "à Foix", "de Foix"),
        ("Albi", "à Albi", "d'Albi"),
        ("Le Vigan", "au Vigan", "du Vigan"),
        ("L'Isle-Jourdain", "à L'Isle-Jourdain", "de L'Isle-Jourdain"),
    ],
)
def test_prepositions_before_towns(town, at, of):
    assert at_town(town) == at
    assert of_town(town) == of


def test_agreement_marks():
    assert agree("[Formé|Formée] et [prêt|prête].", feminine=True) == "Formée et prête."
    assert agree("[Formé|Formée] et [prêt|prête].", feminine=False) == "Formé et prêt."
