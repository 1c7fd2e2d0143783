"""What is ours at the doors of the site; the rest is allauth's, dressed by templates/account/."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account import views as allauth
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.internal.stagekit import get_pending_stage
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from . import limits


def _counts_what_is_sent_again(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Count another code for an address without account too: else the limit would tell which has one."""

    @login_not_required
    @wraps(view)
    def counted(request: HttpRequest) -> HttpResponse:
        asks_again = request.method == "POST" and request.POST.get("action") == "resend"
        if asks_again and (address := _waited_for(request)):
            limits.spend_mail(request, address)
            request.mail_is_counted = True
        return view(request)

    return counted


def _waited_for(request: HttpRequest) -> str:
    """The address that this browser is to confirm, if it is."""
    stage = get_pending_stage(request)
    state = request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY) or (stage and stage.state) or {}
    return state.get("email", "")


confirm_login_code = _counts_what_is_sent_again(allauth.confirm_login_code)
confirm_address = _counts_what_is_sent_again(allauth.email_verification_sent)


@login_not_required
def too_many(request: HttpRequest) -> HttpResponse:
    """Say that a limit is reached, which one, and what can still be done."""
    return render(request, "429.html", {"limit": getattr(request, "limit_reached", "")}, status=429)
