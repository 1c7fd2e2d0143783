"""What a member sees of what the platform tells her, and where she says how she wants it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import actions, kinds
from .forms import PacesForm
from .stop import who_stops_what

#: Rows of a page of notices or of messages.
PAGE = 30


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What the platform has to tell her, the latest first."""
    found = request.user.notices.latest_first()
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "unread": request.user.notices.unread().count(),
    }
    return render(request, "notifications/notices.html", context)


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    actions.mark_read(request.user)
    messages.success(request, _("Tout est marqué comme lu."))
    return redirect("notices")


@require_http_methods(["GET", "HEAD", "POST"])
def mail_preferences(request: HttpRequest) -> HttpResponse:
    """At once, once a day, never: for each family of messages."""
    form = PacesForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.choose_paces(request.user, form.cleaned_data)
        messages.success(request, _("Vos préférences sont enregistrées. Elles valent dès maintenant."))
        return redirect("mail_preferences")
    return render(request, "notifications/preferences.html", {"form": form})


@require_safe
def messages_received(request: HttpRequest) -> HttpResponse:
    """Every mail that was written to her, whatever became of it."""
    found = request.user.messages_sent.order_by("-created_at", "-pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/messages.html", {"page": page})


@csrf_exempt  # The mail program of the reader posts here by itself (RFC 8058): it has no cookie and no token.
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mails(request: HttpRequest, token: str) -> HttpResponse:
    """The link at the foot of a mail: the page asks, the button acts, and nobody needs to sign in."""
    asked = who_stops_what(token)
    if asked is None:
        raise Http404
    user, family = asked
    if request.method == "POST":
        actions.stop(user, family)
    context = {
        "done": request.method == "POST",
        "family": None if family == kinds.OWN_FAMILY else kinds.family(family),
    }
    response = render(request, "notifications/stop.html", context)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
