"""The card of a member, for those who moderate: what was decided about her, trust, warnings, suspensions."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User

from .. import actions
from ..forms import SuspensionForm, WarningForm
from ..models import AnswerTemplate, Sanction
from ..people import Person
from ..rules import may_suspend, people_for
from ..workflow import Impossible
from .desk import for_moderators


@for_moderators
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _person(request, pk))


@for_moderators
@require_POST
def trust(request: HttpRequest, pk: int) -> HttpResponse:
    found = _person(request, pk)
    if request.POST.get("act") == "vouch":
        words = _("Vous vous en portez garant.")
        return _done(request, found, lambda: actions.vouch(found, by=request.user), words)
    words = _("Ses contributions seront de nouveau relues avant de paraître.")
    return _done(request, found, lambda: actions.withdraw_trust(found, by=request.user), words)


@for_moderators
@require_POST
def warn(request: HttpRequest, pk: int) -> HttpResponse:
    found = _person(request, pk)
    form = WarningForm(request.POST, prefix="avertir")
    if not form.is_valid():
        return _page(request, found, warning=form, status=422)
    said = form.cleaned_data
    return _done(
        request, found, lambda: actions.warn(found, by=request.user, **said), _("L’avertissement est parti.")
    )


@for_moderators
@require_POST
def suspend(request: HttpRequest, pk: int) -> HttpResponse:
    found = _suspendable(request, pk)
    form = SuspensionForm(request.POST, prefix="suspendre")
    if not form.is_valid():
        return _page(request, found, suspension=form, status=422)
    said = form.cleaned_data
    return _done(
        request,
        found,
        lambda: actions.suspend(found, by=request.user, **said),
        _("Le compte est suspendu dès maintenant."),
    )


@for_moderators
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    sanction = get_object_or_404(Sanction.objects.in_force().select_related("user"), pk=pk)
    found = _person(request, sanction.user_id)
    if sanction.kind == Sanction.Kind.SUSPENSION:
        found = _suspendable(request, found.pk)
    return _done(request, found, lambda: actions.lift(sanction, by=request.user), _("C’est levé."))


def _person(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(people_for(request.user), pk=pk)


def _suspendable(request: HttpRequest, pk: int) -> User:
    found = _person(request, pk)
    if not may_suspend(request.user, found):
        raise Http404
    return found


def _done(request: HttpRequest, found: User, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
    except Impossible as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("moderation_person", found.pk)


def _page(
    request: HttpRequest,
    found: User,
    *,
    warning: WarningForm | None = None,
    suspension: SuspensionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "person": Person(found, request.user),
        "warning": warning or WarningForm(prefix="avertir"),
        "suspension": suspension or SuspensionForm(prefix="suspendre"),
        "may_suspend": may_suspend(request.user, found),
        "answers": AnswerTemplate.objects.filter(act__in=("warn", "suspend")),
    }
    return render(request, "moderation/person.html", context, status=status)
