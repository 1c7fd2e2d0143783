"""Changes to a structure's page."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from territories.models import Territory

from ..models import Structure, Term


@transaction.atomic
def create_structure(
    *,
    name: str,
    category: Term,
    commune: Territory,
    terms: Iterable[Term] = (),
    themes: Iterable[Term] = (),
    zones: Iterable[Territory] = (),
    referents: Iterable[User] = (),
    slug: str = "",
    **fields: str | float | None,
) -> Structure:
    """Make a structure's page, as a draft. Its address is its name, numbered where another has it."""
    structure = Structure(name=name, category=category, commune=commune, **fields)
    structure.slug = _free_slug(slug or slugify(name)[:110] or "structure")
    structure.full_clean(exclude=["slug"])
    structure.save()
    structure.terms.set(terms)
    structure.themes.set(themes)
    structure.zones.set(zones)
    structure.referents.set(referents)
    return structure


def _free_slug(base: str) -> str:
    taken = set(Structure.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (base, *numbered) if slug not in taken)
