"""The outbox as the team sees it: what waits, what failed, what someone must settle. No words, no address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from . import settling
from .models import Message

PAGE = 50
#: What the page can show, in the order of what needs someone.
SHELVES = {
    "a-trancher": gettext_lazy("À trancher"),
    "echoues": gettext_lazy("Échoués"),
    "retenus": gettext_lazy("Retenus"),
    "en-attente": gettext_lazy("En attente"),
}


def for_the_team(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that does not exist for anyone else."""

    @wraps(view)
    def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_team:
            raise Http404
        return view(request, *args, **kwargs)

    return checked


@require_safe
@for_the_team
def outbox(request: HttpRequest) -> HttpResponse:
    shelf = request.GET.get("etat")
    shelf = shelf if shelf in SHELVES else next(iter(SHELVES))
    found = {name: Message.objects.on_shelf(name) for name in SHELVES}
    context = {
        "shelf": shelf,
        "shelves": [
            {"label": f"{label} ({found[name].count()})", "url": f"?etat={name}", "current": name == shelf}
            for name, label in SHELVES.items()
        ],
        "page": Paginator(found[shelf], PAGE).get_page(request.GET.get("page")),
        "sent_today": Message.objects.sent_today().count(),
    }
    return render(request, "notifications/outbox.html", context)


@require_POST
@for_the_team
def outbox_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of a mail in doubt whether it reached its reader."""
    message = get_object_or_404(Message, pk=pk)
    if settling.settle(message, reached=request.POST.get("arrive") == "oui", by=request.user):
        messages.success(request, _("C’est noté."))
    else:
        messages.info(request, _("Ce message n’était plus à trancher."))
    return redirect("outbox")


@require_POST
@for_the_team
def outbox_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Send again what failed, once its cause is mended."""
    message = get_object_or_404(Message, pk=pk)
    if settling.retry(message):
        messages.success(request, _("Le message repart."))
    else:
        messages.info(request, _("Ce message ne peut pas repartir."))
    return redirect("outbox")
