"""How many pages of people one account opens in a day: enough for anyone who looks for someone, too few to
copy the directory.

Counted in the cache, under names from which nobody can be found again. When the cache does not answer, pages
open: a broken counter must not close the directory.
"""

from __future__ import annotations

import logging

from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from accounts.models import User

from .models import Actor

logger = logging.getLogger(__name__)

PAGES_A_DAY = 200
_DAY = 24 * 3600


def may_open(actor: Actor, viewer: User) -> bool:
    """Whether `viewer`, who has an account, may open one more page of a person today.

    A page already opened today opens again, her own and those the team opens are not counted.
    """
    if viewer.is_team or actor.user_id == viewer.pk:
        return True
    day = timezone.localdate().isoformat()
    seen, count = _name(day, viewer.pk, actor.pk), _name(day, viewer.pk)
    try:
        if cache.get(seen):
            return True
        cache.add(count, 0, _DAY)
        number = cache.incr(count)
        if number > PAGES_A_DAY:
            if number == PAGES_A_DAY + 1:
                logger.warning("Account %s has opened %s pages of people today.", viewer.pk, PAGES_A_DAY)
            return False
        cache.set(seen, 1, _DAY)
    except (RedisError, OSError, ValueError):
        # ValueError: the counter expired between the two lines above.
        return True
    return True


def _name(*parts: object) -> str:
    return "pages-" + salted_hmac("directory.quota", "/".join(map(str, parts))).hexdigest()
