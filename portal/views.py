from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from accounts.audience import Audience
from accounts.models import User
from contact.models import Conversation
from core.views import answers_json
from directory.filters import DirectoryFilter
from directory.frames import around, written
from directory.index import Selection, current_index
from directory.models import Actor, Charter, Listing, Term, Vocabulary
from directory.pages import Card, cards
from directory.referents import my_structures
from moderation.models import Case, Status
from projects.listings import PROJECT
from projects.pages import my_projects
from territories.drawing import parts_of
from territories.models import Level, Territory

from .context import current_instance
from .places import Figures, communes, communes_reached, counted, totals, way_down
from .tasks import HEARTBEAT_KEY, HEARTBEAT_TOLERANCE

#: Results shown of each kind on a page that is not their list.
FEW = 6
#: What is called near a commune.
NEAR_KM = 20
#: How long after being read `security.txt` may be relied on.
SECURITY_TXT_STANDS = datetime.timedelta(days=180)
#: On the home page, where there is much else to see.
VERY_FEW = 3


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The way in: by territory first, then by map, people, structures and domains."""
    region = current_instance().region
    everything = _everything(request)
    selection = everything.in_territory(region.pk, []) if region else everything
    places = counted(everything, parts_of(region) if region else Territory.objects.filter(level=Level.REGION))
    context = {
        "region": region,
        "figures": Figures.of(selection, selection.positions),
        "communes": communes_reached(selection),
        "places": places if region else [(place, figures) for place, figures in places if figures.total],
        "totals": totals(places),
        "domains": _domains(selection),
        "actors": _first(selection, Listing.ACTOR, VERY_FEW),
        "structures": _first(selection, Listing.STRUCTURE, VERY_FEW),
        "projects": _first(selection, PROJECT, VERY_FEW),
    }
    return render(request, "portal/home.html", context)


@login_not_required
@require_safe
def territory(request: HttpRequest, level: str, code: str) -> HttpResponse:
    """A place: what is there, what acts there from elsewhere, what it holds and what holds it."""
    place = get_object_or_404(Territory, level=level, code=code)
    outers = list(Territory.objects.covering(place))
    everything = _everything(request)
    inside = everything.in_territory(place.pk, [])
    listed = everything.in_territory(place.pk, [outer.pk for outer in outers])
    covering = listed.narrowed("covering", listed.covering)
    places, way = counted(everything, parts_of(place)), way_down(outers)
    context = {
        "place": place,
        "trail": [(_("Territoires"), reverse("territories")), *way],
        "wider": way[::-1],
        "outers": [outer for outer in outers if outer.level != Level.HEALTH],
        "health_territories": _health_territories(place, outers),
        "figures": Figures.of(inside, inside.positions),
        "covering_total": len(covering),
        "actors": _first(inside, Listing.ACTOR),
        "actors_total": listed.facet_kinds().get(Listing.ACTOR, 0),
        "structures": _first(inside, Listing.STRUCTURE),
        "structures_total": listed.facet_kinds().get(Listing.STRUCTURE, 0),
        "projects": _first(inside, PROJECT),
        "projects_total": listed.facet_kinds().get(PROJECT, 0),
        "covering": cards(DirectoryFilter({}, listed), covering.walk(0, FEW)),
        "parts": places,
        "parts_empty": sum(not figures.total for _, figures in places),
        "communes": communes(everything, place),
        "ambassadors": _ambassadors(request.user, [place, *outers]),
        **(_neighbourhood(everything, place) if place.level == Level.COMMUNE else {}),
    }
    return render(request, "portal/territory.html", context)


@require_safe
def my_space(request: HttpRequest) -> HttpResponse:
    user: User = request.user
    actor = Actor.objects.filter(user=user).select_related("commune").first()
    context = {
        "actor": actor,
        "charter": Charter.objects.to_sign(user) if actor and actor.status != Status.DRAFT else None,
        "waiting": Case.objects.open().filter(author=user, nature__in=("content", "edit")).in_order(),
        "territories": user.ambassador_of.all(),
        "letters_unread": Conversation.objects.unread_by(user).count(),
        "clearance": Audience.clearance(user),
        "national_identities": settings.NATIONAL_IDENTITIES,
        **my_structures(user),
        **my_projects(user),
    }
    return render(request, "portal/my_space.html", context)


@answers_json
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


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a flaw (RFC 9116): the contact of the instance, or the page that says who it is."""
    here = current_instance()
    legal = request.build_absolute_uri(reverse("legal"))
    expires = (timezone.now() + SECURITY_TXT_STANDS).replace(hour=0, minute=0, second=0, microsecond=0)
    context = {
        "contact": f"mailto:{here.contact_email}" if here.contact_email else legal,
        "expires": expires.astimezone(datetime.UTC).isoformat(),
        "canonical": request.build_absolute_uri(reverse("security_txt")),
        "policy": here.source_url and f"{here.source_url.rstrip('/')}/blob/HEAD/SECURITY.md",
    }
    return render(request, "security.txt", context, content_type="text/plain; charset=utf-8")


def _everything(request: HttpRequest) -> Selection:
    return Selection(current_index(), Audience.clearance(request.user))


def _first(selection: Selection, kind: str, count: int = FEW) -> list[Card]:
    """A few of one kind, in today's order."""
    narrowed = selection.of_kind([kind])
    return cards(DirectoryFilter({}, narrowed), narrowed.walk(0, count))


def _domains(selection: Selection) -> list[tuple[Term, int]]:
    """The domains of engagement, each with how many people are in it."""
    domains = list(selection.index.vocabularies[Vocabulary.DOMAIN].values())
    counts = selection.of_kind([Listing.ACTOR]).facet("domaine", [domain.pk for domain in domains])
    return [(domain, counts[domain.pk]) for domain in domains]


def _health_territories(place: Territory, outers: list[Territory]) -> list[Territory]:
    """The health territories that share ground with a place, whichever of the two holds the other."""
    inner = Territory.objects.inside(place).filter(level=Level.HEALTH)
    return [*(outer for outer in outers if outer.level == Level.HEALTH), *inner]


def _ambassadors(viewer: User | AnonymousUser, places: list[Territory]) -> QuerySet[Actor]:
    """The ambassadors of these places whom the viewer may see."""
    found = Actor.objects.visible_to(viewer).published().filter(user__ambassador_of__in=places)
    return found.select_related("commune").distinct().order_by("pk")


def _neighbourhood(everything: Selection, commune: Territory) -> dict[str, object]:
    """What only a commune has: postal codes, and what is around it."""
    near = Territory.objects.within_km(commune, NEAR_KM).values_list("pk", flat=True)
    return {
        "postal_codes": commune.postal_codes.values_list("code", flat=True),
        "near_km": NEAR_KM,
        "near_query": f"autour={commune.ref}&km={NEAR_KM}",
        "near_frame": written(around(commune, NEAR_KM)),
        "near_total": len(everything.near(near)),
    }


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
