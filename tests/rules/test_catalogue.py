"""The English catalogue is complete: nothing left in French, nothing guessed, every placeholder kept."""

from __future__ import annotations

import re

import polib
import pytest
from django.conf import settings

CATALOGUE = settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+")


@pytest.fixture(scope="module")
def entries() -> list[polib.POEntry]:
    return [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]


def texts(entry: polib.POEntry) -> list[tuple[str, str]]:
    """Each translation beside the text it stands for."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [(entry.msgid_plural if form else entry.msgid, text) for form, text in entry.msgstr_plural.items()]


def test_nothing_is_missing(entries):
    assert len(entries) > 100
    assert [entry.msgid for entry in entries if not all(text.strip() for _, text in texts(entry))] == []


def test_nothing_is_guessed(entries):
    assert [entry.msgid for entry in entries if entry.fuzzy] == []


def test_placeholders_are_kept(entries):
    changed = [
        (source, text)
        for entry in entries
        for source, text in texts(entry)
        # A singular may say "one" where the source counts.
        if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(text))
        and not (entry.msgid_plural and text == entry.msgstr_plural[0])
    ]
    assert changed == []


def test_the_compiled_catalogue_says_the_same(entries):
    compiled = {(one.msgctxt, one.msgid): one for one in polib.mofile(str(CATALOGUE.with_suffix(".mo")))}
    assert [
        one.msgid
        for one in entries
        if texts(compiled.get((one.msgctxt, one.msgid), polib.POEntry())) != texts(one)
    ] == []
