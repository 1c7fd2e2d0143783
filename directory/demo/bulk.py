"""Pieces from which the bench fabricates many invented people without composing each one."""

import random
from dataclasses import dataclass

from directory.demo.files import table
from directory.demo.prose import agree

COMMON_WORD = "ensemble"


@dataclass(frozen=True, slots=True)
class BulkFragments:
    """Lists to draw from.

    COMMON_WORD is in 40 % of `presentations` and nowhere else: giving each row one headline and one
    presentation makes it match 40 % of the rows. `rare_surnames` share no word with `surnames`.
    """

    headlines: tuple[str, ...]
    presentations: tuple[str, ...]
    first_names: tuple[str, ...]
    surnames: tuple[str, ...]
    rare_surnames: tuple[str, ...]


def bulk_fragments() -> BulkFragments:
    """The same lists at every call. No sentence names a health theme, none needs agreement with a person."""
    bulk, names, pools = table("bulk"), table("names"), table("fragments")
    together = bulk["together"]
    others = [text for text in _neutral(pools) if COMMON_WORD not in text.lower()]
    return BulkFragments(
        headlines=tuple(_headlines(pools)),
        presentations=(*together, *others[: len(together) * 3 // 2]),
        first_names=(*names["feminine"], *names["masculine"]),
        surnames=tuple(start + end for start in names["surname_starts"] for end in names["surname_ends"]),
        rare_surnames=tuple(start + end for start in bulk["rare_starts"] for end in bulk["rare_ends"]),
    )


def _neutral(pools: dict) -> list[str]:
    """Sentences of the shared pools that have no mark left to resolve, in a fixed mixed order."""
    texts = [
        text
        for part in ("middle", "closing", "training", "needs")
        for side in ("usager", "professionnel")
        for text in pools[part][side]
    ]
    texts += [text for domain in pools["engagements"].values() for text in domain]
    neutral = [text for text in texts if "[" not in text and "{" not in text]
    return random.Random(1).sample(neutral, len(neutral))


def _headlines(pools: dict) -> list[str]:
    """One headline for each pair of a role and a turn of its side, a part of them."""
    roles = table("texts")["roles"]
    tails = [tail for side in ("usager", "professionnel") for tail in pools["headline"][side]]
    tails = [tail for tail in tails if COMMON_WORD not in tail]
    titles = [agree(role["title"], feminine=True) for role in roles.values()]
    return [
        f"{title}, {tails[(3 * row + step) % len(tails)]}"
        for row, title in enumerate(titles)
        for step in range(3)
    ]
