from django.core.cache import cache
from django.http import HttpRequest

from .models import Instance

CACHE_KEY = "portal.instance"


def current_instance() -> Instance:
    """The instance of this site, kept a minute in the cache: it changes once a year."""
    return cache.get_or_set(CACHE_KEY, Instance.current, 60)


def instance(request: HttpRequest) -> dict:
    """Give every page the name of its instance."""
    return {"instance": current_instance()}
