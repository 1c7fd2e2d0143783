"""What lies in what, what is near what, and health territories."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from territories.actions import compose_health_territory, load_official, recompose
from territories.demo import demo_health_territories
from territories.models import Containment, Contour, PostalCode, Territory
from tests.fixtures_territories import DEPARTEMENTS

pytestmark = pytest.mark.django_db

CANAL = "epci-243100567"  # Aux sources du Canal du Midi, in three départements


def ref(text: str) -> Territory:
    return Territory.objects.by_ref(text)


def refs(territories) -> list[str]:
    return [territory.ref for territory in territories]


def snapshot() -> dict:
    return {
        "territories": list(Territory.objects.order_by("id").values_list()),
        "links": list(Containment.objects.order_by("id").values_list()),
        "codes": list(PostalCode.objects.order_by("id").values_list()),
        "contours": list(Contour.objects.order_by("pk").values_list("pk", "digest")),
    }


@pytest.mark.parametrize(
    "junk", ["", "dep", "dep-", "-09", "dep-09 ", "dep-é", "xxx-09", "dep-00", "com-\0", None, 9]
)
def test_by_ref_refuses_junk(junk):
    with pytest.raises(Territory.DoesNotExist):
        Territory.objects.by_ref(junk)


def test_a_territory_knows_its_names():
    foix = ref("com-09122")
    assert (foix.label, str(foix), foix.ref) == ("Foix (09)", "Foix (09)", "com-09122")
    assert foix.get_absolute_url() == "/territoires/com-09122/"
    assert ref("com-97411").label == "Saint-Denis (974)"
    assert ref("dep-09").label == "Ariège"


def test_what_covers_a_commune():
    covering = Territory.objects.covering(ref("com-09261"))
    assert sorted(refs(covering)) == ["dep-09", "epci-200067940", "reg-76"]
    assert all(territory.whole for territory in covering)


def test_what_lies_in_a_département():
    inside = Territory.objects.inside(ref("dep-09"))
    assert "com-09261" in refs(inside.communes())
    assert "epci-200067940" in refs(inside.filter(level="epci", outer_links__whole=True))
    assert refs(inside.filter(level="reg")) == []
    assert "dep-09" not in refs(inside)


def test_an_epci_may_cross_départements():
    for departement in ("dep-11", "dep-31", "dep-81"):
        inside = Territory.objects.inside(ref(departement)).get(level="epci", code=CANAL[5:])
        assert inside.whole is False
    covering = Territory.objects.covering(ref(CANAL))
    assert {t.ref: t.whole for t in covering} == {
        "dep-11": False,
        "dep-31": False,
        "dep-81": False,
        "reg-76": True,
    }


def test_within_km_finds_neighbours_nearest_first():
    foix = ref("com-09122")
    near = list(Territory.objects.within_km(foix, 20))
    assert near[0] == foix
    assert near[0].km == pytest.approx(0, abs=0.001)
    assert [t.km for t in near] == sorted(t.km for t in near)
    by_ref = {t.ref: t.km for t in near}
    assert by_ref["com-09225"] == pytest.approx(17.6, abs=1.5)  # Pamiers
    assert "com-09261" not in by_ref  # Saint-Girons, 37 km away
    assert "com-09261" in refs(Territory.objects.within_km(foix, 45))


def test_within_km_is_capped_and_never_negative():
    foix = ref("com-09122")
    assert refs(Territory.objects.within_km(foix, -5)) == ["com-09122"]
    far = Territory.objects.within_km(foix, 10_000)
    assert max(t.km for t in far) <= 200


def test_within_km_uses_the_index():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "territory_earth" in Territory.objects.within_km(ref("com-09122"), 5).explain()


def test_loading_again_changes_nothing():
    made = compose_health_territory(
        name="CPTS des Sources", kind="cpts", code="sources", communes=[ref(CANAL), ref("com-09122")]
    )
    before = snapshot()
    load_official(departements=DEPARTEMENTS)
    assert snapshot() == before
    assert made.ref in refs(Territory.objects.covering(ref("com-09122")))


def test_loading_again_repairs():
    Territory.objects.filter(level="com", code="09122").update(name="Fois", search_key="fois", population=1)
    PostalCode.objects.filter(commune=ref("com-09261")).update(code="99999")
    Containment.objects.filter(outer=ref("dep-09"), inner__code="09122").delete()
    Containment.objects.create(outer=ref("dep-31"), inner=ref("com-09122"))
    load_official(departements=DEPARTEMENTS)
    assert Territory.objects.search("foix")[0].label == "Foix (09)"
    assert [code.code for code in ref("com-09261").postal_codes.all()] == ["09200"]
    assert sorted(refs(Territory.objects.covering(ref("com-09122")))) == [
        "dep-09",
        "epci-200067791",
        "reg-76",
    ]


def test_figures_of_official_territories():
    ariege = ref("dep-09")
    communes = Territory.objects.communes().inside(ariege)
    assert ariege.population == sum(c.population for c in communes) > 150_000
    west, south, east, north = ariege.bounds
    assert west < ariege.lon < east
    assert south < ariege.lat < north
    assert (round(west, 1), round(north, 1)) == (0.8, 43.3)


def test_composing_a_health_territory():
    couserans, foix = ref("epci-200067940"), ref("com-09122")
    made = compose_health_territory(
        name="GHT d’essai", kind="ght", code="essai", communes=[couserans, foix, foix]
    )
    communes = Territory.objects.communes().inside(made)
    assert communes.count() == Territory.objects.communes().inside(couserans).count() + 1
    assert made.population == couserans.population + foix.population
    assert (made.detail, made.label, made.ref) == ("GHT · Ariège", "GHT d’essai", "sante-essai")
    assert couserans.lon < made.lon < foix.lon
    west, south, east, north = made.bounds
    assert west < couserans.lon < foix.lon < east
    assert {t.ref: t.whole for t in Territory.objects.inside(made).exclude(level="com")} == {
        "epci-200067940": True,
        "epci-200067791": False,
    }
    assert {t.ref: t.whole for t in Territory.objects.covering(made)} == {"dep-09": True, "reg-76": True}
    assert Territory.objects.search("ght d essai")[0] == made


def test_recomposing_moves_everything():
    made = compose_health_territory(name="CPTS", kind="cpts", code="essai", communes=[ref("epci-200067940")])
    again = recompose(made, name="CPTS de Foix", communes=[ref("com-09122")])
    assert again.pk == made.pk
    assert refs(Territory.objects.inside(again)) == ["com-09122"]
    assert again.population == ref("com-09122").population
    assert sorted(refs(Territory.objects.covering(again))) == ["dep-09", "epci-200067791", "reg-76"]
    assert refs(Territory.objects.search("cpts de foix")) == ["sante-essai"]


def test_a_health_territory_with_the_communes_of_a_département_lies_in_it():
    made = compose_health_territory(name="GHT", kind="ght", code="essai", communes=[ref("dep-09")])
    assert sorted(refs(Territory.objects.covering(made))) == ["dep-09", "reg-76"]
    assert "epci-200067940" in refs(Territory.objects.inside(made))


@pytest.mark.parametrize(
    "wrong",
    [
        {"communes": []},
        {"kind": "dep"},
        {"kind": ""},
        {"code": "à-b"},
        {"code": ""},
        {"name": ""},
        {"name": "a" * 201},
    ],
)
def test_composing_refuses(wrong):
    right = {"name": "CPTS", "kind": "cpts", "code": "essai", "communes": [ref("com-09122")]}
    with pytest.raises(ValidationError):
        compose_health_territory(**(right | wrong))
    assert Territory.objects.filter(level="sante").count() == 0


def test_a_code_is_taken_once():
    compose_health_territory(name="A", kind="cpts", code="essai", communes=[ref("com-09122")])
    with pytest.raises(ValidationError):
        compose_health_territory(name="B", kind="cpts", code="essai", communes=[ref("com-09122")])


def test_official_territories_are_not_recomposed():
    with pytest.raises(ValidationError):
        recompose(ref("dep-09"), communes=[ref("com-31555")])


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "cpts"}, {"lat": 91}, {"level": "xxx"}, {"code": "a b"}, {"west": 3}, {"code": "09261"}],
)
def test_the_database_refuses(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Territory.objects.filter(level="com", code="09122").update(**wrong)


def test_demo_health_territories_can_be_replayed():
    first = refs(demo_health_territories())
    assert refs(demo_health_territories()) == first
    assert "sante-ght_pyrenees_ariegeoises" in first
