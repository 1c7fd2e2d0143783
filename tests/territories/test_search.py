"""What people type, and what they mean."""

import pytest

from territories.actions import compose_health_territory
from territories.models import Territory
from territories.search import normalise, search_key, slips_between

pytestmark = pytest.mark.django_db


def labels(text: str, limit: int = 10) -> list[str]:
    return [territory.label for territory in Territory.objects.search(text, limit)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Saint-Girons", "com-09261"),
        ("saint girons", "com-09261"),
        ("st girons", "com-09261"),
        ("  ST   GIRONS ", "com-09261"),
        ("st giron", "com-09261"),
        ("girons", "com-09261"),
        ("saintgirons", "com-09261"),
        ("Saint-Girons (09)", "com-09261"),
        ("09200 saint girons", "com-09261"),
        ("saint girons ariège", "com-09261"),
        ("paris 12", "com-75056"),
        ("paris 12e", "com-75056"),
        ("haute garonne 31", "dep-31"),
        ("haute-garonne (31)", "dep-31"),
        ("toulosue 31", "com-31555"),
        ("toulosue 12", "com-31555"),
        ("toulosue", "com-31555"),
        ("tolouse", "com-31555"),
        ("TOULOUSE", "com-31555"),
        ("montpelier", "com-34172"),
        ("beziers", "com-34032"),
        ("l herm", "com-09138"),
        ("L'Herm", "com-09138"),
        ("herm", "com-09138"),
        ("com-09122", "com-09122"),
        ("dep-09", "dep-09"),
        ("09", "dep-09"),
        ("974", "dep-974"),
        ("ariege", "dep-09"),
        ("département de l’Ariège", "dep-09"),
        ("occitanie", "reg-76"),
        ("région Occitanie", "reg-76"),
        ("couserans", "epci-200067940"),
        ("cc couserans", "epci-200067940"),
        ("communauté de communes couserans-pyrénées", "epci-200067940"),
        ("200067940", "epci-200067940"),
        ("09261", "com-09261"),
        ("75001", "com-75056"),
        ("75020", "com-75056"),
        ("75116", "com-75056"),
        ("69001", "com-69123"),
        ("69009", "com-69123"),
        ("13016", "com-13055"),
        ("paris", "com-75056"),
        ("papeete", "com-98735"),
    ],
)
def test_first_result(typed, first):
    assert Territory.objects.search(typed)[0].ref == first


def test_homonyms_are_told_apart_and_the_largest_comes_first():
    assert labels("tarascon") == [
        "Tarascon (13)",
        "Tarascon-sur-Ariège (09)",
        "Communauté de communes du Pays de Tarascon",
    ]
    assert labels("tarascon (09)") == ["Tarascon-sur-Ariège (09)"]
    assert labels("tarascon ariège") == ["Tarascon-sur-Ariège (09)"]


def test_exact_names_go_before_longer_ones_and_a_town_before_its_epci():
    assert labels("toulouse")[:2] == ["Toulouse (31)", "Toulouse Métropole"]
    assert [territory.ref for territory in Territory.objects.search("paris")[:2]] == ["com-75056", "dep-75"]


def test_a_postal_code_gives_its_communes_by_population():
    found = Territory.objects.search("09200", limit=30)
    assert found[0].label == "Saint-Girons (09)"
    assert {t.level for t in found} == {"com"}
    *postal, insee = found
    assert insee.ref == "com-09200"  # the INSEE code of another commune, after those of the postal code
    assert [t.population for t in postal] == sorted((t.population for t in postal), reverse=True)
    assert "Moulis (09)" in [t.label for t in found]


def test_a_département_code_gives_the_département_then_its_towns():
    assert labels("09", limit=3) == ["Ariège", "Pamiers (09)", "Foix (09)"]


def test_nothing_is_guessed_where_a_name_begins_with_what_is_typed():
    foix = Territory.objects.by_ref("com-09122")
    compose_health_territory(name="CPTS du pays de Foix", kind="cpts", code="essai", communes=[foix])
    Territory.objects.filter(pk=foix.pk).update(name="Cuts", search_key="cuts")
    assert labels("cutz") == ["Cuts (09)"]
    assert labels("CPTS") == ["CPTS du pays de Foix"]


def test_details_say_what_and_where():
    details = {
        t.ref: t.detail for text in ("foix", "ariege", "occitanie") for t in Territory.objects.search(text)
    }
    assert details["com-09122"] == "Commune · Ariège"
    assert details["dep-09"] == "Département · Occitanie"
    assert details["reg-76"] == "Région"
    assert details["epci-200067791"] == "Intercommunalité · Ariège"
    assert Territory.objects.by_ref("dep-987").detail == "Collectivité d’outre-mer"


@pytest.mark.parametrize("text", ["", "   ", "-", "%", "_", "'", "\\", "\0", "(", "☃", "zzzzzzzz"])
def test_nothing_means_nothing(text):
    assert Territory.objects.search(text) == []


@pytest.mark.parametrize(
    "text", ["%saint", "sai_t", "a" * 5000, "0" * 5000, "saint " * 40, "2a", "1", "99999", "٠٩"]
)
def test_no_text_breaks_it(text):
    assert len(Territory.objects.search(text)) <= 10


def test_limit_is_kept():
    assert len(Territory.objects.search("saint", limit=4)) == 4


@pytest.mark.parametrize(
    ("typed", "queries"), [("foix", 1), ("saint", 1), ("dep-09", 1), ("09200", 2), ("toulosue", 3)]
)
def test_query_count(typed, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):
        Territory.objects.search(typed)


def test_normal_form():
    assert normalise("  L'Œuf—Sté.-Ste ") == "l oeuf ste sainte"[: len("l oeuf ")] + "sainte sainte"


def test_keys_lose_what_people_leave_out():
    assert search_key("Les Cabannes", "com") == "cabannes"
    assert search_key("Communauté de communes du Pays de Tarascon", "epci") == "pays de tarascon"
    assert search_key("Communauté de communes", "epci") == "communaute de communes"
    assert search_key("CC des oiseaux", "sante") == "cc des oiseaux"


def test_slips():
    assert slips_between("toulosue", "toulouse") == 1
    assert slips_between("montpelier", "montpellier") == 1
    assert slips_between("saint gir", "saint girons") == 0
