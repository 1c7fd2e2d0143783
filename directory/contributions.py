"""The pages of the directory as contributions: what authors edit, how an edit is read and written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.audience import Audience
from accounts.models import User
from moderation.models import Rule
from moderation.registry import Kind, name_people_with, register
from moderation.workflow import Impossible
from territories.models import Territory

from . import listings
from .actions.duplicates import propose_duplicates
from .models import Actor, ActorTerm, Charter, Origin, Structure, Term, Vocabulary
from .profiles import actor_page, structure_page
from .ways_in import came_by

ACTOR_TEXTS = (
    "first_name",
    "last_name",
    "pseudonym",
    "name_style",
    "headline",
    "presentation",
    "offers",
    "needs",
    "experience",
    "training",
    "engagements",
    "interests",
    "website",
    "email",
    "phone",
)
STRUCTURE_TEXTS = (
    "name",
    "acronym",
    "description",
    "certification",
    "address",
    "postal_code",
    "website",
    "email",
    "phone",
    "finess",
    "siret",
    "rna",
)
STRUCTURE_PLACES = ("lat", "lon")
#: Who it is, how it is reached, what it claims: looked at whoever changes it.
SENSITIVE = frozenset(
    {"name", "acronym", "category", "certification", "website", "email", "phone", "finess", "siret", "rna"}
)


def read_actor(actor: Actor) -> dict[str, object]:
    """What a person edits of her page, as plain JSON. Terms are {pk: year or None}, keys as text."""
    terms = actor.actor_terms.order_by("term_id").values_list("term_id", "since")
    return {
        **{name: getattr(actor, name) for name in ACTOR_TEXTS},
        "commune": actor.commune_id,
        "zones": sorted(actor.zones.values_list("pk", flat=True)),
        "terms": {str(term): since for term, since in terms},
    }


def write_actor(actor: Actor, changes: Mapping[str, object]) -> None:
    """Set what `changes` holds and refresh what depends on it.

    The address of a page follows the name shown on it, and never tells more: the earlier one is gone.
    """
    shown = actor.display_name
    plain = {name: changes[name] for name in ACTOR_TEXTS if name in changes}
    for name, value in plain.items():
        setattr(actor, name, value)
    if "commune" in changes:
        actor.commune_id = changes["commune"]
    if not actor.slug or actor.display_name != shown:
        actor.slug = actor.fresh_slug()
    actor.save()
    if "zones" in changes:
        actor.zones.set(changes["zones"])
    if "terms" in changes:
        wanted = {int(term): since for term, since in changes["terms"].items()}
        actor.actor_terms.exclude(term_id__in=wanted).delete()
        ActorTerm.objects.bulk_create(
            [ActorTerm(actor=actor, term_id=term, since=since) for term, since in wanted.items()],
            update_conflicts=True,
            unique_fields=["actor", "term"],
            update_fields=["since"],
        )
    listings.refresh(actor)


def read_structure(structure: Structure) -> dict[str, object]:
    """What referents edit of a structure, as plain JSON."""
    return {
        **{name: getattr(structure, name) for name in (*STRUCTURE_TEXTS, *STRUCTURE_PLACES)},
        "category": structure.category_id,
        "commune": structure.commune_id,
        "zones": sorted(structure.zones.values_list("pk", flat=True)),
        "terms": sorted(structure.terms.values_list("pk", flat=True)),
        "themes": sorted(structure.themes.values_list("pk", flat=True)),
    }


def write_structure(structure: Structure, changes: Mapping[str, object]) -> None:
    """Set what `changes` holds and refresh what depends on it."""
    for name in (*STRUCTURE_TEXTS, *STRUCTURE_PLACES):
        if name in changes:
            setattr(structure, name, changes[name])
    for name in ("category", "commune"):
        if name in changes:
            setattr(structure, f"{name}_id", changes[name])
    structure.save()
    for name in ("zones", "terms", "themes"):
        if name in changes:
            getattr(structure, name).set(changes[name])
    structure_changed(structure)


def structure_changed(structure: Structure) -> None:
    """Bring the lists up to date, and look for another page of the same structure."""
    listings.refresh(structure)
    propose_duplicates(structure)


def passes_for_another(structure: Structure, changes: Mapping[str, object]) -> Rule | None:
    """The rule that holds a new name which the eye takes for that of another structure."""
    if structure.published_at and "name" not in changes:
        return None
    others = Structure.objects.published().exclude(pk=structure.pk)
    return Rule.ALIKE if others.read_like(str(changes.get("name", structure.name))).exists() else None


def show(name: str, value: object) -> str:
    """A value as a difference shows it: words for terms and places, the text itself for the rest."""
    if name == "terms" and isinstance(value, dict):
        years = {int(term): since for term, since in value.items()}
        found = Term.objects.filter(pk__in=years).order_by("vocabulary", "rank")
        return ", ".join(
            f"{term.label} ({years[term.pk]})" if years[term.pk] else term.label for term in found
        )
    if name in ("terms", "themes"):
        return _labels(Term.objects.filter(pk__in=value or []).order_by("vocabulary", "rank"))
    if name == "category":
        return _labels(Term.objects.filter(pk=value))
    if name == "zones":
        return _labels(Territory.objects.filter(pk__in=value or []).order_by("-level", "sort_key"))
    if name == "commune":
        return _labels(Territory.objects.filter(pk=value))
    if name == "name_style":
        return str(Actor.NameStyle(value).label) if value in Actor.NameStyle.values else ""
    return "" if value is None else str(value)


def places_of(page: Actor | Structure) -> list[int]:
    """The territories a page lies in, its commune included."""
    if page.commune is None:
        return []
    covering = Territory.objects.covering(page.commune).values_list("pk", flat=True)
    return [page.commune_id, *covering]


def readable_of_actor(actor: Actor, reader: User) -> set[str]:
    """The fields of a person's page that a moderator may read: no narrower circle than hers, and of names
    only what others will see.
    """
    clearance = Audience.clearance(reader)
    fields = {*ACTOR_TEXTS, "commune", "zones", "terms"}
    kept = {name for name in Actor.DEFAULT_AUDIENCES if actor.audience_of(name) > clearance}
    if actor.name_style == Actor.NameStyle.PSEUDONYM:
        kept |= {"first_name", "last_name"}
    return fields - kept


def preview_actor(actor: Actor, request: HttpRequest) -> str:
    """A person's page as its readers of the circle of whoever asks will see it."""
    return render_to_string(
        "directory/actor.html#article",
        actor_page(actor, request.user) | {"back": "", "is_preview": True},
        request,
    )


