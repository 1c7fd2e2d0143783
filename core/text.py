"""Texts in other forms: plain, the same in Python as `fr_sort_key` in the database; in a spreadsheet."""

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "’": "'"}
)
#: What a spreadsheet would take for a formula; the full-width forms too, which some convert.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def plain(text: str) -> str:
    """Lower case, without accents, every run of anything but letters and digits as one space."""
    folded = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", " ", letters.lower()).strip()


def seen(text: str) -> str:
    """One line of what is seen of `text`: without the characters that have no shape, which make of one name
    the double of another, hide it, or turn round what follows."""
    return " ".join("".join(char for char in text if unicodedata.category(char) != "Cf").split())


def as_cell(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
