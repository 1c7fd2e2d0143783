from __future__ import annotations

import orjson
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from accounts.audience import Audience
from core.querystring import with_values
from core.views import answers_json
from privacy.reads import reading

from .. import exports
from ..facets import chips, facets, mended, problems, sorts
from ..filters import DEFAULT_KM, DirectoryFilter
from ..frames import opening, written
from ..index import Selection, current_index
from ..listed import RESULTS, Listed, listed_named
from ..map import DEFAULT_ZOOM, MAX_ZOOM, feature_collection
from ..models import Actor, Listing, Structure
from ..pages import ResultPage
from ..places import asked_place, distances, wider
from ..profiles import actor_page, back_to_results, structure_page
from ..quota import PAGES_A_DAY, may_open
from .old_addresses import led_to

#: Below so many results, larger places are offered.
FEW_RESULTS = 5


def results(request: HttpRequest, kind: Listed | None) -> DirectoryFilter:
    """What the viewer gets of one kind (or of all) with the filters of the address."""
    selection = Selection(current_index(), Audience.clearance(request.user))
    if kind is not None:
        selection = selection.narrowed("list", selection.index.kinds[kind.slug])
    return DirectoryFilter(request.GET, selection)


@login_not_required
@require_safe
def actors(request: HttpRequest) -> HttpResponse:
    return listing(request, listed_named(Listing.ACTOR), "directory/actors.html")


@login_not_required
@require_safe
def structures(request: HttpRequest) -> HttpResponse:
    return listing(request, listed_named(Listing.STRUCTURE), "directory/structures.html")


@login_not_required
@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    return listing(request, None, "directory/map.html", "directory/map.html#results")


@login_not_required
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def map_embed(request: HttpRequest) -> HttpResponse:
    """The map to be framed by other sites: what everyone may see, whoever is signed in."""
    filterset = DirectoryFilter(request.GET, Selection(current_index(), Audience.EVERYONE))
    context = {
        "page": ResultPage(filterset, request.GET),
        "problems": problems(filterset),
        "frame": written(opening(filterset.cleaned)),
        "outline": filterset.cleaned.get("territoire"),
        "query": with_values(request.GET, page=None),
    }
    return render(request, "directory/map_embed.html", context)


@answers_json
@login_not_required
@require_safe
def map_data(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the results; an address that cannot be understood gets 400 and the reasons."""
    filterset = results(request, None)
    if filterset.qs.invalid:
        return _json({"errors": {name: list(errors) for name, errors in filterset.form.errors.items()}}, 400)
    asked = filterset.cleaned.get("zoom")
    zoom = DEFAULT_ZOOM if asked is None else asked
    return _json(feature_collection(filterset, filterset.cleaned.get("bbox"), min(zoom, MAX_ZOOM)))


@login_not_required
@require_safe
def actor(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(
        Actor.objects.visible_to(request.user).select_related("commune", "user"), slug=slug
    )
    if request.user.is_authenticated and not may_open(found, request.user):
        return render(request, "directory/too_many.html", {"most": PAGES_A_DAY}, status=429)
    if found.keeps_health_from_members() and (asked := reading(request, found.user, "page")):
        return asked
    context = actor_page(found, request.user) | {"back": back_to_results(request, "actors")}
    return render(request, "directory/actor.html", context)


@login_not_required
@require_safe
def structure(request: HttpRequest, slug: str) -> HttpResponse:
    visible = Structure.objects.visible_to(request.user).select_related("commune", "category")
    if (found := visible.filter(slug=slug).first()) is None:
        return led_to(request)
    context = structure_page(found, request.user) | {"back": back_to_results(request, "structures")}
    return render(request, "directory/structure.html", context)


@login_not_required
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The results as a spreadsheet: what the viewer may see, capped, never more than the pages show."""
    listed = listed_named(kind)
    filterset = results(request, listed)
    if filterset.qs.invalid:
        context = {
            "path": reverse(listed.list_route),
            "problems": problems(filterset),
            "mended": mended(filterset, request.GET),
        }
        return render(request, "directory/refused.html", context, status=400)
    response = StreamingHttpResponse(exports.csv_lines(filterset), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}s.csv"'
    return response


def listing(
    request: HttpRequest, kind: Listed | None, template: str, part: str = "directory/list.html#results"
) -> HttpResponse:
    """The results of one kind, or of all, drawn by `template`; for htmx, by `part`."""
    asked = asked_place(request.GET)
    if asked.plain:
        return HttpResponseRedirect(asked.plain)
    filterset = results(request, kind)
    values = filterset.cleaned
    km = values.get("km") or (DEFAULT_KM if values.get("autour") else None)
    page = ResultPage(filterset, request.GET, values.get("page") or 1)
    mend = mended(filterset, request.GET)
    wanting = page.total < FEW_RESULTS and not filterset.qs.invalid
    context = {
        "kind": kind,
        "path": request.path,
        "page": page,
        "total": (kind.counted if kind else RESULTS).say(page.total, page.is_capped),
        "facets": facets(filterset, kind),
        "chips": chips(filterset, QueryDict(mend[1:]) if filterset.form.errors else request.GET),
        "sorts": sorts(filterset, request.GET),
        "problems": problems(filterset),
        "mended": mend,
        "filterset": filterset,
        "values": values,
        "typed": {name: request.GET.get(name, "") for name in ("q", "tri", "lieu")},
        "place": values.get("territoire") or values.get("autour"),
        "places": asked.candidates,
        "km": km,
        "distances": distances(km),
        "wider": wider(request.GET, values) if wanting else [],
        "frame": written(opening(values)),
        "query": with_values(request.GET, page=None),
        "map_query": with_values(request.GET, page=None, tri=None, nature=kind and kind.slug),
        "export_cap": exports.EXPORT_CAP,
    }
    return render(request, part if request.htmx else template, context)


def _json(data: object, status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(data), content_type="application/json", status=status)
