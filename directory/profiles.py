"""What the page of a person or of a structure says, for this viewer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.text import plain
from moderation.freshness import is_faded
from territories.models import Territory

from .listed import listed_kinds
from .listings import mark_of
from .models import Actor, ActorTerm, Membership, Structure, Term, Vocabulary

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

#: People or structures named on one page.
TIES_SHOWN = 100
CONTACTS = ("website", "email", "phone")


@dataclass(frozen=True)
class OptionalField:
    """A field that its owner may show or not."""

    name: str
    label: str
    value: str
    audience: str


@dataclass(frozen=True)
class Tie:
    """Someone of a structure, or a structure of someone."""

    page: Actor | Structure
    mark: str
    function: str


def actor_page(
    actor: Actor, viewer: User | AnonymousUser, edit: Mapping[str, object] | None = None
) -> dict[str, object]:
    """The words of the page of `actor` that `viewer` may read; as they will be, with an edit that waits.

    `edit` holds values as `contributions.read_actor` writes them; they are put on `actor`, not saved.
    """
    edit = edit or {}
    _put_on(actor, edit)
    actor_terms = _terms_of(actor, edit)
    terms = [one.term for one in actor_terms]
    fields = [_optional_field(actor, name) for name in actor.fields_for(viewer)]
    is_mine = viewer.is_authenticated and actor.user_id == viewer.pk
    return {
        "actor": actor,
        "viewer": viewer,
        "trail": [(_("Acteurs"), reverse("actors"))],
        "mark": mark_of(terms),
        "roles": [one for one in actor_terms if one.term.vocabulary == "role"],
        "terms": by_vocabulary(terms),
        "themes": actor.themes_for(viewer),
        "texts": [field for field in fields if field.name not in CONTACTS],
        "contacts": [field for field in fields if field.name in CONTACTS],
        "zones": list(_zones_of(actor, edit).order_by("-level", "sort_key")),
        "structures": _structures_of(actor, viewer),
        "is_mine": is_mine,
        "is_faded": is_faded(actor),
    }


def _put_on(actor: Actor, edit: Mapping[str, object]) -> None:
    for name, value in edit.items():
        if name == "commune":
            actor.commune_id = value
        elif name not in ("terms", "zones"):
            setattr(actor, name, value)


def _terms_of(actor: Actor, edit: Mapping[str, object]) -> list[ActorTerm]:
    if "terms" not in edit:
        return list(actor.actor_terms.select_related("term"))
    years = {int(term): since for term, since in edit["terms"].items()}
    found = Term.objects.filter(pk__in=years).order_by("rank")
    return [ActorTerm(actor=actor, term=term, since=years[term.pk]) for term in found]


def _zones_of(actor: Actor, edit: Mapping[str, object]) -> QuerySet[Territory]:
    return Territory.objects.filter(pk__in=edit["zones"]) if "zones" in edit else actor.zones.all()


def structure_page(structure: Structure, viewer: User | AnonymousUser) -> dict[str, object]:
    """The words of the page of `structure`; of its people, only those listed to `viewer`."""
    people = _people_of(structure, viewer)
    referents = set(structure.referents.values_list("pk", flat=True))
    return {
        "structure": structure,
        "trail": [(_("Structures"), reverse("structures"))],
        "terms": by_vocabulary(structure.terms.order_by("rank")),
        "themes": list(structure.themes.order_by("rank")),
        "zones": list(structure.zones.order_by("-level", "sort_key")),
        "people": people[:TIES_SHOWN],
        "people_are_more": len(people) > TIES_SHOWN,
        "is_mine": viewer.pk in referents,
        "can_edit": viewer.pk in referents or (viewer.is_authenticated and viewer.is_team),
        "is_kept": bool(referents),
        # Someone answers for it, and it is not oneself.
        "is_reachable": bool(referents) and viewer.pk not in referents,
        "own_tie": structure.memberships.filter(actor__user=viewer).first()
        if viewer.is_authenticated
        else None,
        "has_page": viewer.is_authenticated and Actor.objects.filter(user=viewer).exists(),
    }


def by_vocabulary(terms: list[Term] | QuerySet[Term]) -> dict[str, list[Term]]:
    """The terms under the name of their vocabulary, every vocabulary there, empty or not."""
    found: dict[str, list[Term]] = {vocabulary.value: [] for vocabulary in Vocabulary}
    for term in terms:
        found[term.vocabulary].append(term)
    return found


def back_to_results(request: HttpRequest, fallback: str) -> str:
    """The list or the map one comes from with its filters, else the whole list called `fallback`."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return reverse(fallback)
    lists = {reverse(name) for name in ("map", *(listed.list_route for listed in listed_kinds()))}
    if came_from.netloc == request.get_host() and came_from.path in lists:
        return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    return reverse(fallback)


def _optional_field(actor: Actor, name: str) -> OptionalField:
    label = str(actor._meta.get_field(name).verbose_name)
    return OptionalField(
        name, label[:1].upper() + label[1:], getattr(actor, name), str(actor.audience_of(name).label)
    )


def _structures_of(actor: Actor, viewer: User | AnonymousUser) -> list[Tie]:
    ties = Membership.objects.visible_to(viewer).filter(actor=actor)
    ties = ties.select_related("structure__category", "structure__commune")
    found = [Tie(tie.structure, "structure", tie.function) for tie in ties[:TIES_SHOWN]]
    return sorted(found, key=lambda tie: plain(tie.page.name))


def _people_of(structure: Structure, viewer: User | AnonymousUser) -> list[Tie]:
    ties = Membership.objects.visible_to(viewer).filter(structure=structure)
    ties = ties.select_related("actor").prefetch_related("actor__actor_terms__term").order_by("pk")
    found = [
        Tie(tie.actor, mark_of(one.term for one in tie.actor.actor_terms.all()), tie.function)
        for tie in ties[: TIES_SHOWN + 1]
    ]
    return sorted(found, key=lambda tie: plain(str(tie.page)))
