from django.core.cache import cache
from django.http import HttpRequest

from .models import Instance

CACHE_KEY = "portal.instance"


def instance(request: HttpRequest) -> dict:
    """Give every page the name of its instance. Kept a minute in the cache: it changes once a year."""
    return {"instance": cache.get_or_set(CACHE_KEY, Instance.current, 60)}
