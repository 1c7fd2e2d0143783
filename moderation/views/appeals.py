"""Contesting a decision from the link of its mail, without signing in: a suspended person can too."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User

from .. import actions, links
from ..forms import AppealForm
from ..models import Appeal, Decision, Sanction
from ..workflow import Impossible

CONTESTED = {"decision": Decision, "sanction": Sanction}


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, token: str) -> HttpResponse:
    contested, person = _read(token)
    form = AppealForm(request.POST if request.method == "POST" else None)
    context = {
        "contested": contested,
        "item": contested.target if isinstance(contested, Decision) else None,
        "form": form,
        "made": Appeal.objects.filter(**{contested._meta.model_name: contested}).first(),
        "refusal": "",
    }
    if request.method == "POST" and form.is_valid():
        try:
            actions.appeal(contested, by=person, text=form.cleaned_data["text"])
        except Impossible as refusal:
            context["refusal"] = str(refusal)
        else:
            messages.success(request, _("Votre contestation est arrivée."))
            return redirect(request.path)
    status = 422 if form.errors else 409 if context["refusal"] else 200
    return render(request, "moderation/appeal.html", context, status=status)


def _read(token: str) -> tuple[Decision | Sanction, User]:
    said = links.read(token, links.APPEAL)
    if not isinstance(said, list) or len(said) != 3 or said[0] not in CONTESTED:
        raise Http404
    name, pk, person = said
    contested = get_object_or_404(CONTESTED[name], pk=pk)
    owner = next((one for one in contested.concerned if one.pk == person), None)
    if owner is None or not contested.is_contestable:
        raise Http404
    return contested, owner
