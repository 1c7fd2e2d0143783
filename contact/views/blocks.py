"""Cutting oneself off from someone, and going back on it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions as accounts
from directory.models import Actor

from .. import actions
from ..models import Conversation, public_name


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Those I blocked; never those who blocked me."""
    blocks = request.user.blocks.select_related("blocked__actor")
    rows = [(block, public_name(block.blocked)) for block in blocks]
    return render(request, "contact/blocks.html", {"rows": rows})


@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    block = get_object_or_404(request.user.blocks.select_related("blocked__actor"), pk=pk)
    accounts.unblock(blocker=request.user, blocked=block.blocked)
    messages.success(
        request, _("%(name)s peut de nouveau vous écrire.") % {"name": public_name(block.blocked)}
    )
    return redirect("blocks")


@require_http_methods(["GET", "HEAD", "POST"])
def block_actor(request: HttpRequest, slug: str) -> HttpResponse:
    """From the page of a person: the page asks, its button acts."""
    page = get_object_or_404(Actor.objects.visible_to(request.user).select_related("user"), slug=slug)
    if page.user_id == request.user.pk:
        raise Http404
    if request.method == "POST":
        accounts.block(blocker=request.user, blocked=page.user)
        return _done(request, str(page))
    return _ask(request, str(page), page.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def block_conversation(request: HttpRequest, public_id: str) -> HttpResponse:
    """From a conversation: the person one talks with."""
    found = get_object_or_404(Conversation.objects.of(request.user).with_people(), public_id=public_id)
    name = found.name_for(request.user)
    if request.method == "POST" and actions.block_others(found, by=request.user):
        return _done(request, name)
    return _ask(request, name, found.get_absolute_url())


def _ask(request: HttpRequest, name: str, back: str) -> HttpResponse:
    return render(request, "contact/block.html", {"name": name, "back": back})


def _done(request: HttpRequest, name: str) -> HttpResponse:
    messages.success(
        request, _("%(name)s ne peut plus vous écrire, et n’en est pas prévenue.") % {"name": name}
    )
    return redirect("blocks")
