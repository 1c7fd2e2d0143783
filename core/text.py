"""The plain form of a text, the same in Python as `fr_sort_key` in the database."""

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "’": "'"}
)


def plain(text: str) -> str:
    """Lower case, without accents, every run of anything but letters and digits as one space."""
    folded = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", " ", letters.lower()).strip()
