"""What follows here from what Django and allauth do. Connected once, by apps.py."""

from __future__ import annotations

import time

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from allauth.socialaccount.models import SocialLogin
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import signals as auth
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from django.utils.translation import gettext as _

from . import actions
from .middleware import note
from .models import User
from .second_factor import factors_of


def connect() -> None:
    account.email_confirmed.connect(note_confirmed)
    account.email_confirmed.connect(forget_password_of_a_stranger)
    account.email_changed.connect(protect_new_address)
    account.user_logged_in.connect(say_what_the_demo_forgives)
    auth.user_logged_in.connect(begin_session)
    social.social_account_added.connect(note_professional)
    for change in (mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset):
        change.connect(close_other_sessions)


def note_professional(request: HttpRequest, sociallogin: SocialLogin, **kwargs) -> None:
    """Someone signed in has just linked her account with Pro Santé Connect."""
    if sociallogin.account.extra_data.get("rpps"):
        actions.verify_professional(sociallogin.user)
        close_other_sessions(request, sociallogin.user)


def begin_session(request: HttpRequest, user: User, **kwargs) -> None:
    note(request.session, user, opened_at=time.time())


def say_what_the_demo_forgives(request: HttpRequest, user: User, **kwargs) -> None:
    if user.has_duties and not settings.SECOND_FACTOR_COMPULSORY and not factors_of(user).exists():
        messages.info(
            request,
            _(
                "Ceci est une démonstration : ailleurs, un compte comme le vôtre confirme chaque connexion "
                "avec une application ou une clé d’accès. Ici, il en est dispensé."
            ),
        )


def protect_new_address(from_email_address: EmailAddress | None, **kwargs) -> None:
    if from_email_address:
        close_other_sessions(**kwargs)


def close_other_sessions(request: HttpRequest, user: User, **kwargs) -> None:
    """What protects the account has changed: of all her sessions, only the one that changed it goes on."""
    actions.close_sessions(user)
    if request.user == user:
        update_session_auth_hash(request, user)
        # Its key has changed: the list of sessions would no longer know it.
        UserSession.objects.create_from_request(request)


def note_confirmed(email_address: EmailAddress, **kwargs) -> None:
    User.objects.filter(pk=email_address.user_id).update(is_unconfirmed=False)


def forget_password_of_a_stranger(request: HttpRequest, email_address: EmailAddress, **kwargs) -> None:
    """Whoever registered with someone else's address keeps no password that opens her account.

    An address confirmed for the first time by a code to sign in, in a session that gave no password: its
    owner comes to an account that someone began before her. What they chose is thrown away.
    """
    user: User = email_address.user
    methods = [record["method"] for record in get_authentication_records(request, user)]
    if user.last_login is None and methods[-1:] == ["code"] and user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])
