"""What these tests do over and over at the doors of the site."""

from __future__ import annotations

import re

from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.conftest import make_viewer

PASSWORD = "a good long password"
LOGIN, SIGN_UP, RESET = "/compte/login/", "/compte/signup/", "/compte/password/reset/"
ASK_CODE, GIVE_CODE, CONFIRM = "/compte/login/code/", "/compte/login/code/confirm/", "/compte/confirm-email/"
SPACE = "/mon-espace/"


def confirmed(name: str = "member") -> User:
    """The account of a kind of viewer, with its address confirmed."""
    user = make_viewer(name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client: Client, email: str = "member@example.org", password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def sign_up(client: Client, email: str, *, password: str = "", **more: str):
    way = "password" if password else "code"
    return client.post(SIGN_UP, {"email": email, "way": way, "password1": password, **more})


def code_in(message: mail.EmailMessage) -> str:
    """The six digits of a mail."""
    [code] = re.findall(r"^\d{3}-\d{3}$", message.body, re.MULTILINE)
    return code


def wrong(code: str) -> str:
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def plain(response, email: str) -> str:
    """The page without what changes at each request: tokens, nonces, and the address that was typed."""
    text = re.sub(r'(nonce|value|content)="[^"]*"|"X-CSRFToken": "[^"]*"', "", response.content.decode())
    return text.replace(email, "").replace(email.replace("@", "%40"), "")


def headers(response) -> dict[str, str]:
    varying = {"Content-Security-Policy", "Content-Length", "Expires", "Set-Cookie"}
    return {name: value for name, value in response.headers.items() if name not in varying}
