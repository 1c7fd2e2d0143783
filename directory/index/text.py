"""Full-text search: from words to positions, forgiving accents, endings and typing mistakes."""

from __future__ import annotations

import difflib
import re
from array import array
from dataclasses import dataclass

from django.db import connection
from pyroaring import BitMap

from accounts.audience import Audience
from core.text import plain

from .bitmaps import Index
from .kept import Found

#: Hits read at most: a search for a more common word then says « plus de ». Far above what a directory holds,
#: since the other filters apply to what was read: a lower cut would lose results of theirs.
HITS_CAP = 1_000_000
#: Results ranked by relevance; the ones after keep the order of the day.
RANKED_CAP = 200
#: Below so few exact hits, look-alike names are added.
FEW = 10

HITS = "SELECT directory_hits(%s, %s, %s)"
STILL_HITS = """
SELECT position FROM directory_listingtext WHERE position = ANY(%s) AND {column} @@ to_tsquery('fr', %s)
"""
RANKED = """
SELECT position FROM directory_listingtext WHERE position = ANY(%s)
 ORDER BY ts_rank({column}, to_tsquery('fr', %s)) DESC, position
"""
LOOK_ALIKES = """
SELECT position FROM directory_listing WHERE sort_key %%> %s AND audience <= %s
 ORDER BY word_similarity(%s, sort_key) DESC, position LIMIT %s
"""
ALIKE_CAP = 200


@dataclass(frozen=True)
class Hits:
    """What a text search found. `corrected` is the text searched instead, when the one typed gave nothing.

    `unsearchable` tells that nothing was found because every word typed is too short or too common.
    """

    positions: BitMap
    query: str
    capped: bool = False
    corrected: str = ""
    unsearchable: bool = False


def search(index: Index, text: str, clearance: Audience) -> Hits:
    """Find `text` among the words open to `clearance`: every word, the last one also as a beginning."""
    hits = _hits(index, to_query(text), clearance)
    corrected = ""
    if not hits.positions:
        corrected = correct(index, text)
        if corrected:
            hits = _hits(index, to_query(corrected), clearance)
    if len(hits.positions) < FEW and len(plain(text)) > 2:
        with connection.cursor() as cursor:
            cursor.execute(LOOK_ALIKES, [plain(text), int(clearance), plain(text), ALIKE_CAP])
            alike = BitMap(row[0] for row in cursor.fetchall())
        if alike:
            return Hits(hits.positions | alike, hits.query, corrected=corrected if hits.positions else "")
    if not hits.positions:
        return Hits(hits.positions, hits.query, unsearchable=_is_empty(hits.query))
    return Hits(hits.positions, hits.query, hits.capped, corrected)


def rank(positions: list[int], query: str, clearance: Audience) -> list[int]:
    """These positions, the most relevant first."""
    with connection.cursor() as cursor:
        cursor.execute(RANKED.format(column=_column(clearance)), [positions, query])
        return [row[0] for row in cursor.fetchall()]


def to_query(text: str) -> str:
    """A tsquery for `text`: only its letters and digits count, so nothing typed can be malformed."""
    words = re.findall(r"\w+", text.lower())[:12]
    if words and len(words[-1]) > 2:
        words[-1] = f"({words[-1]} | {words[-1]}:*)"
    return " & ".join(words)


def correct(index: Index, text: str) -> str:
    """`text` with each unknown word replaced by the nearest known one; empty if none is near."""
    known = _known_words(index)
    words = plain(text).split()
    nearest = [
        word if word in known else next(iter(difflib.get_close_matches(word, known, 1, 0.78)), word)
        for word in words
    ]
    return " ".join(nearest) if nearest != words else ""


def _known_words(index: Index) -> set[str]:
    """The words of the vocabularies: they belong to nobody, so suggesting one reveals nothing."""
    texts = (text for term in index.terms.values() for text in (term.name, *term.synonyms))
    return {word for text in texts for word in plain(text).split() if len(word) > 3}


def _hits(index: Index, query: str, clearance: Audience) -> Hits:
    if not query:
        return Hits(BitMap(), "")
    # Read before asking: what changes meanwhile is looked at again next time.
    column, last_change = _column(clearance), index.last_change
    kept = index.hits.get(query, column)
    changed = index.changed_since(kept.last_change) if kept else None
    if changed is None:
        found = _look_up(query, column, last_change)
    elif changed:
        found = _follow(kept, changed, query, column, last_change)
    else:
        found = kept
    if found is not kept:
        index.hits.keep(query, column, found)
    return Hits(found.positions, query, found.capped)


def _look_up(query: str, column: str, last_change: int) -> Found:
    with connection.cursor() as cursor:
        cursor.execute(HITS, [column, query, HITS_CAP])
        packed = cursor.fetchone()[0]
    positions = array("I")
    positions.frombytes(packed or b"")
    positions.byteswap()  # int4send writes in network order
    return Found(BitMap(positions), last_change, len(positions) >= HITS_CAP)


def _follow(kept: Found, changed: list[int], query: str, column: str, last_change: int) -> Found:
    """The hits kept, less what changed, with what of it is a hit now."""
    with connection.cursor() as cursor:
        cursor.execute(STILL_HITS.format(column=column), [changed, query])
        still = BitMap(row[0] for row in cursor.fetchall())
    return Found((kept.positions - BitMap(changed)) | still, last_change, kept.capped)


def _is_empty(query: str) -> bool:
    """Whether nothing is left of `query` once the words that every text holds are taken away."""
    if not query:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT numnode(to_tsquery('fr', %s)) = 0", [query])
        return cursor.fetchone()[0]


def _column(clearance: Audience) -> str:
    return "everyone" if clearance == Audience.EVERYONE else "members"