def preview_structure(structure: Structure, request: HttpRequest) -> str:
    """A structure's page as its readers will see it."""
    return render_to_string(
        "directory/structure.html#article",
        structure_page(structure, request.user) | {"back": "", "is_preview": True},
        request,
    )


def names_of_people(people: Iterable[int]) -> dict[int, str]:
    """The names under which accounts show themselves, for those who have a page."""
    return {actor.user_id: actor.display_name for actor in Actor.objects.filter(user__in=people)}


def check_actor(actor: Actor, by: User) -> None:
    """Raise Impossible, with words for the person, when her page lacks what everyone gives."""
    # Held until the page is sent: no other version comes into force meanwhile.
    charter = Charter.objects.select_for_update(of=("self",), no_key=True).filter(
        pk=getattr(Charter.objects.in_force(), "pk", None)
    )
    if actor.commune is None:
        raise Impossible(_now("Il manque votre commune : c’est elle qui vous situe sur la carte."))
    if not actor.actor_terms.filter(term__vocabulary=Vocabulary.ROLE).exists():
        raise Impossible(_now("Il manque votre rôle : cochez-en au moins un."))
    if charter and Charter.objects.to_sign(actor.user):
        raise Impossible(_now("Il reste à signer la charte d’engagement."))


def forget_draft_of_actor(actor: Actor) -> None:
    """Delete a page; and the account that the team made with it, for someone who never came."""
    made_for_it = actor.origin == Origin.TEAM and actor.user.last_login is None
    (actor.user if made_for_it else actor).delete()


def register_kinds() -> None:
    """Tell the kernel of the two kinds of pages, and how people are called."""
    name_people_with(names_of_people)
    register(
        Kind(
            model=Actor,
            slug="acteur",
            label=_("page d’une personne"),
            subject=lambda actor: actor.user,
            owners=lambda actor: [actor.user],
            places=places_of,
            changed=listings.refresh,
            read=read_actor,
            write=write_actor,
            labels=_labels_of(Actor, (*ACTOR_TEXTS, "commune", "zones", "terms")),
            show=show,
            shown_by=lambda user: Actor.objects.filter(user=user),
            readable=readable_of_actor,
            came_by=came_by,
            preview=preview_actor,
            check=check_actor,
            forget_draft=forget_draft_of_actor,
            edit_link=lambda actor: reverse("my_page"),
        )
    )
    register(
        Kind(
            model=Structure,
            slug="structure",
            label=_("page d’une structure"),
            owners=_referents,
            places=places_of,
            changed=structure_changed,
            read=read_structure,
            write=write_structure,
            labels=_labels_of(
                Structure,
                (*STRUCTURE_TEXTS, *STRUCTURE_PLACES, "category", "commune", "zones", "terms", "themes"),
            ),
            show=show,
            preview=preview_structure,
            sensitive=SENSITIVE,
            doubt=passes_for_another,
            edit_link=attrgetter("edit_url"),
        )
    )


def _referents(structure: Structure) -> Iterable[User]:
    return structure.referents.filter(is_active=True)


def _labels(found: Iterable[Term | Territory]) -> str:
    return ", ".join(map(attrgetter("label"), found))


def _labels_of(model: type[Actor | Structure], names: Iterable[str]) -> dict[str, object]:
    return {name: model._meta.get_field(name).verbose_name for name in names}
