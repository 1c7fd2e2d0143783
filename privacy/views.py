from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.proof import confirmed_identity

from . import actions, reads, tokens
from .forms import ClosingForm, PurposeForm
from .models import DataExport, HealthRead
from .pages import closing_page, data_page, register_page

#: Readings on one page of the log.
PER_PAGE = 50


def trail(*names: str) -> list[tuple[str, str]]:
    """The way to a page: the titles of the pages above it."""
    titles = {
        "my_space": _("Mon espace"),
        "my_data": _("Mes données"),
        "privacy": _("Données personnelles"),
    }
    return [(titles[name], reverse(name)) for name in names]


@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """What one may do with one's data: take a copy, see who read them, close the account."""
    context = data_page(request.user) | {"trail": trail("my_space")}
    return render(request, "privacy/my_data.html", context)


@require_POST
@confirmed_identity
def ask_export(request: HttpRequest) -> HttpResponse:
    actions.request_export(request.user)
    messages.success(
        request, _("Votre copie se prépare. Vous recevrez un mail avec un lien quand elle sera prête.")
    )
    return redirect("my_data")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def data_export(request: HttpRequest, export_id: str) -> HttpResponse:
    """The page of a copy that is ready, and its one button, which gives the file and deletes it."""
    export = get_object_or_404(DataExport, pk=export_id, user=request.user)
    if request.method == "POST":
        return take(request, export_id=export.pk)
    context = {"export": export, "trail": trail("my_space", "my_data")}
    return render(request, "privacy/export.html", context)


@confirmed_identity
def take(request: HttpRequest, export_id: str) -> HttpResponse:
    export = get_object_or_404(DataExport, pk=export_id, user=request.user)
    try:
        content = actions.take_export(export)
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return redirect("my_data")
    name = f"mes-donnees-{timezone.localdate():%Y-%m-%d}.zip"
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/zip")


@require_http_methods(["GET", "HEAD", "POST"])
def close_account(request: HttpRequest) -> HttpResponse:
    """Say what will be erased, what stays and why; then close."""
    if request.method == "POST":
        return close_now(request)
    return _closing(request, ClosingForm())


@confirmed_identity
def close_now(request: HttpRequest) -> HttpResponse:
    form = ClosingForm(request.POST)
    if form.is_valid():
        try:
            actions.close_account(request.user, at_once=form.cleaned_data["when"] == "now")
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            logout(request)
            return redirect("account_closed")
    return _closing(request, form)


def _closing(request: HttpRequest, form: ClosingForm) -> HttpResponse:
    context = closing_page(request.user) | {"form": form, "trail": trail("my_space", "my_data")}
    return render(request, "privacy/close.html", context)


@login_not_required
@require_safe
def account_closed(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/closed.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def closed_account(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mail about a closed account leads: a page, and a button to keep the account."""
    closure = tokens.closure_of(token)
    if closure is None:
        raise Http404
    if request.method == "POST":
        actions.reopen(closure)
        messages.success(request, _("Votre compte est de nouveau ouvert. Connectez-vous pour le retrouver."))
        return redirect("account_login")
    return render(request, "privacy/reopen.html", {"closure": closure})


@login_not_required
@require_safe
def about_data(request: HttpRequest) -> HttpResponse:
    """What the site does with data about people, for those people."""
    return render(request, "privacy/about.html")


@login_not_required
@require_safe
def register_of_data(request: HttpRequest) -> HttpResponse:
    """The register of processing, as the code itself applies it."""
    return render(request, "privacy/register.html", register_page() | {"trail": trail("privacy")})


@require_POST
def state_purpose(request: HttpRequest) -> HttpResponse:
    """The answer to why someone of the team reads a page; leads back to that page."""
    if not request.user.is_team:
        raise Http404
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return render(request, "privacy/purpose.html", {"form": form})
    back = form.cleaned_data["next"]
    allowed = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    if not allowed or not reads.remember_purpose(request, form):
        raise Http404
    return HttpResponseRedirect(back)


@require_safe
def health_reads(request: HttpRequest) -> HttpResponse:
    """The log of readings, for those who answer for the team."""
    if not request.user.is_superuser:
        raise Http404
    page = Paginator(HealthRead.objects.latest_first(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "trail": trail("my_space")}
    return render(request, "privacy/health_reads.html", context)
