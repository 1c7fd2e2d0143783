"""Staff compose health territories; official ones are only read."""

import pytest

from territories.actions import compose_health_territory
from territories.models import Territory

pytestmark = pytest.mark.django_db

ADD = "/gestion/territories/territory/add/"


@pytest.fixture
def admin(as_viewer):
    return as_viewer("admin")


def change_url(territory: Territory) -> str:
    return f"/gestion/territories/territory/{territory.pk}/change/"


def test_composing_from_pasted_codes(admin):
    data = {
        "name": "CPTS d’essai",
        "kind": "cpts",
        "code": "essai",
        "composition": "09122, 200067940;\n\tcom-09225  dep-75",
    }
    response = admin.post(ADD, data)
    assert response.status_code == 302
    made = Territory.objects.by_ref("sante-essai")
    inside = {t.ref for t in Territory.objects.communes().inside(made)}
    assert {"com-09122", "com-09261", "com-09225", "com-75056"} < inside


@pytest.mark.parametrize("codes", ["99999", "", "dep-00", "foix", "com-", "-", "200000000", "é" * 50])
def test_unknown_codes_are_refused_in_words(admin, codes):
    response = admin.post(ADD, {"name": "X", "kind": "cpts", "code": "essai", "composition": codes})
    assert response.status_code == 200
    assert response.context["adminform"].form.errors.keys() == {"composition"}


def test_a_code_already_taken_is_refused_in_words(admin):
    foix = Territory.objects.by_ref("com-09122")
    compose_health_territory(name="A", kind="cpts", code="essai", communes=[foix])
    response = admin.post(ADD, {"name": "B", "kind": "cpts", "code": "essai", "composition": "09122"})
    assert response.context["adminform"].form.errors.keys() == {"code"}


def test_recomposing_shows_and_replaces_the_communes(admin):
    foix = Territory.objects.by_ref("com-09122")
    made = compose_health_territory(name="A", kind="cpts", code="essai", communes=[foix])
    page = admin.get(change_url(made))
    assert page.context["adminform"].form.initial["composition"] == "09122"
    response = admin.post(
        change_url(made), {"name": "B", "kind": "ght", "code": "other", "composition": "09261"}
    )
    assert response.status_code == 302
    made.refresh_from_db()
    assert (made.name, made.kind, made.code) == ("B", "ght", "essai")
    assert [t.ref for t in Territory.objects.inside(made)] == ["com-09261"]


def test_official_territories_are_read_only(admin):
    ariege = Territory.objects.by_ref("dep-09")
    assert admin.get(change_url(ariege)).status_code == 200
    assert admin.post(change_url(ariege), {"name": "X"}).status_code == 403
    assert (
        admin.post(f"/gestion/territories/territory/{ariege.pk}/delete/", {"post": "yes"}).status_code == 403
    )
    ariege.refresh_from_db()
    assert ariege.name == "Ariège"


def test_the_list_searches_like_everywhere(admin):
    page = admin.get("/gestion/territories/territory/?q=st+girons")
    assert [t.ref for t in page.context["cl"].result_list] == ["com-09261"]
