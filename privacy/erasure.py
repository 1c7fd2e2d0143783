"""Erasing a person: every table by what the register says of it, and what lies outside the tables."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import partial
from importlib import import_module

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.models import Session
from django.core.files.storage import Storage
from django.db import connection, models, transaction
from django.db.models import Func, Value
from django.utils import timezone

from accounts.models import User
from accounts.register import Link

from . import journal
from .belongings import Belongings
from .models import Erasure


@transaction.atomic
def erase(user: User) -> None:
    """Erase the account and all that belongs to it. There is no way back.

    What is shared with others loses the name; the register says which and why. Of the person there remains
    a fingerprint of her address, in `Erasure` and in the journal of the storage, so that a restored backup
    can be put right.
    """
    if not User.objects.select_for_update().filter(pk=user.pk).exists():
        return  # someone else has just done it
    allow_deleting()
    hers = Belongings(user)
    key, mark, now = user.pk, journal.fingerprint(user.email), timezone.now()
    for link, keys in hers:
        if link.on_erasure == "anonymise":
            _cut(link, keys, user)
    files: list[tuple[Storage, str]] = []
    # What is about her things goes before them, or nothing would tell any more that it was.
    doomed = [(link, keys) for link, keys in hers if link.on_erasure == "delete" and link.owner != "self"]
    for link, keys in sorted(doomed, key=lambda pair: not pair[0].is_generic):
        model = link.get_model()
        files += _files(model, keys)
        model._base_manager.filter(pk__in=keys).delete()
    user.delete()
    Erasure.objects.create(fingerprint=mark, erased_at=now)
    transaction.on_commit(partial(_after, key, files, mark, now))


def allow_deleting() -> None:
    """Until the end of this transaction, rows that are never deleted otherwise may be."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL partenariat.erasing = 'on'")


def _cut(link: Link, keys: Iterable, user: User) -> None:
    """Take her name out of rows that stay."""
    model = link.get_model()
    rows = model._base_manager.filter(pk__in=keys)
    values = dict(link.anonymise_to)
    if "__" not in link.owner and not link.is_generic:
        way = model._meta.get_field(link.owner)
        if way.many_to_many:
            return  # the tie goes with the account
        if way.is_relation:
            values[link.owner] = None
        if isinstance(way, ArrayField):
            values[link.owner] = Func(link.owner, Value(user.pk), function="array_remove")
    rows.update(**values)


def _files(model: type[models.Model], keys: Iterable) -> list[tuple[Storage, str]]:
    """The files that rows hold."""
    return [
        (one.storage, name)
        for one in model._meta.local_fields
        if isinstance(one, models.FileField)
        for name in model._base_manager.filter(pk__in=keys).values_list(one.name, flat=True)
        if name
    ]


def _after(user_id: int, files: list[tuple[Storage, str]], mark: str, erased_at: datetime.datetime) -> None:
    journal.note(mark, erased_at)
    for storage, name in files:
        storage.delete(name)
    end_sessions(user_id)


def end_sessions(user_id: int) -> None:
    """Remove what the sessions of an account hold, from the database and from the cache."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user_id):
            store(session.session_key).delete()
