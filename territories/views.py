"""The index of territories, the search box and the contours of maps. All open to everyone."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.views import answers_json

from .models import Containment, Level, Territory

MAX_QUERY = 100
#: Looked through when only communes are wanted, so that larger places of the same name do not fill the list.
MANY = 30
CONTOUR_LEVELS = {Level.DEPARTEMENT, Level.REGION, Level.EPCI}

# The whole collection is written by the database: no object is made for each of a thousand borders.
_COLLECTION = """
SELECT string_agg(
    json_build_object(
        'type', 'Feature', 'id', t.level || '-' || t.code,
        'properties', json_build_object('name', t.name), 'geometry', c.geometry
    )::text, ',' ORDER BY t.code)
FROM territories_contour c JOIN territories_territory t ON t.id = c.territory_id
WHERE t.id = ANY(%s)
"""
_DIGEST = """
SELECT md5(string_agg(c.digest || t.name, '' ORDER BY t.code))
FROM territories_contour c JOIN territories_territory t ON t.id = c.territory_id
WHERE t.id = ANY(%s)
"""


def _query(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:MAX_QUERY]


@answers_json
@login_not_required
@require_safe
def search(request: HttpRequest) -> JsonResponse:
    """What the search box suggests for `q`: all, or communes alone. An empty `q` suggests nothing."""
    query = _query(request)
    found = Territory.objects.search(query, limit=MANY if "communes" in request.GET else 10) if query else []
    if "communes" in request.GET:
        found = [place for place in found if place.level == Level.COMMUNE][:10]
    response = JsonResponse({"results": [_suggestion(territory) for territory in found]})
    patch_cache_control(response, public=True, max_age=300)
    return response


def _suggestion(territory: Territory) -> dict[str, str]:
    return {
        "ref": territory.ref,
        "name": territory.name,
        "label": territory.label,
        "detail": territory.detail,
        "url": territory.get_absolute_url(),
    }


@answers_json
@login_not_required
@require_safe
def contours(request: HttpRequest, level: str) -> HttpResponse:
    """The borders of a level as GeoJSON; with `dans`, those that touch that territory, itself included."""
    if level not in CONTOUR_LEVELS:
        return _refusal(_("Il n’y a de contours que pour dep, reg et epci."), 404)
    territories = Territory.objects.filter(level=level)
    if ref := request.GET.get("dans", ""):
        try:
            frame = Territory.objects.by_ref(ref)
        except Territory.DoesNotExist:
            return _refusal(_("« dans » ne désigne aucun territoire connu, par exemple dep-09."), 404)
        inside = Containment.objects.filter(outer=frame).values("inner")
        covering = Containment.objects.filter(inner=frame).values("outer")
        territories = territories.filter(Q(pk=frame.pk) | Q(pk__in=inside) | Q(pk__in=covering))
    elif level == Level.EPCI:
        return _refusal(_("Précisez « dans » : il y a trop d’intercommunalités pour les donner toutes."), 400)
    return _collection(request, territories.order_by().values_list("pk", flat=True))


def _refusal(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)


def _collection(request: HttpRequest, ids: Iterable[int]) -> HttpResponse:
    ids = list(ids)
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST, [ids])
        etag = f'"{cursor.fetchone()[0] or "empty"}"'
        asked = [value.removeprefix("W/") for value in parse_etags(request.headers.get("If-None-Match", ""))]
        if etag in asked:
            response = HttpResponseNotModified()
        else:
            cursor.execute(_COLLECTION, [ids])
            features = cursor.fetchone()[0] or ""
            response = HttpResponse(
                f'{{"type":"FeatureCollection","features":[{features}]}}', content_type="application/geo+json"
            )
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=86400)
    return response


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every way into the territories: a search that needs no script, régions, health territories."""
    query = _query(request)
    return render(
        request,
        "territories/index.html",
        {
            "query": query,
            "results": Territory.objects.search(query, limit=20) if query else [],
            "regions": _regions(),
            "collectivities": Territory.objects.filter(level=Level.DEPARTEMENT, context=""),
            "health_territories": Territory.objects.filter(level=Level.HEALTH),
        },
    )


def _regions() -> list[tuple[Territory, list[Territory]]]:
    """Each région with its départements, in two queries."""
    links = Containment.objects.filter(outer__level=Level.REGION, inner__level=Level.DEPARTEMENT)
    departements: dict[int, list[Territory]] = {}
    for link in links.select_related("inner").order_by("inner__code"):
        departements.setdefault(link.outer_id, []).append(link.inner)
    regions = Territory.objects.filter(level=Level.REGION)
    return [(region, departements.get(region.pk, [])) for region in regions]
