"""The test of truth: what belongs to a person is all in her copy, and nothing is left once she is erased.

Everything is found through the register and the models: a new personal model is tried as soon as it exists.
"""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from accounts.register import links, register
from privacy.erasure import erase
from privacy.export import exported_fields, write_export
from tests.privacy.rows import Person

pytestmark = pytest.mark.django_db


def everything_written() -> str:
    """Every table, every file, every key of the cache, as text."""
    return "\n".join([*tables(), *sessions(), *files(""), *keys()])


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        rows = []
        for name in names:
            cursor.execute(f'SELECT t::text FROM "{name}" AS t')
            rows += [f"{name}: {row}" for (row,) in cursor.fetchall()]
    return rows


def sessions() -> list[str]:
    return [f"session: {session.get_decoded()}" for session in Session.objects.all()]


def files(folder: str) -> list[str]:
    folders, names = default_storage.listdir(folder)
    found = [f"file {folder}/{name}: {read(f'{folder}/{name}'.lstrip('/'))}" for name in names]
    return found + [one for inner in folders for one in files(f"{folder}/{inner}".lstrip("/"))]


def read(name: str) -> str:
    with default_storage.open(name) as file:
        return file.read().decode("utf-8", "replace")


def keys() -> list[str]:
    redis = cache._cache.get_client()
    readers = {
        b"string": redis.get,
        b"hash": redis.hgetall,
        b"set": redis.smembers,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"zset": lambda key: redis.zrange(key, 0, -1),
    }
    return [f"key {key}: {readers[redis.type(key)](key)}" for key in redis.scan_iter("*")]


def holding(word: str) -> list[str]:
    return [line[:300] for line in everything_written().lower().split("\n") if word in line]


def copy_of(person: Person) -> dict[str, str]:
    """The texts of her file, by their name in it."""
    file = io.BytesIO()
    write_export(person.user, file)
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture
def two():
    return Person("qzherva"), Person("qzothra")


@pytest.fixture
def signed_in(two):
    client = Client()
    client.force_login(two[0].user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/mon-espace/")
    return client


def test_she_has_something_in_every_model_that_may_hold_something_of_hers(two):
    """Otherwise the other tests here would say nothing of it."""
    hers, _other = two
    assert {link for link in links() if link.owner} - hers.given == set()


def test_nothing_of_an_erased_person_is_left(two, signed_in, django_capture_on_commit_callbacks):
    hers, other = two
    assert len(holding(hers.prefix)) > 20
    assert any("session" in line for line in everything_written().split("\n"))
    before = len(holding(other.prefix))
    with django_capture_on_commit_callbacks(execute=True):
        erase(hers.user)
    assert holding(hers.prefix) == []
    assert not any(f"'_auth_user_id': '{hers.user.pk}'" in line for line in sessions())
    assert len(holding(other.prefix)) == before
    assert signed_in.get("/mon-espace/").status_code == 302


def test_her_copy_holds_all_that_is_hers(two):
    hers, _other = two
    told = "\n".join(copy_of(hers).values())
    missing = [
        f"{link.model}.{name} ({link.owner})"
        for (link, name), word in hers.planted.items()
        if link.exported and name in exported_fields(link) and word not in told
    ]
    assert missing == []
    assert hers.user.email in told


def test_her_copy_has_every_field_that_the_register_marks(two):
    hers, _other = two
    copies = copy_of(hers)
    rows = [json.loads(text) for name, text in copies.items() if name.startswith("json/")]
    columns = {name for shelf in rows for row in shelf for name in row}
    marked = {name.rpartition(".")[2] for name, entry in register().items() if entry.exported}
    hidden = {name for link in links() for name in link.hides}
    assert marked - hidden - columns == set()


def test_her_copy_holds_nothing_else(two):
    """Neither what the register keeps from her, nor anything of somebody else."""
    hers, other = two
    told = "\n".join(copy_of(hers).values())
    assert other.prefix not in told
    addresses = set(re.findall(r"[\w.]+@example\.org", told))
    assert {address for address in addresses if hers.prefix not in address} == set()
    leaked = [
        f"{link.model}.{name} ({link.owner})"
        for (link, name), word in hers.planted.items()
        if not (link.exported and name in exported_fields(link)) and word in told
    ]
    assert leaked == []
