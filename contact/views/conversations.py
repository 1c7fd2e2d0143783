"""Reading letters, answering them, saying no."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moderation.limits import TOO_MANY_REPORTS, may_report

from .. import actions
from ..forms import DeclineForm, LetterForm, ReportForm
from ..models import Conversation
from ..reading import conversation_page
from ..rules import Refused

#: Conversations of one page of the list.
PAGE = 20


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    mine = Conversation.objects.of(request.user).with_news_for(request.user)
    page = Paginator(mine.with_people().latest_first(), PAGE).get_page(request.GET.get("page"))
    rows = [(one, one.name_for(request.user), one.is_asker(request.user)) for one in page]
    return render(request, "contact/conversations.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, public_id: str) -> HttpResponse:
    """The letters, and the place to answer. Opening the page marks nothing as read: a button does."""
    found = _mine(request, public_id)
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write(found, author=request.user, text=form.cleaned_data["text"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Votre message est parti."))
            return redirect(found)
    return _show(request, found, form=form)


@require_POST
def read(request: HttpRequest, public_id: str) -> HttpResponse:
    found = _mine(request, public_id)
    actions.mark_read(found, by=request.user)
    return redirect("conversations")


@require_POST
def decline(request: HttpRequest, public_id: str) -> HttpResponse:
    found = _mine(request, public_id)
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            actions.decline(found, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("C’est dit : la personne est prévenue, avec la raison choisie."))
            return redirect(found)
    return _show(request, found, decline_form=form)


@require_POST
def give_address(request: HttpRequest, public_id: str) -> HttpResponse:
    found = _mine(request, public_id)
    given = "given" in request.POST
    actions.give_address(found, by=request.user, given=given)
    done = _("Vos coordonnées se voient dans cette conversation.")
    undone = _("Vos coordonnées ne se voient plus dans cette conversation.")
    messages.success(request, done if given else undone)
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """To the moderators, with what the other wrote; the other never learns who did."""
    found = _mine(request, public_id)
    page = actions.reported_page(found, request.user)
    if page is None:
        raise Http404
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if may_report(request):
            actions.report_other(found, page, by=request.user, **form.cleaned_data)
            messages.success(request, _("L’équipe est prévenue. Elle vous répondra par mail."))
            return redirect(found)
        form.add_error(None, TOO_MANY_REPORTS)
    name = found.name_for(request.user)
    trail = [(_("Mes messages"), reverse("conversations")), (name, found.get_absolute_url())]
    context = {"form": form, "name": name, "conversation": found, "trail": trail}
    return render(request, "contact/report.html", context, status=429 if form.non_field_errors() else 200)


def _mine(request: HttpRequest, public_id: str) -> Conversation:
    return get_object_or_404(
        Conversation.objects.of(request.user).with_news_for(request.user).with_people(), public_id=public_id
    )


def _show(request: HttpRequest, found: Conversation, **forms) -> HttpResponse:
    return render(request, "contact/conversation.html", conversation_page(found, request.user, **forms))
