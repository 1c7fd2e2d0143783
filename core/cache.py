"""The shared cache: one that may be away without taking the site with it, and whose keys tell nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from django.core.cache.backends.redis import RedisCache
from django.utils.crypto import salted_hmac
from redis.exceptions import ConnectionError as AwayError
from redis.exceptions import TimeoutError as SlowError

logger = logging.getLogger(__name__)

#: Keys that name a mail address, an account or a place: what allauth counts attempts under.
TELLING = "allauth:rl:"


def make_key(key: str, key_prefix: str, version: int) -> str:
    """The key as it is stored. One that names someone is stored as its HMAC."""
    if key.startswith(TELLING):
        key = "hmac:" + salted_hmac("core.cache", key, algorithm="sha256").hexdigest()
    return f"{key_prefix}:{version}:{key}"


def _or_when_away(answer: Callable[[tuple, dict], object]):
    def decorate(method):
        @wraps(method)
        def tried(self, *args, **kwargs):
            try:
                return method(self, *args, **kwargs)
            except (AwayError, SlowError):
                logger.warning("The cache is away: %s was not done.", method.__name__)
                return answer(args, kwargs)

        return tried

    return decorate


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, that finds nothing and keeps nothing while its server is away.

    Reading goes on without it. `add` then answers False, as if someone else held the key: what counts
    attempts takes a lock that way, gets none, and refuses. The doors close, the pages stay open.
    """

    get = _or_when_away(lambda args, kwargs: kwargs.get("default", args[1] if len(args) > 1 else None))(
        RedisCache.get
    )
    get_many = _or_when_away(lambda args, kwargs: {})(RedisCache.get_many)
    has_key = _or_when_away(lambda args, kwargs: False)(RedisCache.has_key)
    add = _or_when_away(lambda args, kwargs: False)(RedisCache.add)
    touch = _or_when_away(lambda args, kwargs: False)(RedisCache.touch)
    set = _or_when_away(lambda args, kwargs: None)(RedisCache.set)
    set_many = _or_when_away(lambda args, kwargs: list(args[0]))(RedisCache.set_many)
    delete = _or_when_away(lambda args, kwargs: False)(RedisCache.delete)
    delete_many = _or_when_away(lambda args, kwargs: None)(RedisCache.delete_many)
