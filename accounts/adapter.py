from __future__ import annotations

import time
from urllib.parse import quote

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from . import limits
from .models import User

#: Mails that anyone who knows an address can make us send to it.
FROM_ANYONE = {
    "account_already_exists",
    "email_confirmation",
    "email_confirmation_signup",
    "login_code",
    "password_reset_key",
    "unknown_account",
}


def _links() -> dict[str, str]:
    """The links of account mails, from the site's own address: anyone may forge the host of a request."""
    routes = {"signup_url": "account_signup", "login_code_url": "account_request_login_code"}
    return {name: settings.SITE_URL + reverse(route) for name, route in routes.items()}


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks of us."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Ce compte est fermé."),
        "cannot_remove_primary_email": _(
            "L’adresse mail principale ne se retire pas : choisissez-en d’abord une autre."
        ),
        "duplicate_email": _("Cette adresse mail est déjà celle de votre compte."),
        "email_password_mismatch": _(
            "L’adresse mail ou le mot de passe ne va pas. Vérifiez les deux, ou recevez un code par mail."
        ),
        "email_taken": _("Un compte existe déjà avec cette adresse mail."),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
        "incorrect_code": _("Ce n’est pas le bon code. Vérifiez les six chiffres du dernier mail reçu."),
        "incorrect_password": _("Ce n’est pas votre mot de passe."),
        "invalid_password_reset": _("Ce lien ne marche plus."),
        "max_email_addresses": _("Un compte n’a pas plus de %d adresses mail."),
        "rate_limited": _("C’est trop en peu de temps. Attendez un peu, puis essayez encore."),
        "same_as_current": _("C’est déjà votre adresse mail."),
        "too_many_login_attempts": _(
            "Trop d’essais à la suite. Attendez un quart d’heure, ou recevez un code par mail."
        ),
        "unverified_primary_email": _("Confirmez d’abord votre adresse mail principale."),
    }

    def new_user(self, request: HttpRequest) -> User:
        """It speaks the language of the page it was made on, and waits for its address to be confirmed."""
        spoken = (get_language() or "")[:2]
        language = spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        return User(language=language, is_unconfirmed=True)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Whoever has just made an account goes on to her page, where this site has that step."""
        url = super().get_signup_redirect_url(request)
        try:
            resolve(url)
        except Resolver404:
            return self.get_login_redirect_url(request)
        return url

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Whether to ask who is there before a sensitive change: not within five minutes of having proved it.

        An account with neither password nor second factor, which allauth would let through, proves it by
        a code by mail.
        """
        user = self.request.user
        proofs = get_authentication_records(self.request, user)
        if proofs and time.time() - proofs[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        required = super().is_reauthentication_required(app=app, **kwargs)
        if required and not get_reauthentication_flows(user):
            raise ReauthenticationRequired
        return required

    def get_reauthentication_methods(self, user: User) -> list[dict]:
        by_mail = {
            "id": "reauthenticate_by_code",
            "description": _("Recevoir un code par mail"),
            "url": reverse("reauthenticate_by_code"),
        }
        return super().get_reauthentication_methods(user) or [by_mail]

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        counted = getattr(self.request, "mail_is_counted", False)
        if template_prefix.rpartition("/")[2] in FROM_ANYONE and not counted:
            limits.spend_mail(self.request, email)
        super().send_mail(template_prefix, email, {**context, **_links()})

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", quote(key))

    def render_mail(self, template_prefix: str, email: str, context: dict, headers: dict | None = None):
        """Say to the outbox which mail it is, and whose."""
        # "account/email/login_code" is the kind "accounts.login_code".
        told = {"X-Kind": f"accounts.{template_prefix.rpartition('/')[2]}"}
        if (user := context.get("user")) and user.pk:
            told["X-Recipient"] = str(user.pk)
        return super().render_mail(template_prefix, email, context, {**(headers or {}), **told})

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        # Without the host: an instance that answers to two names counts the tries of both together.
        return credentials["email"].lower()


def user_display(user: User) -> str:
    """How allauth's messages name someone. Their own address: only they read it."""
    return user.email
