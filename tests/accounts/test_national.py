"""Pro Santé Connect and FranceConnect, played by a provider of our own: what lets one in, what does not."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.national import NationalIdentityAdapter
from tests.accounts.doors import CONFIRM, LOGIN, SPACE, code_in, confirmed, sign_in

pytestmark = pytest.mark.django_db

ISSUER, CLIENT_ID = "https://identity.example.org", "our-instance"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
GO, BACK, LINKS, FINISH = (
    "/compte/identite/psc/",
    "/compte/identite/psc/retour/",
    "/compte/identite/",
    "/compte/identite/signup/",
)


class Provider:
    """What answers at the addresses of the provider; a test bends it."""

    def __init__(self) -> None:
        self.nonce, self.codes = "", []
        self.claims: dict = {}
        self.audience = CLIENT_ID
        self.key, self.algorithm = KEY, "RS256"
        self.told = {"sub": "person-1", "SubjectNameID": "810001234567", "family_name": "Clairvallon"}
        self.signs_what_it_tells = False

    def token(self, **claims) -> str:
        said = {
            "iss": ISSUER,
            "aud": self.audience,
            "sub": "person-1",
            "nonce": self.nonce,
            "iat": time.time(),
            "exp": time.time() + 60,
        } | claims
        key = None if self.algorithm == "none" else "secret" * 8 if self.algorithm == "HS256" else self.key
        return jwt.encode(said, key, self.algorithm, headers={"kid": "1"})

    def answer(self, url: str) -> dict | str:
        match urlsplit(url).path.rpartition("/")[2]:
            case "openid-configuration":
                return {
                    "issuer": ISSUER,
                    "authorization_endpoint": f"{ISSUER}/authorize",
                    "token_endpoint": f"{ISSUER}/token",
                    "userinfo_endpoint": f"{ISSUER}/userinfo",
                    "jwks_uri": f"{ISSUER}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            case "keys":
                public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
                return {"keys": [public | {"kid": "1", "alg": "RS256"}]}
            case "token":
                return {"access_token": "a", "token_type": "Bearer", "id_token": self.token(**self.claims)}
            case "userinfo":
                return self.token(**self.told) if self.signs_what_it_tells else self.told

    def call(self, method: str, url: str, **kwargs) -> SimpleNamespace:
        body = self.answer(url)
        text = body if isinstance(body, str) else json.dumps(body)
        kind = "application/jwt" if isinstance(body, str) else "application/json"
        return SimpleNamespace(
            status_code=200,
            text=text,
            headers={"Content-Type": kind, "content-type": kind},
            json=lambda: json.loads(text),
            raise_for_status=lambda: None,
        )

    def session(self):
        as_session = SimpleNamespace(
            get=lambda url, **kwargs: self.call("GET", url, **kwargs),
            post=lambda url, **kwargs: self.call("POST", url, **kwargs),
            request=self.call,
        )
        return _Entered(as_session)


class _Entered:
    def __init__(self, inner) -> None:
        self.inner = inner

    def __enter__(self):
        return self.inner

    def __exit__(self, *error) -> None:
        pass


@pytest.fixture
def provider(monkeypatch, settings) -> Provider:
    apps = [
        {
            "provider_id": name,
            "name": label,
            "client_id": CLIENT_ID if name == "psc" else f"{CLIENT_ID} there",
            "secret": "s",
            "settings": {"server_url": f"{ISSUER}/.well-known/openid-configuration", "scope": ["openid"]},
        }
        for name, label in (("psc", "Pro Santé Connect"), ("franceconnect", "FranceConnect"))
    ]
    settings.NATIONAL_IDENTITIES = apps
    settings.SOCIALACCOUNT_PROVIDERS = {"national": {"APPS": apps}}
    played = Provider()
    monkeypatch.setattr(NationalIdentityAdapter, "get_requests_session", lambda self: played.session())
    return played


def leave(client: Client, provider: Provider, path: str = GO) -> dict[str, str]:
    """Press the button; return what was asked of the provider, which keeps the nonce."""
    asked = client.post(path)
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(f"{ISSUER}/authorize?")
    query = {name: values[0] for name, values in parse_qs(urlsplit(asked.headers["Location"]).query).items()}
    provider.nonce = query["nonce"]
    return query


def come_back(client: Client, state: str, path: str = BACK):
    return client.get(path, {"state": state, "code": "one-use"})


def go(client: Client, provider: Provider, path: str = GO):
    state = leave(client, provider, path)["state"]
    return come_back(client, state, path.partition("?")[0] + "retour/")


def is_in(client: Client) -> bool:
    return client.get(SPACE).status_code == 200


def linked(name: str = "member") -> User:
    user = confirmed(name)
    SocialAccount.objects.create(user=user, provider="psc", uid="person-1")
    return user


def test_nothing_of_it_where_it_is_not_set(client):
    assert [client.post(path).status_code for path in (GO, "/compte/identite/franceconnect/")] == [404, 404]
    assert client.get(BACK).status_code == 404
    assert "Pro Santé Connect" not in client.get(LOGIN).content.decode()
    sign_in(client, confirmed().email)
    assert "ne les propose pas encore" in client.get(LINKS).content.decode()


def test_its_buttons_where_it_is(client, provider):
    page = client.get(LOGIN).content.decode()
    assert (page.count("Continuer avec Pro Santé Connect"), page.count("Continuer avec FranceConnect")) == (
        1,
        1,
    )
    assert client.get(GO).status_code == 200, "leaving takes a button"


def test_what_is_asked(client, provider):
    query = leave(client, provider, GO + "?auth_params=nonce%3Dchosen&scope=everything")
    assert (query["client_id"], query["scope"], query["response_type"]) == (CLIENT_ID, "openid", "code")
    assert query["redirect_uri"] == "https://partenariat.example.org/compte/identite/psc/retour/"
    assert (query["code_challenge_method"], len(query["nonce"]) > 30, query["nonce"]) == (
        "S256",
        True,
        provider.nonce,
    )


def test_whoever_is_linked_comes_in_and_is_a_verified_professional(client, provider):
    user = linked()
    go(client, provider)
    assert is_in(client)
    user.refresh_from_db()
    assert user.is_verified_professional
    assert SocialToken.objects.count() == 0


def test_what_is_told_may_be_signed(client, provider):
    linked()
    provider.signs_what_it_tells = True
    go(client, provider)
    assert is_in(client)


BENT = {
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": ""}},
    "another audience": {"claims": {"aud": "someone-else"}},
    "another issuer": {"claims": {"iss": "https://elsewhere.example"}},
    "too late": {"claims": {"exp": 1}},
    "another person in the token": {"claims": {"sub": "person-2"}},
    "another person told": {"told": {"sub": "person-2"}},
    "nobody told": {"told": {}},
    "not signed": {"algorithm": "none"},
    "signed with a shared secret": {"algorithm": "HS256"},
    "signed by someone else": {"key": OTHER_KEY},
    "signed words by someone else": {"signs_what_it_tells": True, "told": {"sub": "person-1", "aud": "else"}},
}


@pytest.mark.parametrize("bend", BENT.values(), ids=BENT)
def test_what_does_not_let_in(bend, client, provider):
    linked()
    for name, value in bend.items():
        setattr(provider, name, value)
    answer = go(client, provider)
    assert answer.status_code == 401
    assert "n’a pas abouti" in answer.content.decode()
    assert not is_in(client)
    assert not User.objects.get().is_verified_professional


def test_a_state_serves_once_and_in_its_own_browser(client, provider):
    linked()
    state = leave(client, provider)["state"]
    assert come_back(Client(), state).status_code == 401
    assert come_back(client, "invented").status_code == 401
    come_back(client, state)
    assert is_in(client)
    client.post("/compte/logout/")
    assert come_back(client, state).status_code == 401
    assert not is_in(client)


def test_giving_up_changes_nothing(client, provider):
    state = leave(client, provider)["state"]
    back = client.get(BACK, {"state": state, "error": "access_denied"}, follow=True)
    assert "Vous avez annulé" in back.content.decode()


def test_the_address_of_a_member_does_not_open_her_account(client, provider):
    member = confirmed()
    provider.told |= {"email": member.email, "email_verified": True}
    go(client, provider)
    assert not is_in(client)
    assert SocialAccount.objects.count() == 0
    member.refresh_from_db()
    assert not member.is_verified_professional


def test_a_new_person_gives_her_address_and_confirms_it(client, provider):
    assert go(client, provider).headers["Location"] == FINISH
    assert client.get(FINISH).status_code == 200
    assert client.post(FINISH, {"email": "new@"}).context["form"].errors["email"]
    assert client.post(FINISH, {"email": "new@example.org"}).headers["Location"] == CONFIRM
    assert not is_in(client)
    client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert is_in(client)
    user = User.objects.get()
    assert (user.email, user.is_verified_professional, user.has_usable_password()) == (
        "new@example.org",
        True,
        False,
    )
    [kept] = SocialAccount.objects.all()
    assert (kept.provider, kept.uid, kept.extra_data) == ("psc", "person-1", {"rpps": "10001234567"})
    assert EmailAddress.objects.get().verified


@pytest.mark.parametrize("said", ["10001234567", "8100012345678", "81000123456x", "", None])
def test_only_a_number_of_the_rpps_makes_a_professional(said, client, provider):
    user = linked()
    provider.told["SubjectNameID"] = said
    go(client, provider)
    user.refresh_from_db()
    assert (is_in(client), user.is_verified_professional) == (True, False)


def test_franceconnect_makes_no_professional(client, provider):
    user = confirmed()
    SocialAccount.objects.create(user=user, provider="franceconnect", uid="person-1")
    provider.audience = f"{CLIENT_ID} there"
    go(client, provider, "/compte/identite/franceconnect/")
    user.refresh_from_db()
    assert (is_in(client), user.is_verified_professional) == (True, False)


def test_linking_ones_account_then_taking_the_link_back(client, provider):
    user, elsewhere = confirmed(), Client()
    sign_in(client), sign_in(elsewhere)
    mail.outbox.clear()
    go(client, provider, GO + "?process=connect")
    user.refresh_from_db()
    assert (user.is_verified_professional, is_in(client), is_in(elsewhere)) == (True, True, False)
    [account] = SocialAccount.objects.filter(user=user)
    assert "Pro Santé Connect" in client.get(LINKS).content.decode()
    client.post(LINKS, {"account": account.pk})
    assert SocialAccount.objects.count() == 0
    assert [message.to for message in mail.outbox] == [[user.email]] * 2


def test_linking_twice_says_that_it_is_known(client, provider):
    linked()
    User.objects.update(is_verified_professional=True)
    sign_in(client)
    answer = go(client, provider, GO + "?process=connect")
    assert "Votre compte était déjà lié." in client.get(answer.headers["Location"]).content.decode()
    assert SocialAccount.objects.count() == 1


def test_an_identity_of_another_is_not_taken(client, provider):
    linked("professional")
    sign_in(client, confirmed().email)
    go(client, provider, GO + "?process=connect")
    assert SocialAccount.objects.get().user.email == "professional@example.org"
