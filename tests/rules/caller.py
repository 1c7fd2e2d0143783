"""A client for thousands of requests: it keeps nothing of the templates drawn, so pages cost a third less."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.client import ClientHandler

from accounts.models import User
from directory.models import Actor
from tests.conftest import UNDEFINED, say_why


class Caller(RequestFactory):
    """Signed in as `viewer`, who said why she reads `subjects`, where the team is asked.

    Cookies are those of the beginning, whatever is answered; an undefined variable fails as everywhere.
    """

    def __init__(self, viewer: User | None = None, subjects: Iterable[Actor] = ()) -> None:
        super().__init__()
        self.handler = ClientHandler(enforce_csrf_checks=False)
        if viewer:
            signed_in = Client()
            signed_in.force_login(viewer, backend="allauth.account.auth_backends.AuthenticationBackend")
            say_why(signed_in, *subjects)
            self.cookies = signed_in.cookies

    def request(self, **request: object) -> HttpResponse:
        response = self.handler(self._base_environ(**request))
        # The administration's own templates lean on undefined variables everywhere.
        ours = not request.get("PATH_INFO", "").startswith("/gestion/")
        if ours and not response.streaming and UNDEFINED.encode() in response.content:
            raise AssertionError(f"Undefined variable in a template, at {request['PATH_INFO']}")
        return response
