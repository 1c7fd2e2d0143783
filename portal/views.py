from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from accounts.audience import Audience
from accounts.models import User
from directory.filters import DirectoryFilter
from directory.index import Selection, current_index
from directory.models import Actor, Listing, Vocabulary
from directory.pages import Card, cards
from territories.models import Territory

from .context import instance
from .tasks import HEARTBEAT_KEY, HEARTBEAT_TOLERANCE

#: Results shown of each kind on a page that is not their list.
FEW = 6


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    selection = _everything(request)
    region = instance(request)["instance"].region
    departements = Territory.objects.inside(region).filter(level="dep") if region else []
    domains = list(selection.index.vocabularies[Vocabulary.DOMAIN].values())
    counts = selection.facet("domaine", [domain.pk for domain in domains])
    context = {
        "region": region,
        "kinds": selection.facet_kinds(),
        "communes": sum(bool(found & selection.positions) for found in selection.index.communes.values()),
        "departements": [(place, _figures(selection, place)) for place in departements],
        "domains": [(domain, counts[domain.pk]) for domain in domains],
        "actors": _first(request, selection, Listing.Kind.ACTOR),
        "structures": _first(request, selection, Listing.Kind.STRUCTURE),
    }
    return render(request, "portal/home.html", context)


@login_not_required
@require_safe
def territory(request: HttpRequest, level: str, code: str) -> HttpResponse:
    place = get_object_or_404(Territory, level=level, code=code)
    outers = list(Territory.objects.covering(place).order_by("level"))
    everything = _everything(request)
    selection = everything.in_territory(place.pk, [outer.pk for outer in outers])
    context = {
        "place": place,
        "outers": sorted(outers, key=lambda outer: -outer.population),
        "inners": _inners(everything, place),
        "figures": _figures(everything, place),
        "total": len(selection),
        "actors": _first(request, selection, Listing.Kind.ACTOR),
        "structures": _first(request, selection, Listing.Kind.STRUCTURE),
        "covering": len(selection.positions & selection.covering),
        "ambassadors": Actor.objects.visible_to(request.user).filter(
            user__ambassador_of__in=[place, *outers]
        ),
        "has_contour": hasattr(place, "contour"),
    }
    return render(request, "portal/territory.html", context)


@require_safe
def my_space(request: HttpRequest) -> HttpResponse:
    user: User = request.user
    context = {
        "actor": Actor.objects.filter(user=user).select_related("commune").first(),
        "structures": user.structures.select_related("commune", "category"),
        "territories": user.ambassador_of.all(),
        "clearance": Audience.clearance(user),
    }
    return render(request, "portal/my_space.html", context)


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """For the machines that watch: 200 when everything answers, 503 when a part does not, and which."""
    checks = {"database": _database_answers(), "cache": _cache_answers(), "worker": _worker_answers()}
    return JsonResponse(
        {name: "ok" if fine else "failed" for name, fine in checks.items()},
        status=200 if all(checks.values()) else 503,
    )


def _everything(request: HttpRequest) -> Selection:
    return Selection(current_index(), Audience.clearance(request.user))


def _first(request: HttpRequest, selection: Selection, kind: Listing.Kind) -> list[Card]:
    """A few of one kind, in today's order."""
    narrowed = selection.of_kind([kind.value])
    return cards(DirectoryFilter({}, narrowed), narrowed.walk(0, FEW))


def _figures(selection: Selection, place: Territory) -> dict[str, int]:
    """What is in a territory, by mark and kind, as far as the viewer may see it."""
    inside = selection.in_territory(place.pk, [])
    marks = inside.index.marks
    return {mark: marks[mark].intersection_cardinality(inside.positions) for mark in list(marks)}


def _inners(selection: Selection, place: Territory) -> list[tuple[Territory, dict[str, int]]]:
    """The territories of the next level down, each with its figures; for small ones, none."""
    below = {"reg": "dep", "dep": "epci", "epci": "com", "sante": "com"}.get(place.level)
    if below is None:
        return []
    inner = Territory.objects.inside(place).filter(level=below)
    return [(each, _figures(selection, each)) for each in inner]


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache_answers() -> bool:
    try:
        cache.set("portal.health", 1, 5)
        return cache.get("portal.health") == 1
    except (RedisError, OSError):
        return False


def _worker_answers() -> bool:
    try:
        beat = cache.get(HEARTBEAT_KEY)
    except (RedisError, OSError):
        return False
    return beat is not None and timezone.now().timestamp() - beat < HEARTBEAT_TOLERANCE
