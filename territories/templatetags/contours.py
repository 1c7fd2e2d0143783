"""Drawings of territories in a page: an outline, or a map whose parts are links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django import template

from ..drawing import Drawing, Shape, drawing_of
from ..models import Territory

register = template.Library()

#: Width of a letter and height of a line, in the units of a drawing.
LETTER, LINE = 8.4, 17
#: Shades of a part: more would not be told apart.
SHADES = 4


@dataclass(frozen=True)
class Line:
    """A line of text in a drawing."""

    x: int
    y: int
    text: str
    is_count: bool = False


@dataclass(frozen=True)
class Part:
    """A territory of the drawn one, with how many are in it and a shade that grows with them."""

    shape: Shape
    total: int
    shade: int

    @property
    def lines(self) -> list[Line]:
        """Its name where it fits, on two lines if need be, over its count; nothing that would overflow."""
        label = self.shape.label
        words = next((words for words in _cut(self.shape.name) if _fits(words, label.width)), [])
        texts = [*words, str(self.total)] if _fits([str(self.total)], label.width) else words
        height = LINE * (len(texts) - 1)
        top = min(label.y - height / 2 + LINE / 3, label.high - height - LINE)
        return [
            Line(label.x, round(top + LINE * rank), text, is_count=rank == len(words))
            for rank, text in enumerate(texts)
        ]


def _cut(name: str) -> Iterator[list[str]]:
    """A name whole, then on two lines, the most even first."""
    yield [name]
    cuts = [place.end() for place in re.finditer(r"[ -]", name)]
    for cut in sorted(cuts, key=lambda cut: abs(2 * cut - len(name))):
        yield [name[:cut].strip(), name[cut:]]


def _fits(words: list[str], width: int) -> bool:
    return max(len(word) for word in words) * LETTER < width


@register.inclusion_tag("territories/_outline.html")
def territory_outline(place: Territory, title: str) -> dict[str, object]:
    """The shape of a territory, read as `title`; nothing where it is not known."""
    return {"drawing": drawing_of(place), "title": title, "place": place}


@register.inclusion_tag("territories/_parts_map.html")
def parts_map(place: Territory, totals: Mapping[str, int]) -> dict[str, object]:
    """A map whose parts lead to their pages. `totals`: how many there are, by reference of territory.

    It repeats a list that stands beside it, so it is silent and out of the tab order.
    """
    drawing = drawing_of(place)
    return {"drawing": drawing, "parts": _parts(drawing, totals) if drawing else [], "ref": place.ref}


def _parts(drawing: Drawing, totals: Mapping[str, int]) -> list[Part]:
    ranked = sorted(total for total in totals.values() if total)
    return [_part(shape, totals.get(shape.ref, 0), ranked) for shape in drawing.shapes]


def _part(shape: Shape, total: int, ranked: list[int]) -> Part:
    # By rank: one large town must not leave all the others equally pale.
    return Part(shape, total, shade=1 + SHADES * ranked.index(total) // len(ranked) if total else 0)
