"""The desk: the queue, and one case at a time. Whoever moderates nothing gets 404 everywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from privacy.models import HealthRead
from privacy.reads import note_reading

from .. import actions
from ..acts import acts_for
from ..dossier import Dossier
from ..forms import DecisionForm, NoteForm
from ..models import AnswerTemplate, Case
from ..queue import Queue
from ..rules import moderates
from ..workflow import Impossible

View = Callable[..., HttpResponse]


def for_moderators(view: View) -> View:
    """Open to those who moderate something; for the others there is nothing here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not moderates(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@for_moderators
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    queue = Queue(request.user, request.GET)
    return render(request, "moderation/desk.html", {"queue": queue, "form": queue.form})


@for_moderators
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """A case. `reponse` fills in a ready answer; nothing is taken in hand by looking."""
    found = _case(request, pk)
    ready = AnswerTemplate.objects.filter(pk=_number(request.GET.get("reponse", ""))).first()
    initial = {"act": ready.act, "reason": ready.text} if ready else {}
    return _page(request, found, DecisionForm(acts_for(found), initial=initial))


@for_moderators
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    found = _case(request, pk)
    try:
        actions.claim(found, by=request.user)
    except Impossible as refusal:
        messages.warning(request, str(refusal))
    return redirect(_case_url(request, found))


@for_moderators
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    found = _case(request, pk)
    actions.release(found, by=request.user)
    messages.success(request, _("Le dossier est de nouveau libre."))
    return redirect(reverse("moderation_desk") + _filters(request))


@for_moderators
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle a case, then open the next one of the same queue."""
    found = _case(request, pk)
    form = DecisionForm(acts_for(found), request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    said = form.cleaned_data
    act = form.acts[said["act"]]
    try:
        act.do(found, by=request.user, reason=said["reason"], ground=said["ground"], seen=said["seen"])
    except Impossible as refusal:
        messages.warning(request, str(refusal))
        found = _case(request, pk)
        return _page(request, found, DecisionForm(acts_for(found), request.POST), status=409)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return _page(request, found, form, status=422)
    messages.success(request, _("Fait : %(act)s (%(what)s).") % {"act": act.label, "what": found.label})
    filters = _filters(request)
    following = Queue(request.user, QueryDict(filters[1:])).next_free()
    if following is None:
        return redirect(reverse("moderation_desk") + filters)
    return redirect(_case_url(request, following))


@for_moderators
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    found = _case(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, DecisionForm(acts_for(found)), note_form=form, status=422)
    actions.write_note(found, by=request.user, text=form.cleaned_data["text"])
    return redirect(_case_url(request, found) + "#notes")


def _case(request: HttpRequest, pk: int) -> Case:
    cases = Case.objects.for_moderator(request.user)
    return get_object_or_404(cases.select_related("claimed_by", "closed_by", "author"), pk=pk)


def _page(
    request: HttpRequest,
    case: Case,
    form: DecisionForm,
    *,
    note_form: NoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    dossier = Dossier(case, request)
    if dossier.page and (subject := dossier.kind.subject(dossier.page)):
        note_reading(request.user, subject, page="case", purpose=HealthRead.Purpose.MODERATION)
    context = {
        "case": case,
        "dossier": dossier,
        "form": form,
        "note_form": note_form or NoteForm(),
        "filters": _filters(request),
    }
    return render(request, "moderation/case.html", context, status=status)


def _filters(request: HttpRequest) -> str:
    """The filters of the queue one works through, carried from case to case: "?…"."""
    data = request.POST if request.method == "POST" else request.GET
    kept = data.get("filtres", "")
    return Queue(request.user, QueryDict(kept.lstrip("?"))).query


def _case_url(request: HttpRequest, case: Case) -> str:
    filters = _filters(request)
    return case.get_absolute_url() + ("?" + urlencode({"filtres": filters}) if filters != "?" else "")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
