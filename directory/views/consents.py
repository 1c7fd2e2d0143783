"""Mes accords: what I accept for my health themes, each apart, given and taken back in one click."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import consents as texts
from accounts.actions import granted_purposes
from accounts.models import Consent

from .. import actions
from ..forms.sharing import ThemesOnlyForm
from ..models import Actor
from .steps import own_page, trail_to_my_page


@require_safe
def consents(request: HttpRequest) -> HttpResponse:
    granted = granted_purposes(request.user)
    latest = {consent.purpose: consent for consent in request.user.consents.all()}
    actor = own_page(request.user)
    context = {
        "actor": actor,
        "themes": [theme.label for theme in actor.themes.all()] if actor else [],
        "trail": trail_to_my_page(),
        "rows": [
            {
                "purpose": purpose,
                "read": texts.current(purpose),
                "granted": purpose in granted,
                "latest": latest.get(purpose),
                "ready": purpose == Consent.Purpose.STORE or Consent.Purpose.STORE in granted,
            }
            for purpose in Consent.Purpose
        ],
        "history": request.user.consents.order_by("-pk"),
        "keeps_themes": Consent.Purpose.STORE in granted,
    }
    return render(request, "directory/my_page/consents.html", context)


@require_POST
def consent(request: HttpRequest, purpose: str) -> HttpResponse:
    """Give or take back one consent. Acts at once, everywhere."""
    if purpose not in Consent.Purpose.values:
        raise Http404
    actor = get_object_or_404(Actor, user=request.user)
    granted = request.POST.get("accord") == "oui"
    if (
        granted
        and purpose != Consent.Purpose.STORE
        and Consent.Purpose.STORE not in granted_purposes(actor.user)
    ):
        messages.error(request, _("Acceptez d’abord que vos thèmes de santé soient gardés."))
    else:
        actions.consent_to_themes(actor, Consent.Purpose(purpose), granted=granted)
        messages.success(request, _("Votre accord est noté.") if granted else _("Votre accord est retiré."))
    return redirect("consents")


@require_http_methods(["GET", "HEAD", "POST"])
def themes(request: HttpRequest) -> HttpResponse:
    """Choose one's health themes, once one agreed to have them kept."""
    actor = get_object_or_404(Actor, user=request.user)
    if Consent.Purpose.STORE not in granted_purposes(request.user):
        return redirect("consents")
    form = ThemesOnlyForm(request.POST if request.method == "POST" else None, values={}, actor=actor)
    if request.method == "POST" and form.is_valid():
        actions.set_themes(actor, form.cleaned_data["themes"])
        messages.success(request, _("C’est enregistré."))
        return redirect("consents")
    return render(
        request,
        "directory/my_page/themes.html",
        {"form": form, "trail": [*trail_to_my_page(), (_("Mes accords"), reverse("consents"))]},
    )
