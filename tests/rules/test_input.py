"""No request, however malformed, gets a 500; what cannot be read gets 400."""

import pytest
from django.test import Client

MALFORMED = [
    ("/acteurs/?q=%00", {}),
    ("/acteurs/?q=a%00b", {}),
    ("/acteurs/?%00=a", {}),
    ("/acteurs/?q=%ff", {}),
    ("/acteurs/%00/", {}),
    ("/territoires/recherche/?q=%00", {}),
    ("/gestion/?name=%00", {}),
    ("/", {"sessionid": "abc\0def"}),
    ("/", {"csrftoken": "abc\0def"}),
    ("/", {"theme": "\0"}),
]


@pytest.mark.parametrize(("url", "cookies"), MALFORMED)
@pytest.mark.django_db
def test_malformed_gets_400(url, cookies):
    client = Client(raise_request_exception=False)
    for name, value in cookies.items():
        client.cookies[name] = value
    assert client.get(url).status_code == 400


@pytest.mark.parametrize(
    "url",
    [
        "/carte/donnees.geojson?q=%00",
        "/territoires/recherche/?q=%ff",
        "/territoires/contours/dep.geojson?a=%00",
        "/sante/?a=%00",
    ],
)
def test_a_program_is_refused_in_json(url):
    response = Client(raise_request_exception=False).get(url)
    assert response.status_code == 400
    assert response.json() == {"errors": {"adresse": ["Cette adresse n’est pas lisible"]}}


@pytest.mark.parametrize("url", ["/acteurs/%ff/", "/%ed%a0%80"])
@pytest.mark.django_db
def test_a_path_that_is_no_text_leads_nowhere(url):
    assert Client(raise_request_exception=False).get(url).status_code == 404


@pytest.mark.django_db
def test_a_plain_request_passes():
    assert Client().get("/acteurs/?q=écoute+partagée").status_code == 200


@pytest.mark.django_db
def test_nul_in_a_form_is_an_error_beside_the_field():
    client = Client(raise_request_exception=False)
    response = client.post("/compte/login/", {"login": "a\0@example.org", "password": "x\0"})
    assert response.status_code == 200
    assert "login" in response.context["form"].errors
