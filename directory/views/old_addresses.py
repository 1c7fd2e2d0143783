"""The addresses of before: each leads on for good, to whoever may see where."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from ..models import OldAddress


def led_to(request: HttpRequest) -> HttpResponse:
    """Where the path asked for leads now. Raises Http404 for who may not see the page: nothing tells a hidden
    page from one that never was.
    """
    path = request.path.lower()[:300]
    known = OldAddress.objects.filter(path=path if path.endswith("/") else f"{path}/").first()
    model = known.content_type.model_class() if known else None
    page = model.objects.visible_to(request.user).filter(pk=known.object_id).first() if model else None
    if page is None:
        raise Http404
    return HttpResponsePermanentRedirect(page.get_absolute_url())


@login_not_required
@require_safe
def old_address(request: HttpRequest, name: str) -> HttpResponse:
    return led_to(request)


@login_not_required
@require_safe
def old_directory(request: HttpRequest) -> HttpResponse:
    return HttpResponsePermanentRedirect(reverse("actors"))
