"""How many mails, and how many accounts, one may cause. Whoever is refused is told why, and until when."""

from __future__ import annotations

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest

#: Of an address, of a place (an IPv4 address, an IPv6 /64), of an account. In allauth's notation.
LIMITS = {
    "address": "2/h/key,5/d/key",
    "place": f"{settings.MAILS_FROM_ONE_PLACE}/d/ip",
    "account": "2/h/user,5/d/user",
    "own_code": "3/h/user,10/d/user",
    "signup": "5/30m/ip,20/d/ip",
}


def spend(request: HttpRequest, limit: str, *, key: str | None = None, only_ask: bool = False) -> None:
    """Count one more under `limit`, or only ask whether one more would go.

    Raises what makes the site answer 429 with the words of that limit. An address is counted whether or
    not it has an account: the limit tells nothing. While the cache is away, the answer is no.
    """
    granted = ratelimit.consume(
        request, app="accounts", action=limit, config=LIMITS, key=key, dry_run=only_ask, limit_get=True
    )
    if not granted:
        request.limit_reached = limit
        raise ImmediateHttpResponse(ratelimit.respond_429(request))


def spend_mail(request: HttpRequest, address: str, *, only_ask: bool = False) -> None:
    """Count one mail that someone causes to `address`, whose owner did not have to agree."""
    spend(request, "address", key=address.lower(), only_ask=only_ask)
    spend(request, "account" if request.user.is_authenticated else "place", only_ask=only_ask)
