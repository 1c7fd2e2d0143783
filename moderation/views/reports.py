"""Reporting something, with or without an account, and following what becomes of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from .. import actions, links
from ..actions.deciding import ACTED
from ..acts import outcome_of
from ..forms import ReportForm
from ..limits import TOO_MANY_REPORTS, may_report
from ..models import Ground, Publishable, Report
from ..registry import kind_named


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    item = _visible(request, kind, slug)
    known = request.user.is_authenticated
    form = ReportForm(request.POST if request.method == "POST" else None, known=known)
    context = {"item": item, "form": form}
    if request.method != "POST":
        return render(request, "moderation/report.html", context)
    if not form.is_valid():
        return render(request, "moderation/report.html", context, status=422)
    if form.is_a_machine:
        messages.success(request, _("Merci, votre signalement est arrivé."))
        return redirect(item)
    if not may_report(request):
        form.add_error(None, TOO_MANY_REPORTS)
        return render(request, "moderation/report.html", context, status=429)
    said = form.cleaned_data
    made = actions.report(
        item,
        ground=Ground(said["ground"]),
        text=said["text"],
        reporter=request.user if known else None,
        mail=said.get("mail", ""),
    )
    messages.success(request, _("Merci, votre signalement est arrivé."))
    return redirect(links.follow_up_path(made))


@login_not_required
@never_cache
@require_safe
def follow_up(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a report, for whoever has its link: never who reported, nor who decided.

    It is also what follows sending one: a page that may be read again, where sending may not.
    """
    made = get_object_or_404(Report.objects.select_related("case"), pk=_pk(token))
    page = made.case.target
    is_seen = isinstance(page, Publishable) and type(page).objects.visible_to(request.user).published()
    context = {
        "page": page if is_seen and is_seen.filter(pk=page.pk).exists() else None,
        "mailed": bool(made.reporter_id or made.mail),
        "report": made,
        "case": made.case,
        "is_settled": made.case.closed_at is not None,
        "acted": made.case.outcome in ACTED,
        "outcome": outcome_of(made.case),
    }
    return render(request, "moderation/report_follow_up.html", context)


def _visible(request: HttpRequest, slug_of_kind: str, slug: str) -> Publishable:
    kind = kind_named(slug_of_kind)
    if kind is None:
        raise Http404
    return get_object_or_404(kind.model.objects.visible_to(request.user).published(), slug=slug)


def _pk(token: str) -> int:
    pk = links.read(token, links.FOLLOW_UP)
    if not isinstance(pk, int):
        raise Http404
    return pk
