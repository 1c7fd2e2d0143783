"""What follows here from what Django and allauth do. Connected once, by apps.py."""

from __future__ import annotations

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

from . import actions
from .models import User


def connect() -> None:
    account.email_confirmed.connect(forget_password_of_a_stranger)
    account.email_changed.connect(protect_new_address)


def protect_new_address(from_email_address: EmailAddress | None, **kwargs) -> None:
    if from_email_address:
        close_other_sessions(**kwargs)


def close_other_sessions(request: HttpRequest, user: User, **kwargs) -> None:
    """What protects the account has changed: of all her sessions, only the one that changed it goes on."""
    actions.close_sessions(user)
    if request.user == user:
        update_session_auth_hash(request, user)


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
