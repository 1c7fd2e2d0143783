"""Pro Santé Connect and FranceConnect: who someone is, said by the State. Off until an instance sets them.

allauth does the exchange (state, PKCE, one use of the code). What it leaves out is here: a nonce, a signature
always checked, a subject that is the same everywhere, and nothing kept of what we do not need.
"""

from __future__ import annotations

import re
import secrets

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

PSC = "psc"
#: Signatures made with a private key. Neither "none" nor a secret that two parties share.
SIGNED = {"RS256", "PS256", "ES256"}
#: How Pro Santé Connect names someone of the RPPS: an 8, then her eleven figures.
RPPS = re.compile(r"8(\d{11})")


class NationalAdapter(OpenIDConnectOAuth2Adapter):
    """One exchange with a provider."""

    def get_callback_url(self, request: HttpRequest, app) -> str:
        return settings.SITE_URL + reverse("national_callback", args=[self.provider_id])

    def complete_login(self, request: HttpRequest, app, token, **kwargs):
        claims = self._verified(kwargs["response"].get("id_token") or "")
        expected = request.session.pop(nonce_key(app.provider_id), None)
        if not expected or not secrets.compare_digest(expected, str(claims.get("nonce", ""))):
            raise OAuth2Error("wrong nonce")
        told = self._fetch_user_info(token.token)
        if not claims.get("sub") or told.get("sub") != claims["sub"]:
            raise OAuth2Error("not the same person")
        return self.get_provider().sociallogin_from_response(request, {"userinfo": told})

    def _fetch_user_info(self, access_token: str) -> dict:
        headers = {"Authorization": f"Bearer {access_token}"}
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.profile_url, headers=headers)
            answer.raise_for_status()
        if answer.headers.get("Content-Type", "").startswith("application/jwt"):
            return self._verified(answer.text)
        return answer.json()

    def _verified(self, signed: str) -> dict:
        """What a token of the provider says, once its signature, issuer, audience and time are checked."""
        try:
            if jwtkit.jwt.get_unverified_header(signed).get("alg") not in SIGNED:
                raise OAuth2Error("not signed as it must be")
            return jwtkit.verify_and_decode(
                credential=signed,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=self.get_provider().app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (KeyError, TypeError, ValueError, jwtkit.jwt.PyJWTError) as problem:
            raise OAuth2Error("unreadable token") from problem


class NationalProvider(OpenIDConnectProvider):
    id = "national"
    name = "Identité nationale"
    oauth2_adapter_class = NationalAdapter
    pkce_enabled_default = True

    def get_auth_params_from_request(self, request: HttpRequest, action) -> dict:
        """What this instance asks, and a nonce. Nothing of it comes from the address of the page."""
        nonce = request.session[nonce_key(self.app.provider_id)] = secrets.token_urlsafe(32)
        return {**self.get_auth_params(), "nonce": nonce}

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return self.get_scope()

    def extract_common_fields(self, data: dict) -> dict:
        email = data["userinfo"].get("email")
        return {"email": email} if isinstance(email, str) else {}

    def extract_email_addresses(self, data: dict) -> list:
        """None is taken as confirmed: it is by our own code, like any other."""
        return []

    def extract_extra_data(self, data: dict) -> dict:
        """The number in the RPPS, from Pro Santé Connect alone. Of names, birth and sex, nothing is kept."""
        found = RPPS.fullmatch(str(data["userinfo"].get("SubjectNameID", "")))
        return {"rpps": found[1]} if found and self.app.provider_id == PSC else {}


def nonce_key(provider_id: str) -> str:
    return f"nonce_{provider_id}"


provider_classes = [NationalProvider]
