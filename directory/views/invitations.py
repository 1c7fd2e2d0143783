"""Coming through someone else: an invitation, a poster, a page the team entered."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from moderation.workflow import Impossible

from .. import actions
from ..charter import sections
from ..forms.charter import CharterForm
from ..forms.invitations import InviteForm
from ..models import Charter, Invitation, Poster, Structure
from ..ways_in import pages_made
from .joining import INVITATION_KEY, POSTER_KEY
from .steps import own_page


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Invite someone: in one's own name or, with `slug`, in that of a structure one keeps."""
    structure = get_object_or_404(Structure.objects.editable_by(request.user), slug=slug) if slug else None
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite(form.cleaned_data["email"], by=request.user, structure=structure)
        except Impossible as reason:
            form.add_error("email", str(reason))
        else:
            messages.success(request, _("C’est envoyé. La personne reçoit un mail, et décide."))
            return redirect(request.path)
    sent = list(request.user.invitations_sent.filter(structure=structure).order_by("-pk")[:20])
    made = pages_made(sent, request.user)
    context = {
        "form": form,
        "structure": structure,
        "actor": own_page(request.user),
        "trail": [(_("Mon espace"), reverse("my_space"))],
        "sent": [(invitation, made.get(invitation.pk)) for invitation in sent],
    }
    return render(request, "directory/invitations/invite.html", context)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an invitation leads: who invites, and a button. Reading it uses nothing up."""
    found = Invitation.objects.exclude(kind=Invitation.Kind.TEAM).bearing(token)
    if found is None:
        return render(request, "directory/invitations/over.html", status=404)
    if request.method == "POST":
        request.session[INVITATION_KEY] = found.pk
        return _to_joining(request)
    sponsor = own_page(found.sponsor)
    context = {"invitation": found, "who": found.structure or (sponsor and sponsor.display_name)}
    return render(request, "directory/invitations/welcome.html", context)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join_by_poster(request: HttpRequest, code: str) -> HttpResponse:
    """Where a poster leads. Counts how often it was opened: a number, nothing of whoever did, no cookie."""
    poster = get_object_or_404(Poster, code=code.lower())
    if request.method == "POST":
        request.session[POSTER_KEY] = poster.pk
        return _to_joining(request)
    if request.method == "GET":
        Poster.objects.filter(pk=poster.pk).update(visits=F("visits") + 1)
    return render(request, "directory/invitations/welcome.html", {"invitation": None, "who": poster.title})


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_page(request: HttpRequest, token: str) -> HttpResponse:
    """A page the team entered, before her eyes: she signs and confirms it, or has it erased."""
    found = Invitation.objects.filter(kind=Invitation.Kind.TEAM).bearing(token)
    if found is None:
        return render(request, "directory/invitations/over.html", status=404)
    charter = Charter.objects.in_force()
    form = CharterForm(request.POST if request.method == "POST" else None, charter=charter)
    done = ""
    if request.method == "POST":
        done = _answer(request, found, form, charter)
    if done:
        return render(request, "directory/invitations/confirmed.html", {"done": done})
    context = {
        "actor": found.page,
        "roles": [tie.term for tie in found.page.actor_terms.select_related("term")],
        "form": form,
        "charter": charter,
        "sections": sections(charter.text) if charter else [],
    }
    return render(request, "directory/invitations/confirm.html", context)


def _answer(request: HttpRequest, found: Invitation, form: CharterForm, charter: Charter | None) -> str:
    """What became of the page: "erased", "confirmed", or "" when something is missing."""
    try:
        if "effacer" in request.POST:
            actions.refuse_page(found)
            return "erased"
        if charter is None or form.is_valid():
            actions.confirm_page(found, charter=charter)
            return "confirmed"
    except Impossible as reason:
        raise Http404 from reason
    return ""


def _to_joining(request: HttpRequest) -> HttpResponse:
    """On to one's page, by way of an account for whoever has none."""
    if request.user.is_authenticated:
        return redirect("joining")
    return redirect("account_signup")
