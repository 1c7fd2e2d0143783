"""The erasures, noted outside the database too: restoring an old backup of it must not forget them.

One empty file for each, in the private storage: its name says all there is to say.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.crypto import salted_hmac

FOLDER = "erasures"
_MOMENT = "%Y%m%dT%H%M%S%f"


def fingerprint(address: str, secret: str | None = None) -> str:
    """What remains of a mail address: enough to recognise it, not to read it."""
    return salted_hmac(
        "privacy.erasure", address.strip().lower(), secret=secret, algorithm="sha256"
    ).hexdigest()


def fingerprints(address: str) -> set[str]:
    """Those of an address under the secret key in use and under the ones that were before it."""
    return {fingerprint(address, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}


def note(mark: str, at: datetime.datetime) -> None:
    """Write an erasure down. Doing it twice changes nothing."""
    name = _name(mark, at)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(b""))


def noted() -> Iterator[tuple[str, datetime.datetime]]:
    """Every erasure written down: fingerprint and moment."""
    if not default_storage.exists(FOLDER):
        return
    for name in default_storage.listdir(FOLDER)[1]:
        moment, _dash, mark = name.partition("-")
        yield mark, datetime.datetime.strptime(moment, _MOMENT).replace(tzinfo=datetime.UTC)


def forget(mark: str, at: datetime.datetime) -> None:
    default_storage.delete(_name(mark, at))


def _name(mark: str, at: datetime.datetime) -> str:
    return f"{FOLDER}/{at.astimezone(datetime.UTC).strftime(_MOMENT)}-{mark}"
