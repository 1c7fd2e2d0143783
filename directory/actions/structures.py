"""Changes to a structure's page."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from moderation.models import Status
from moderation.workflow import Impossible
from territories.models import Territory

from ..models import Structure, Term

#: Drafts one person may have under way.
MOST_DRAFTS = 10
#: What stands in addresses where the name of a structure would.
TAKEN_WORDS = frozenset({"nouvelle", "semblables", "invitations", "propositions", "appartenances"})


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


@transaction.atomic
def start_structure(*, by: User, **fields: object) -> Structure:
    """Begin the page of a structure, as a draft that its author keeps: same fields as `create_structure`.

    Raises Impossible when she has too many drafts under way.
    """
    User.objects.select_for_update().get(pk=by.pk)
    if by.structures.filter(status=Status.DRAFT).count() >= MOST_DRAFTS:
        raise Impossible(
            _("Vous avez déjà %(count)d structures en brouillon : terminez-en une, ou effacez-la.")
            % {"count": MOST_DRAFTS}
        )
    return create_structure(referents=[by], **fields)


def _free_slug(base: str) -> str:
    taken = TAKEN_WORDS | set(Structure.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (base, *numbered) if slug not in taken)
