"""Proving that it is still oneself, before what would hurt most if it were not."""

from __future__ import annotations

import time

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest

from . import limits

KEY = "mailed_proof"

#: For a view: whoever has not proved in the last five minutes who she is does so first, by password, second
#: factor or code by mail, and is brought back to what she asked, posted or not.
confirmed_identity = reauthentication_required


class MailedProof:
    """For someone with neither password nor second factor, a code by mail: three tries, ten minutes.

    It is kept in the session that asked, one at a time.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.state = request.session.get(KEY) or {}

    @property
    def code(self) -> str:
        """The code that is waited for; empty when there is none, or no longer."""
        fresh = time.time() - self.state.get("at", 0) < app_settings.LOGIN_BY_CODE_TIMEOUT
        return self.state["code"] if fresh else ""

    def send(self) -> None:
        limits.spend(self.request, "own_code")
        adapter = get_adapter()
        self._keep({"code": adapter.generate_login_code(), "at": time.time(), "wrong": 0})
        told = {"user": self.request.user, "code": self.code}
        adapter.send_mail("account/email/own_code", self.request.user.email, told)

    def accept(self) -> None:
        """Note that it is she, and forget the code."""
        self.request.session.pop(KEY, None)
        record_authentication(self.request, self.request.user, method="code", reauthenticated=True)

    def count_wrong(self) -> None:
        wrong = self.state.get("wrong", 0) + 1
        self._keep({**self.state, "wrong": wrong} if wrong < app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS else {})

    def _keep(self, state: dict) -> None:
        self.state = self.request.session[KEY] = state
