"""What becomes of someone who comes by Pro Santé Connect or FranceConnect."""

from __future__ import annotations

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import actions
from .models import User


class NationalIdentityAdapter(DefaultSocialAccountAdapter):
    """An account is found by who the provider says she is, never by a mail address it gives."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "connected_other": _("Cette identité est déjà liée à un autre compte."),
        "email_taken": _("Un compte existe déjà avec cette adresse mail."),
        "no_password": _("Choisissez d’abord un mot de passe : il faut une autre façon de revenir."),
    }

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list:
        """Those of the settings. None is kept in the database, whose copies would hold its secret."""
        known = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in known.values() for app in apps]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.is_existing and sociallogin.account.extra_data.get("rpps"):
            actions.verify_professional(sociallogin.user)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form=None) -> User:
        sociallogin.user.is_verified_professional = bool(sociallogin.account.extra_data.get("rpps"))
        return super().save_user(request, sociallogin, form)
