"""What the team does to bring people in: posters, and pages entered for those who cannot do it themselves."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from moderation.workflow import Impossible

from .. import actions
from ..forms.invitations import EntryForm, PosterForm
from ..models import Actor, Origin, Poster
from ..poster import pdf_of


def _team_only(request: HttpRequest) -> None:
    if not request.user.is_team:
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def posters(request: HttpRequest) -> HttpResponse:
    """Every poster, with how often it was opened and how many pages came through it."""
    _team_only(request)
    form = PosterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.make_poster(form.cleaned_data["title"], by=request.user)
        messages.success(request, _("L’affiche est prête : téléchargez-la et imprimez-la."))
        return redirect("posters")
    made = Poster.objects.annotate(came=Count("actors")).order_by("-pk")[:200]
    return render(request, "directory/team/posters.html", {"form": form, "posters": made, "trail": _trail()})


@require_safe
def poster_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The poster on one A4, to print."""
    _team_only(request)
    poster = get_object_or_404(Poster, code=code)
    pdf = pdf_of(poster, request.build_absolute_uri(poster.get_absolute_url()))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="affiche-{poster.code}.pdf"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Enter someone's page for her. Nothing of it is seen until she confirms."""
    _team_only(request)
    form = EntryForm(request.POST if request.method == "POST" else None, values={})
    if request.method == "POST" and form.is_valid():
        try:
            page = actions.enter_for(form.cleaned_data["email"], form.changes(), by=request.user)
        except Impossible as reason:
            form.add_error("email", str(reason))
        else:
            messages.success(
                request, _("La fiche de %(name)s attend sa confirmation, par mail.") % {"name": page}
            )
            return redirect("enter_page")
    waiting = Actor.objects.filter(origin=Origin.TEAM, status="draft").order_by("-pk")[:50]
    context = {"form": form, "waiting": waiting, "trail": _trail()}
    return render(request, "directory/team/enter.html", context)


def _trail() -> list[tuple[str, str]]:
    return [(_("Modération"), reverse("moderation_desk"))]
