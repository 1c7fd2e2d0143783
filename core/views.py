from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

View = Callable[..., Any]


def answers_json(view: View) -> View:
    """Mark a view that programs read: what cannot be read is refused to it in JSON too."""
    view.answers_json = True
    return view


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say in plain words that the request could not be read. Touches neither session nor database."""
    if _is_read_by_programs(request.path_info):
        return JsonResponse({"errors": {"adresse": [_("Cette adresse n’est pas lisible")]}}, status=400)
    return HttpResponseBadRequest(render_to_string("400.html"))


def page_above(path: str) -> str:
    """The nearest address above `path` that leads somewhere; the home page at worst."""
    while path.strip("/"):
        path = path[: path.rstrip("/").rfind("/") + 1] or "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"


def _is_read_by_programs(path: str) -> bool:
    try:
        return getattr(resolve(path).func, "answers_json", False)
    except (Resolver404, ValueError):
        return False
