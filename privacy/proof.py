"""For what nobody but the person herself may do: she proves again who she is, five minutes before at most."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

View = Callable[..., HttpResponse]


def proof_required(view: View) -> View:
    """Ask for the password or the second factor again.

    Who has neither, because she signs in with a code sent by mail, signs in again: allauth asks nothing of
    her by itself.
    """
    confirmed = reauthentication_required(view)

    @wraps(view)
    def proved(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated or get_reauthentication_flows(request.user):
            return confirmed(request, *args, **kwargs)
        if _signed_in_just_now(request):
            return view(request, *args, **kwargs)
        logout(request)
        messages.info(request, _("Pour être sûrs que c’est vous, nous vous demandons de vous reconnecter."))
        # What was asked by POST is asked again from the page it was on.
        after = request.path if request.method == "GET" else reverse("my_data")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': after})}")

    return proved


def _signed_in_just_now(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
