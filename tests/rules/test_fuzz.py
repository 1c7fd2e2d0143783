"""Whatever is sent, however malformed, is answered without breaking down or telling of the code."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from urllib.parse import quote, quote_from_bytes

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import escape

from accounts.audience import Audience
from directory.filters import DirectoryFilter
from directory.index import Selection, current_index
from portal.tasks import record_heartbeat
from tests import makers
from tests.conftest import make_viewer
from tests.rules.caller import Caller
from tests.rules.routes import routes

pytestmark = pytest.mark.django_db

TEXTS = [
    "", " ", "\t\r\n", "a", "é", "œ", "ß", "İ", "ﬁ", "Ǆ", "e\u0301\u0301\u0301", "\ufeff", "\ufffd",
    "\u2028", "\u202eabc", "\u200d", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "مرحبا", "漢字", "𝕬", "\U0010ffff", "a" * 10_000, "é" * 3_000, "a " * 3_000, "-1", "0", "1",
    "01", "+1", "1e9", "1e400", "1.5", "1,5", "١٢", "½", "nan", "inf", "-inf", "NaN", "0x10", "1_0",
    "9" * 30, "9" * 5_000, "-" + "9" * 30, "true", "null", "None", "undefined", "[]", "{}", '{"a": 1}',
    "[1, 2", "[" * 1_000, "'", '"', "`", "\\", "%", "%%", "%s", "%(a)s", "{0}", "{{ 1 }}", "{% now %}",
    "${7*7}", ";", "--", "' OR 1=1 --", "'; DROP TABLE directory_actor; --", "1) UNION SELECT 1 --", "$$",
    "a' AND pg_sleep(9)--", "&", "|", "!", ":*", "<->", "a & ", "a | | b", "!!a", "a:*", "a <-> b", "a:A",
    "(", ")", "((a)", "(a", "\\'", "*", ".*", "(a+)+$", "[a-", "^", "$", "a\\b", "__regex", "id__gt",
    "name__regex=(", "../../etc/passwd", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)", "//evil.example", "/\\evil.example", "https:evil.example", "file:///etc/passwd",
    "0000-00-00", "9999-99-99", "2026-02-30", "24:61", "dep-09", "dep-", "com-00000", "dep--1",
    "reg-" + "9" * 50, "sante-é", "DEP-09", "com-09261 ", "-180,-90,180,90", "180,90,-180,-90",
    "nan,nan,nan,nan", "inf,-inf,inf,-inf", "1,2,3", "1,2,3,4,5", "a,b,c,d", "1e308,1e308,1e309,1e309",
    ",,,", "0,0,0,0", "-1e-320,0,1e-320,1", "acteur", "diabete", "patient-partenaire",
]  # fmt: skip
#: Sent as bytes: no text writes them.
BYTES = [
    b"\x00",
    b"a\x00b",
    b"\xff",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xed\xbf\xbf",
    b"\xf4\x90\x80\x80",
    b"\xe9",
    b"%00",
]
VALUES = (
    [quote(text, safe="") for text in TEXTS]
    + [quote_from_bytes(raw) for raw in BYTES]
    + ["%", "%zz", "%u0041"]
)
UNKNOWN = ("id__gt", "name__regex", "q[]", "__class__")
FINE = {200, 206, 301, 302, 304, 400, 403, 404, 405, 416, 429}


#: Questions that each test asks at least: five thousand together.
ASKED = {
    "parameters": 1_200,
    "combinations": 500,
    "paths": 400,
    "every address": 1_500,
    "administration": 50,
    "headers and cookies": 300,
    "forms": 1_500,
}


@pytest.fixture
def world():
    record_heartbeat()
    for number in range(3):
        makers.actor(place=("com-09261", "com-31555", "com-75056")[number])
    makers.structure()


@pytest.fixture
def caller(world) -> Caller:
    return Caller()


def filters() -> list[str]:
    """Every parameter the directory reads: those of its filters, and those its pages read beside them."""
    known = DirectoryFilter(QueryDict(), Selection(current_index(), Audience.EVERYONE)).filters
    return [*dict.fromkeys([*known, "page", "zoom", "lieu", "next", "dans"]), *UNKNOWN]


def judge(seen: Counter, response, what: str) -> None:
    assert response.status_code in FINE, (response.status_code, what[:200])
    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert b"Traceback (most" not in body, what[:200]
    assert b"psycopg" not in body, what[:200]
    seen[response.status_code] += 1


def test_five_thousand_questions_are_asked():
    assert sum(ASKED.values()) >= 5_000


def test_no_parameter_breaks_an_address(caller):
    """Each parameter with each value, at one address after the other: every address meets every value."""
    light = [
        "/carte/donnees.geojson",
        "/acteurs/export.csv",
        "/territoires/recherche/",
        "/structures/export.csv",
    ]
    pages = ["/acteurs/", "/territoires/contours/dep.geojson", "/structures/", "/carte/", "/carte/integrer/"]
    # Nine times out of ten, one that costs little.
    addresses = itertools.cycle(
        itertools.chain.from_iterable([*light, *light, light[0], page] for page in pages)
    )
    seen: Counter = Counter()
    for turn, name in enumerate(filters()):
        # A third of the values, and another third for the next parameter.
        for value in VALUES[turn % 3 :: 3]:
            address = f"{next(addresses)}?{name}={value}"
            judge(seen, caller.get(address), address)
        next(addresses)
    assert sum(seen.values()) >= ASKED["parameters"]
    assert set(seen) >= {200, 400}
    assert 500 not in seen


def test_no_combination_breaks_an_address(caller):
    draw = random.Random(2026)
    names = filters()
    seen: Counter = Counter()
    for _ in range(400):
        query = "&".join(f"{draw.choice(names)}={draw.choice(VALUES)}" for _ in range(draw.randint(2, 5)))
        address = f"{draw.choice(['/carte/donnees.geojson', '/acteurs/', '/acteurs/export.csv'])}?{query}"
        judge(seen, caller.get(address), address)
    for name in names:
        for query in (
            f"{name}=a&" * 100,
            f"{name}=&" * 1_200,
            f"{name}",
            f"&&&{name}==",
            f"{name}[0][a]=1",
            f";{name}=1",
        ):
            judge(seen, caller.get(f"/carte/donnees.geojson?{query}"), f"{name} many times")
    assert sum(seen.values()) >= ASKED["combinations"]


def test_no_path_breaks_an_address(caller):
    seen: Counter = Counter()
    patterns = [
        "/acteurs/{}/",
        "/structures/{}/",
        "/territoires/{}-09/",
        "/territoires/dep-{}/",
        "/territoires/{}/",
    ]
    patterns += [
        "/territoires/contours/{}.geojson",
        "/compte/confirm-email/{}/",
        "/gestion/{}/",
        "/{}",
        "/static/{}",
    ]
    patterns += ["/compte/password/reset/key/{}-x/", "/compte/password/reset/key/1-{}/"]
    for pattern in patterns:
        for value in VALUES[::4]:
            path = pattern.format(value)
            judge(seen, caller.get(path), path)
    assert sum(seen.values()) >= ASKED["paths"]
    assert set(seen) >= {400, 404}


def test_every_address_takes_any_question(caller):
    """What an address does not read does it no harm."""
    seen: Counter = Counter()
    for route in routes():
        for value in VALUES[::20]:
            address = f"{route.example}?q={value}&page={value}&next={value}&_changelist_filters={value}"
            judge(seen, caller.get(address), address)
    assert sum(seen.values()) >= ASKED["every address"]


def test_staff_cannot_break_the_administration(world):
    caller = Caller(make_viewer("admin"))
    seen: Counter = Counter()
    lists = [reverse(route.key) for route in routes() if route.key.endswith("_changelist")]
    names = itertools.cycle(("q", "o", "p", "id__exact", "e", "q"))
    for address, value in itertools.product(lists, VALUES[::24]):
        judge(seen, caller.get(f"{address}?{next(names)}={value}"), address)
    assert sum(seen.values()) >= ASKED["administration"]


JUNK_COOKIES = [
    "",
    "a",
    "a" * 5_000,
    "a\0b",
    "é",
    '"',
    "a b;c",
    "%00",
    "{}",
    "gAAAA:1:2",
    "../..",
    "null",
    "a" * 32,
]
JUNK_HEADERS = {
    "Accept-Language": [
        "",
        "xx",
        "fr;q=nan",
        "a" * 5_000,
        "en-" * 200,
        ",,,;;",
        "\xff",
        "*",
        "fr-FR;q=9" * 50,
    ],
    "Accept": ["", "a/b/c", "*" * 1_000],
    "Accept-Encoding": ["", "nan", "gzip;q=x", "br," * 500],
    "Range": ["bytes=0-", "bytes=-1", "bytes=9-1", "bytes=" + "0-1," * 500, "x"],
    "X-Forwarded-For": ["evil", "::1", "1.2.3.4, 5.6.7.8", "\0", "a" * 5_000],
    "X-Forwarded-Host": ["evil.example", "\0"],
    "X-Forwarded-Proto": ["https", "x"],
    "Host": ["evil.example", "", "testserver:99999", "[::1", "testserver:a", "é"],
    "Referer": [
        "",
        "http://",
        "//evil",
        "http://[",
        "\0",
        "a" * 5_000,
        "http://testserver:x/acteurs/",
        "http://[x]/",
    ],
    "If-None-Match": ["", "*", '"', "W/", '"a",' * 500],
    "If-Modified-Since": ["x", "Sun, 99 Nov 9999 99:99:99 GMT"],
    "HX-Request": ["", "false", "x" * 5_000],
    "HX-Current-URL": ["", "\0", "//evil", "http://["],
    "HX-Boosted": ["x"],
    "HX-Target": ["\xff", "%00"],
    "Content-Length": ["-1", "x", "9" * 30],
    "X-CSRFToken": ["\0", "a" * 64, "é"],
    "Content-Type": ["x", "multipart/form-data", "application/json; charset=nope"],
    "Origin": ["null", "http://[", "\0"],
}


def test_no_header_or_cookie_breaks_an_address(caller):
    seen: Counter = Counter()
    member = Caller(make_viewer("member"))
    addresses = [
        "/",
        "/acteurs/",
        "/carte/donnees.geojson",
        "/compte/login/",
        "/territoires/contours/dep.geojson",
    ]
    addresses += ["/static/css/tokens.css", f"/acteurs/{makers.actor().slug}/"]
    rotated = itertools.cycle(addresses)
    for name, values in JUNK_HEADERS.items():
        for value, address in ((value, next(rotated)) for value in values for _ in range(2)):
            judge(seen, caller.get(address, headers={name: value}), f"{name}: {value!r} at {address}")
    for name in ("sessionid", "csrftoken", "django_language", "theme", "messages"):
        one = caller if name in ("sessionid", "csrftoken") else member
        for value, address in itertools.product(JUNK_COOKIES, addresses[:3]):
            one.cookies[name] = value
            judge(seen, one.get(address), f"{name}={value!r} at {address}")
        del one.cookies[name]
    assert sum(seen.values()) >= ASKED["headers and cookies"]


BODIES = [
    ("multipart/form-data; boundary=x", b""),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n\x00\xff\r\n--x--',
    ),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\r\n\r\n"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="\x00"\r\n\r\na\r\n--x--',
    ),
    ("multipart/form-data", b"--x"),
    ("multipart/form-data; boundary=" + "x" * 500, b"a"),
    ("application/json", b"{"),
    ("application/json", b"[" * 50_000),
    ("application/json", b'"\\ud800"'),
    ("application/x-www-form-urlencoded", b"login=%00&password=%00&email=%00&next=%00&language=%00"),
    (
        "application/x-www-form-urlencoded",
        b"login=%ed%a0%80&email=%ed%a0%80&next=%ed%a0%80&language=%ed%a0%80",
    ),
    ("application/x-www-form-urlencoded", b"login=%ff&email=%ff&next=%ff&language=%ff"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(2_000))),
    ("application/x-www-form-urlencoded", b"login=" + b"a" * 3_000_000),
    ("application/x-www-form-urlencoded; charset=nope", b"login=a"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"login=+AGE-"),
    ("text/plain", b"\x00" * 1_000),
    ("", b"a"),
]


def test_no_form_breaks_an_address(caller):
    seen: Counter = Counter()
    addresses = [
        "/compte/login/",
        "/compte/password/reset/",
        "/langue/",
        "/compte/logout/",
        "/compte/signup/",
    ]
    addresses += [
        "/acteurs/",
        "/gestion/login/",
        "/compte/password/reset/key/1-x/",
        "/compte/confirm-email/x/",
    ]
    for (kind, body), address in itertools.product(BODIES, addresses):
        response = caller.generic("POST", address, body, content_type=kind)
        judge(seen, response, f"{kind} {body[:60]!r} at {address}")
    for value, address in itertools.product(VALUES, addresses[:3]):
        body = "&".join(f"{name}={value}" for name in ("login", "password", "email", "next", "language"))
        response = caller.generic("POST", address, body, content_type="application/x-www-form-urlencoded")
        judge(seen, response, f"{value[:60]} at {address}")
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD", "LOCK", "é"):
        for route in routes():
            if not route.is_inner_admin:
                judge(seen, caller.generic(method, route.example), f"{method} {route.example}")
    assert sum(seen.values()) >= ASKED["forms"]


INVALID = [
    "page=0",
    "page=-1",
    "page=abc",
    "page=1e3",
    "page=" + "9" * 5_000,
    "theme=inconnu",
    "role=inconnu",
    "categorie=inconnu",
    "territoire=dep-9999",
    "territoire=nulle-part",
    "autour=dep-09",
    "autour=com-00000",
    "autour=com-09261&km=0",
    "autour=com-09261&km=-1",
    "autour=com-09261&km=1e9",
    "autour=com-09261&km=abc",
    "bbox=1,2,3",
    "bbox=nan,nan,nan,nan",
    "bbox=3,3,1,1",
    "bbox=-999,0,1,1",
    "nature=licorne",
    "tri=prix",
    "q=" + "a" * 101,
    "&".join(f"theme=t{n}" for n in range(40)),
    "&".join(["theme=diabete"] * 31),
]


@pytest.mark.parametrize("query", INVALID)
def test_an_invalid_filter_says_so_and_shows_nothing(query, world, client):
    assert client.get("/acteurs/").context["page"].total == 3
    refused = client.get(f"/carte/donnees.geojson?{query}")
    assert refused.status_code == 400
    words = [escape(message) for messages in refused.json()["errors"].values() for message in messages]
    assert words
    for address in ("/acteurs/", "/carte/", "/carte/integrer/"):
        answer = client.get(f"{address}?{query}")
        assert answer.status_code == 200
        assert (answer.context["page"].total, answer.context["page"].cards) == (0, [])
        text = answer.content.decode()
        assert [word for word in words if word not in text] == [], address
        assert "Clairvallon" not in text
    assert client.get(f"/acteurs/export.csv?{query}").status_code == 400


def test_a_page_beyond_the_last_is_the_last(world, client):
    answer = client.get("/acteurs/?page=999")
    assert (answer.status_code, answer.context["page"].number, len(answer.context["page"].cards)) == (
        200,
        1,
        3,
    )
