"""How long a session lasts, and what those with duties need before anything else."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .models import User
from .second_factor import factors_of

Handler = Callable[[HttpRequest], HttpResponse]

MINUTE, HOUR, DAY = 60, 3_600, 86_400
#: Seconds without a request, then seconds since signing in, after which a session ends.
OF_MEMBERS = (7 * DAY, 30 * DAY)
OF_DUTIES = (30 * MINUTE, 12 * HOUR)
#: How often a session is asked to remember that it serves.
NOTED_EVERY = MINUTE


class SessionsEnd:
    """End what has served too long or not at all. Shorter for those who read and change things of others."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            session, now = request.session, time.time()
            idle, whole = OF_DUTIES if has_duties(request) else OF_MEMBERS
            opened, seen = session.get("opened_at", now), session.get("seen_at", 0)
            if now - opened >= whole or (seen and now - seen >= idle):
                logout(request)
            elif now - seen >= NOTED_EVERY:
                note(session, request.user, opened_at=opened)
        return self.get_response(request)


class SecondFactorFirst:
    """Those whose duties demand a second factor see nothing but the way to one until they have it."""

    OPEN = {"account_logout", "account_reauthenticate", "reauthenticate_by_code", "set_language", "health"}

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        # With its namespace: the administration has addresses named like those of the way.
        route = request.resolver_match.view_name
        if not settings.SECOND_FACTOR_COMPULSORY or route in self.OPEN or route.startswith("mfa_"):
            return None
        if not request.user.is_authenticated or not has_duties(request) or factors_of(request.user).exists():
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": reverse("mfa_index")})
        return redirect("mfa_index")


def note(session: SessionBase, user: User, *, opened_at: float) -> None:
    """Write in the session that it serves, since when, and whether its owner has duties."""
    session["opened_at"] = opened_at
    session["seen_at"] = time.time()
    session["duties"] = user.has_duties


def has_duties(request: HttpRequest) -> bool:
    # Whoever becomes an ambassador has her sessions closed: what the session noted is true, or a minute old.
    user = request.user
    return user.is_team or user.is_staff or user.is_superuser or request.session.get("duties", False)
