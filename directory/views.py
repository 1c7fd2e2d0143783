from __future__ import annotations

import orjson
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from accounts.audience import Audience
from core.querystring import with_values
from territories.models import Territory

from . import exports
from .facets import chips, facets
from .filters import DirectoryFilter
from .frames import opening, written
from .index import Selection, current_index
from .map import DEFAULT_ZOOM, MAX_ZOOM, feature_collection
from .models import Actor, Listing, Membership, Structure
from .pages import ResultPage


def results(request: HttpRequest, kind: Listing.Kind | None) -> DirectoryFilter:
    """What the viewer gets of one kind (or of all) with the filters of the address."""
    selection = Selection(current_index(), Audience.clearance(request.user))
    if kind is not None:
        selection = selection.narrowed("list", selection.index.kinds[kind])
    return DirectoryFilter(request.GET, selection)


@login_not_required
@require_safe
def actors(request: HttpRequest) -> HttpResponse:
    return _listing(request, Listing.Kind.ACTOR, "directory/list.html")


@login_not_required
@require_safe
def structures(request: HttpRequest) -> HttpResponse:
    return _listing(request, Listing.Kind.STRUCTURE, "directory/list.html")


@login_not_required
@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    return _listing(request, None, "directory/map.html")


@login_not_required
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def map_embed(request: HttpRequest) -> HttpResponse:
    """The map to be framed by other sites: what everyone may see, whoever is signed in."""
    filterset = DirectoryFilter(request.GET, Selection(current_index(), Audience.EVERYONE))
    context = {
        "page": ResultPage(filterset, request.GET),
        "errors": filterset.form.errors,
        "frame": written(opening(filterset.cleaned)),
        "outline": filterset.cleaned.get("territoire"),
        "query": with_values(request.GET, page=None),
    }
    return render(request, "directory/map_embed.html", context)


@login_not_required
@require_safe
def map_data(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the results; an address that cannot be understood gets 400 and the reasons."""
    filterset = results(request, None)
    if filterset.qs.invalid:
        return _json({"errors": {name: list(errors) for name, errors in filterset.form.errors.items()}}, 400)
    asked = request.GET.get("zoom", "")
    zoom = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 else DEFAULT_ZOOM
    return _json(feature_collection(filterset, filterset.cleaned.get("bbox"), min(zoom, MAX_ZOOM)))


@login_not_required
@require_safe
def actor(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(
        Actor.objects.visible_to(request.user).select_related("commune", "user"), slug=slug
    )
    context = {
        "actor": found,
        "terms": found.actor_terms.select_related("term"),
        "themes": found.themes_for(request.user),
        "fields": found.fields_for(request.user),
        "zones": found.zones.all(),
        "memberships": Membership.objects.visible_to(request.user)
        .filter(actor=found)
        .select_related("structure__category", "structure__commune"),
        "is_mine": found.user_id == request.user.pk,
    }
    return render(request, "directory/actor.html", context)


@login_not_required
@require_safe
def structure(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(
        Structure.objects.visible_to(request.user).select_related("commune", "category"), slug=slug
    )
    context = {
        "structure": found,
        "terms": found.terms.order_by("rank"),
        "themes": found.themes.order_by("rank"),
        "zones": found.zones.all(),
        "memberships": Membership.objects.visible_to(request.user)
        .filter(structure=found)
        .select_related("actor"),
        "is_mine": request.user.is_authenticated and found.referents.filter(pk=request.user.pk).exists(),
    }
    return render(request, "directory/structure.html", context)


@login_not_required
@require_safe
def export(request: HttpRequest, kind: Listing.Kind) -> HttpResponse:
    """The results as a spreadsheet: what the viewer may see, capped, never more than the pages show."""
    filterset = results(request, kind)
    if filterset.qs.invalid:
        return render(request, "400.html", status=400)
    response = StreamingHttpResponse(exports.csv_lines(filterset), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind.value}s.csv"'
    return response


def _listing(request: HttpRequest, kind: Listing.Kind | None, template: str) -> HttpResponse:
    places = _places(request)
    if len(places) == 1 and not request.htmx:
        return HttpResponseRedirect(_at(request.GET, places[0]))
    filterset = results(request, kind)
    context = {
        "kind": kind,
        "path": request.path,
        "page": ResultPage(filterset, request.GET, request.GET.get("page", "1")),
        "facets": facets(filterset, kind),
        "chips": chips(filterset, request.GET),
        "errors": filterset.form.errors,
        "filterset": filterset,
        "values": filterset.cleaned,
        "places": [(place, _at(request.GET, place)) for place in places],
        "asked_place": request.GET.get("lieu", ""),
        "frame": written(opening(filterset.cleaned)),
        "outline": filterset.cleaned.get("territoire"),
        "query": with_values(request.GET, page=None),
    }
    return render(request, f"{template}#results" if request.htmx else template, context)


def _places(request: HttpRequest) -> list[Territory]:
    """What a place typed without JavaScript may be: one when it is sure, several to choose from."""
    text = request.GET.get("lieu", "").strip()[:100]
    if not text or request.GET.get("territoire") or request.GET.get("autour"):
        return []
    found = list(Territory.objects.search(text, limit=8))
    sure = [place for place in found if place.label == text or place.name.lower() == text.lower()]
    return sure if len(sure) == 1 else found


def _at(params: QueryDict, place: Territory) -> str:
    return with_values(params, lieu=None, page=None, territoire=place.ref)


def _json(data: object, status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(data), content_type="application/json", status=status)
