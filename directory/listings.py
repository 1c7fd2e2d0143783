"""Keeping the listing in step with the pages: one document per published page, rebuilt whole each time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.audience import Audience
from moderation.models import Publishable, Status

from .listed import Counted, Listed, Words, listed_as, register
from .models import Actor, Listing, ListingChange, Structure, Term, Vocabulary
from .models.terms import Side

if TYPE_CHECKING:
    from .pages import Card

#: Roles named on a card.
ROLES_SHOWN = 2
#: How long a change stays in the journal.
KEPT_CHANGES = datetime.timedelta(days=1)

#: Taken by whoever writes the journal, so that its numbers follow the order of the commits.
JOURNAL_LOCK = 8_421_077

# An odd multiplier makes the sequence a shuffle of each group of positions without ever drawing one twice;
# this one, near 2**16 divided by the golden ratio, also spreads neighbours far apart.
NEXT_POSITIONS = """
SELECT (drawn & ~65535) | ((drawn * 40503) & 65535)
  FROM (SELECT nextval('directory_listing_positions') AS drawn FROM generate_series(1, %s)) AS sequence
"""

WRITE_TEXT = """
INSERT INTO directory_listingtext (listing_id, position, everyone, members)
VALUES (%(listing)s, %(position)s, {everyone}, {members})
ON CONFLICT (listing_id) DO UPDATE SET everyone = excluded.everyone, members = excluded.members
"""
VECTOR = (
    "setweight(to_tsvector('fr', %({circle}_a)s), 'A') || setweight(to_tsvector('fr', %({circle}_b)s), 'B')"
    " || setweight(to_tsvector('fr', %({circle}_c)s), 'C')"
)


@transaction.atomic
def refresh(page: Publishable) -> None:
    """Write the listing of `page` as it now is, or remove it when nobody else may see it."""
    kind = listed_as(page).slug
    known = Listing.objects.filter(kind=kind, object_id=page.pk).first()
    if page.status != Status.PUBLISHED or getattr(page, "audience", Audience.EVERYONE) >= Audience.ME:
        if known:
            known.delete()  # journaled by the database, as every deletion is
        return
    listing = known or Listing(kind=kind, object_id=page.pk, position=_next_position())
    terms, themes = list(page.terms.order_by("rank", "pk")), list(page.themes.order_by("rank", "pk"))
    words = describe(page, listing, terms, themes)
    listing.zones = list(page.zones.values_list("pk", flat=True))
    listing.save()
    _write_text(listing, words)
    _journal(listing.position)


def everything_changed() -> None:
    """Tell every process to read the vocabularies and the listing anew."""
    _journal(ListingChange.EVERYTHING)


def describe(
    page: Publishable, listing: Listing, terms: list[Term], themes: list[Term]
) -> dict[Audience, Words]:
    """Fill `listing` from `page` and its terms, zones apart; return the words that find it, by circle.

    Asks nothing of the database.
    """
    listing.slug, listing.name = page.slug, str(page)
    listing.commune_id = page.commune_id
    listing.published_at, listing.confirmed_at = page.published_at, page.confirmed_at
    return listed_as(page).describe(page, listing, terms, themes)


def forget_old_changes() -> int:
    """Drop the changes of more than a day ago, but always keep the last: it says how far the journal goes.

    A process that slept longer than that reads everything anew. Returns how many were dropped.
    """
    last = ListingChange.objects.order_by("-pk").values("pk")[:1]
    old = ListingChange.objects.filter(changed_at__lt=timezone.now() - KEPT_CHANGES)
    return old.exclude(pk__in=last).delete()[0]


def register_listed() -> None:
    """Tell the lists of the two kinds of pages of this app."""
    register(
        Listed(
            model=Actor,
            slug=Listing.ACTOR,
            label=_("Acteurs"),
            route="actor",
            list_route="actors",
            export_route="actors_export",
            filters=(
                *("role", "domaine", "theme", "competence", "public"),
                *("disponibilite", "reconnaissance", "langue"),
            ),
            kicker=_roles_in_words,
            describe=_describe_actor,
            counted=Counted(
                none=_("Aucune personne"),
                some=lambda total: ngettext("%(shown)s personne", "%(shown)s personnes", total),
                more_than=_("Plus de %(shown)s personnes"),
            ),
            search_label=_("Chercher des personnes"),
            search_hint=_("nom, thème, savoir-faire…"),
            has_circles=True,
        )
    )
    register(
        Listed(
            model=Structure,
            slug=Listing.STRUCTURE,
            label=_("Structures"),
            route="structure",
            list_route="structures",
            export_route="structures_export",
            filters=("categorie", "domaine", "theme", "public", "champ"),
            kicker=lambda card: card.category.label if card.category else "",
            describe=_describe_structure,
            counted=Counted(
                none=_("Aucune structure"),
                some=lambda total: ngettext("%(shown)s structure", "%(shown)s structures", total),
                more_than=_("Plus de %(shown)s structures"),
            ),
            search_label=_("Chercher des structures"),
            search_hint=_("nom, spécialité…"),
        )
    )


def _describe_actor(
    actor: Actor, listing: Listing, terms: list[Term], themes: list[Term]
) -> dict[Audience, Words]:
    listing.audience, listing.themes_audience = actor.audience, actor.themes_audience
    listing.tags = [term.pk for term in terms]
    # Themes nobody else may see are not even copied here.
    listing.themes = [] if actor.themes_audience >= Audience.ME else [theme.pk for theme in themes]
    listing.headline, listing.mark = actor.headline, mark_of(terms)
    return {
        circle: _words_of_actor(actor, terms, themes, circle)
        for circle in (Audience.EVERYONE, Audience.MEMBERS)
    }


def _words_of_actor(actor: Actor, terms: list[Term], themes: list[Term], circle: Audience) -> Words:
    shown = themes if actor.themes_audience <= circle else []
    texts = (actor.presentation, actor.offers, actor.needs, *actor.fields_at(circle).values())
    return (
        actor.display_name,
        f"{actor.headline} {names_and_synonyms([*terms, *shown])}",
        f"{' '.join(texts)} {actor.commune.name}",
    )


def _describe_structure(
    structure: Structure, listing: Listing, terms: list[Term], themes: list[Term]
) -> dict[Audience, Words]:
    terms = [structure.category, *terms]
    listing.audience = listing.themes_audience = Audience.EVERYONE
    listing.lat, listing.lon = structure.lat, structure.lon
    listing.tags = [term.pk for term in terms]
    listing.themes = [theme.pk for theme in themes]
    listing.headline, listing.mark = _first_sentence(structure.description), "structure"
    words = (
        f"{structure.name} {structure.acronym}",
        names_and_synonyms([*terms, *themes]),
        f"{structure.description} {structure.certification} {structure.commune.name}",
    )
    return {Audience.EVERYONE: words, Audience.MEMBERS: words}


def _roles_in_words(card: Card) -> str:
    """The first roles of a person, and how many more she has."""
    words = " · ".join(role.label for role in card.roles[:ROLES_SHOWN]) or _now("Acteur")
    if (more := len(card.roles) - ROLES_SHOWN) > 0:
        words += " " + ngettext("et %(more)s autre rôle", "et %(more)s autres rôles", more) % {"more": more}
    return words


def mark_of(terms: Iterable[Term]) -> str:
    """The mark of a person: from the side(s) she speaks from."""
    sides = {term.side for term in terms if term.vocabulary == Vocabulary.ROLE}
    if {Side.USER, Side.PROFESSIONAL} <= sides:
        return "both"
    return "professional" if Side.PROFESSIONAL in sides else "user" if Side.USER in sides else "other"


def names_and_synonyms(terms: Iterable[Term]) -> str:
    """The words by which these terms are searched."""
    return " ".join(" ".join((term.name, *term.synonyms)) for term in terms)


def _first_sentence(text: str, limit: int = 240) -> str:
    sentence = text.split(". ")[0].strip()
    return sentence if len(sentence) <= limit else f"{sentence[: limit - 1].rsplit(' ', 1)[0]}…"


def _write_text(listing: Listing, words: dict[Audience, Words]) -> None:
    params: dict[str, object] = {"listing": listing.pk, "position": listing.position}
    vectors = {}
    for circle, name in ((Audience.EVERYONE, "everyone"), (Audience.MEMBERS, "members")):
        # What everyone's search must not find is not in everyone's vector at all.
        open_to_circle = listing.audience <= circle or circle == Audience.MEMBERS
        vectors[name] = VECTOR.format(circle=name) if open_to_circle else "NULL"
        params |= {f"{name}_{weight}": text for weight, text in zip("abc", words[circle], strict=True)}
    with connection.cursor() as cursor:
        cursor.execute(WRITE_TEXT.format(**vectors), params)


def _next_position() -> int:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_POSITIONS, [1])
        return cursor.fetchone()[0]


def _journal(position: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [JOURNAL_LOCK])
    ListingChange.objects.create(position=position)
