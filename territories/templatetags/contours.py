"""Drawings of territories in a page: an outline, or a map whose parts are links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import template

from ..drawing import Drawing, Label, Shape, drawing_of
from ..models import Territory

register = template.Library()

#: Width of a letter of a label, in the units of a drawing.
LETTER = 8.2
#: The tallest part of the choices of shade: more would not be told apart.
SHADES = 4


@dataclass(frozen=True)
class Part:
    """A territory of the drawn one, with its two figures and a shade that grows with them."""

    shape: Shape
    people: int
    structures: int
    shade: int

    @property
    def label(self) -> Label:
        return self.shape.label

    @property
    def word(self) -> str:
        """The name where it fits; nothing where it would cover its neighbours."""
        return self.shape.name if len(self.shape.name) * LETTER < self.label.width + LETTER else ""


@register.inclusion_tag("territories/_outline.html")
def territory_outline(place: Territory, title: str) -> dict[str, object]:
    """The shape of a territory, read as `title`; nothing where it is not known."""
    return {"drawing": drawing_of(place), "title": title, "ref": place.ref}


@register.inclusion_tag("territories/_parts_map.html")
def parts_map(place: Territory, figures: Mapping[str, tuple[int, int]]) -> dict[str, object]:
    """A map whose parts lead to their pages. `figures`: people and structures by reference of territory.

    It repeats a list that stands beside it, so it is silent and out of the tab order.
    """
    drawing = drawing_of(place)
    return {"drawing": drawing, "parts": _parts(drawing, figures) if drawing else [], "ref": place.ref}


def _parts(drawing: Drawing, figures: Mapping[str, tuple[int, int]]) -> list[Part]:
    most = max((sum(pair) for pair in figures.values()), default=0)
    return [_part(shape, *figures.get(shape.ref, (0, 0)), most) for shape in drawing.shapes]


def _part(shape: Shape, people: int, structures: int, most: int) -> Part:
    total = people + structures
    shade = min(SHADES, 1 + SHADES * total // (most + 1)) if total else 0
    return Part(shape, people, structures, shade)
