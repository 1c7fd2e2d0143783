"""What someone confides beside her page reaches those it is meant for, and nobody else by any way."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.core import mail
from django.urls import reverse

from directory.models import Actor, Structure
from privacy.export import write_export
from tests.rules.backstage import Backstage, addresses, confide
from tests.rules.caller import Caller
from tests.rules.test_canaries import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Backstage:
    return confide()


def pages(world: Backstage) -> Iterator[tuple[str, str, str]]:
    """Every page as everyone gets it: who asks, for what, and what she is told."""
    people = tuple(page for page in world.pages if isinstance(page, Actor))
    for reader, user in world.users.items():
        caller = Caller(user, people)
        for path in addresses(world, reader):
            # A page asked for by its address names that address: no news to whoever asked.
            yield reader, path, told(caller.get(path)).replace(path, "")


def links_of_mails(world: Backstage) -> Iterator[tuple[str, str, str]]:
    """What the links of mails show, without signing in, to whoever got the mail."""
    for reader, paths in world.links.items():
        for path in paths:
            yield reader, path, told(Caller().get(path)).replace(path, "")


def mails(world: Backstage) -> Iterator[tuple[str, str, str]]:
    """Every mail that left, whole; the address it is sent to tells its reader nothing."""
    for one in mail.outbox:
        (address,) = one.to
        yield world.mailboxes.get(address, "a moderator"), one.subject, one.message().as_string()


def copies(world: Backstage) -> Iterator[tuple[str, str, str]]:
    """The file that each may take of her own data."""
    for reader, user in world.users.items():
        if user:
            write_export(user, file := io.BytesIO())
            with zipfile.ZipFile(file) as archive:
                yield reader, "her copy", " ".join(archive.read(name).decode() for name in archive.namelist())


def test_each_reads_what_is_meant_for_her_and_nothing_else(world):
    leaked, read_by = [], defaultdict(set)
    for way in (pages, links_of_mails, mails, copies):
        for reader, where, text in way(world):
            read = world.read_in(text)
            leaked += [(reader, world.confided[one].what, where) for one in read - world.open_to(reader)]
            read_by[reader] |= read
    assert leaked == []
    unread = {
        (reader, one.what)
        for one in world.confided.values()
        for reader in one.readers
        if one.word not in read_by[reader]
    }
    assert unread == set(), "what nobody can read proves nothing"


def test_no_search_finds_what_is_confided(world):
    """Neither on the map and in the lists, nor where a name is looked for."""
    (kept,) = (page for page in world.pages if isinstance(page, Structure) and page.referents.exists())
    on_the_map = "/carte/donnees.geojson?q="
    of_people, of_structures = (
        f"{reverse('structure_members', args=[kept.slug])}?q=",
        f"{reverse('structure_alike')}?name=",
    )
    ways = [
        ("visitor", on_the_map, b'"total":0'),
        ("team", on_the_map, b'"total":0'),
        ("referent", of_people, b"Personne de ce nom"),
        ("referent", of_structures, b""),
    ]
    found = []
    for reader, path, nothing in ways:
        caller = Caller(world.users[reader])
        for one in world.confided.values():
            content = caller.get(f"{path}{one.word}").content
            if nothing not in content if nothing else content.strip():
                found.append((reader, path, one.what))
    assert found == []
