"""How the name of a place is compared: one rule for what is stored and for what is typed."""

import re

from core.text import plain

ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
ARTICLES = r"(?:(?:le|la|les|l|du|de la|des|de l|de|d) )*"

# What people may or may not say before the name itself.
GENERIC = {
    "epci": "communaute de communes|communaute d agglomeration|communaute urbaine|comcom|agglo|cc|ca|cu",
    "dep": "departement",
    "reg": "region",
}
PREFIX = re.compile("|".join(rf"(?P<{level}>^(?:{words})\b ?{ARTICLES})" for level, words in GENERIC.items()))
LEADING_ARTICLE = re.compile(r"^(?:le|la|les|l) (?=.)")

#: A département code, a postal code or an INSEE code lost among words: "tarascon (09)", "09200 st girons".
NUMBER = re.compile(r"(?:^|\s)(\d{2,5}|2[ab]\d{0,3})(?=\s|$)")


def normalise(text: str) -> str:
    """Lower case, no accent, no hyphen, no apostrophe, "saint" in full, single spaces."""
    return " ".join(ABBREVIATIONS.get(word, word) for word in plain(text).split())


def split_generic(normal: str) -> tuple[str, str | None]:
    """("cc de la haute ariege") → ("haute ariege", "epci"): the name alone, and the level the words imply.

    A name made of the generic words alone is kept whole, and implies nothing.
    """
    if (found := PREFIX.match(normal)) and (rest := normal[found.end() :]):
        return rest, found.lastgroup
    return LEADING_ARTICLE.sub("", normal), None


def search_key(name: str, level: str) -> str:
    """What `Territory.search_key` holds. Only an official name loses its generic words."""
    normal = normalise(name)
    bare, implied = split_generic(normal)
    return bare if implied in (None, level) else normal


def likeness(key: str) -> float:
    """The share of groups of three letters a name must have in common with `key` to be looked at.

    A name of n letters where two neighbours are swapped keeps n - 3 groups of n + 5; a little less is asked.
    Short names need a low share to be found at all, long ones a high one to be found fast.
    """
    return min(0.45, max(0.25, (len(key) - 3) / (len(key) + 5) - 0.05))


def slips_between(typed: str, name: str) -> int:
    """How many letters were added, forgotten, changed or swapped; an unfinished name is no slip."""
    return min(_distance(typed, name), _distance(typed, name[: len(typed)]))


def _distance(a: str, b: str) -> int:
    """Optimal string alignment distance."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]
