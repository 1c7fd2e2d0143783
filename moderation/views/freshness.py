"""Saying that a page is still true, from a mail; and what the team sees of it by territory."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User

from .. import actions, links
from ..models import Publishable, Status
from ..registry import kind_of, kind_with_model
from ..staleness import Staleness
from ..workflow import Impossible
from .desk import for_moderators


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever answers for a page: still true, edit, or archive. Reading changes nothing."""
    item, person = _read(token)
    context = {"item": item, "edit_link": kind_of(item).edit_link(item), "done": "", "refusal": ""}
    if request.method == "POST":
        archiving = request.POST.get("act") == "archive"
        try:
            if archiving:
                actions.archive(item, by=person)
            else:
                actions.confirm(item)
            context["done"] = "archived" if archiving else "confirmed"
        except Impossible as refusal:
            context["refusal"] = str(refusal)
    context["is_published"] = item.status == Status.PUBLISHED
    context["read_link"] = links.page_path(item)
    return render(request, "moderation/confirm.html", context, status=409 if context["refusal"] else 200)


@for_moderators
@require_safe
def freshness(request: HttpRequest) -> HttpResponse:
    return render(request, "moderation/freshness.html", {"staleness": Staleness(request.user, request.GET)})


def _read(token: str) -> tuple[Publishable, User]:
    said = links.read(token, links.CONFIRM)
    if not isinstance(said, list) or len(said) != 3:
        raise Http404
    label, pk, person = said
    kind = kind_with_model(str(label))
    if kind is None:
        raise Http404
    item = get_object_or_404(kind.model, pk=pk)
    owner = next((one for one in kind.owners(item) if one.pk == person and one.is_active), None)
    if owner is None:
        raise Http404
    return item, owner
