"""What is ours at the doors of the site; the rest is allauth's, dressed by templates/account/."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account import views as allauth
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.utils import passthrough_next_redirect_url
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView, OAuth2View
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from . import limits
from .forms import OwnCodeForm
from .proof import MailedProof
from .provider import NationalAdapter
from .second_factor import SecondFactorAdapter


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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_address(request: HttpRequest) -> HttpResponse:
    """allauth's page to change one's address, except that looking at it writes nothing: allauth would note
    down the address of an account made by hand, which is written when it is changed or confirmed.
    """
    if request.method == "POST":
        return allauth.email(request)
    page = allauth.EmailView()
    page.setup(request)
    return page.get(request)


@never_cache
@require_http_methods(["GET", "POST"])
def reauthenticate_by_code(request: HttpRequest) -> HttpResponse:
    """Prove that it is still oneself, by a code sent to one's own address."""
    proof = MailedProof(request)
    if request.POST.get("action") == "send":
        proof.send()
        return redirect(passthrough_next_redirect_url(request, request.path, "next"))
    form = OwnCodeForm(request.POST or None, code=proof.code)
    if form.is_bound and form.is_valid():
        proof.accept()
        return resume_request(request) or redirect(settings.LOGIN_REDIRECT_URL)
    if form.is_bound:
        proof.count_wrong()
    context = {"form": form, "waiting": bool(proof.code), "next": request.GET.get("next", "")}
    return render(request, "account/reauthenticate_by_code.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a passkey away; not the last factor of someone whose duties demand one, which allauth lets go."""
    keys = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN)
    if SecondFactorAdapter().can_delete_authenticator(get_object_or_404(keys, pk=pk)):
        return remove_webauthn(request, pk=pk)
    messages.error(
        request,
        _("Votre rôle demande un second facteur : ajoutez-en d’abord un autre, puis retirez cette clé."),
    )
    return redirect("mfa_list_webauthn")


@login_not_required
@require_http_methods(["GET", "POST"])
def national_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leave for Pro Santé Connect or FranceConnect, by a button."""
    return _exchange(OAuth2LoginView, request, provider_id)


@login_not_required
@require_safe
def national_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from there."""
    return _exchange(OAuth2CallbackView, request, provider_id)


def _exchange(view: type[OAuth2View], request: HttpRequest, provider_id: str) -> HttpResponse:
    if provider_id not in [app["provider_id"] for app in settings.NATIONAL_IDENTITIES]:
        raise Http404
    return view.adapter_view(NationalAdapter(request, provider_id))(request)


@login_not_required
def too_many(request: HttpRequest) -> HttpResponse:
    """Say that a limit is reached, which one, and what can still be done."""
    return render(request, "429.html", {"limit": getattr(request, "limit_reached", "")}, status=429)
