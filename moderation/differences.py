"""What an edit changes, field by field, for the eyes of one moderator."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User

from .models import Revision
from .registry import kind_of

#: A longer text is shown whole, before and after, without marking its words.
MARKED_UP_TO = 4_000


@dataclass(frozen=True)
class Piece:
    """Some words, and whether they were kept, taken out or added."""

    text: str
    change: str = ""


@dataclass(frozen=True)
class Difference:
    """One field that changes. A field that this moderator may not read is only named."""

    label: str
    before: list[Piece]
    after: list[Piece]
    is_private: bool = False


def differences(revision: Revision, reader: User) -> list[Difference]:
    """Each field an edit changes, its words before and after."""
    item = revision.target
    kind = kind_of(item)
    now = kind.read(item)
    readable = kind.readable(item, reader) if kind.readable else set(revision.changes)
    return [
        _difference(str(label), kind.show(name, now.get(name)), kind.show(name, revision.changes[name]))
        if name in readable
        else Difference(str(label), [], [], is_private=True)
        for name, label in kind.labels.items()
        if name in revision.changes
    ]


def _difference(label: str, before: str, after: str) -> Difference:
    if max(len(before), len(after)) > MARKED_UP_TO:
        return Difference(label, [Piece(before, "removed")], [Piece(after, "added")])
    old, new = _words(before), _words(after)
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return Difference(
        label,
        list(_pieces((old[a:b], "" if kind == "equal" else "removed") for kind, a, b, _c, _d in steps)),
        list(_pieces((new[c:d], "" if kind == "equal" else "added") for kind, _a, _b, c, d in steps)),
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\S+|\s+", text)


def _pieces(parts: Iterable[tuple[list[str], str]]) -> Iterable[Piece]:
    return (Piece("".join(words), change) for words, change in parts if words)
