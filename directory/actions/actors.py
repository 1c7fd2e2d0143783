"""Changes to a person's page. Each refreshes the listing it touches, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from accounts import actions as accounts
from accounts.audience import Audience
from accounts.models import Consent, User
from territories.models import Territory

from .. import listings
from ..models import Actor, ActorTerm, ActorTheme, Membership, Structure, Term

#: What a person's page must say at least; the rest is hers to add.
TextFields = Mapping[str, str]


@transaction.atomic
def create_actor(
    *,
    user: User,
    first_name: str,
    last_name: str,
    commune: Territory | None,
    name_style: Actor.NameStyle = Actor.NameStyle.INITIAL,
    pseudonym: str = "",
    audience: Audience = Audience.MEMBERS,
    terms: Mapping[Term, int | None] | None = None,
    zones: Iterable[Territory] = (),
    texts: TextFields | None = None,
    audiences: Mapping[str, Audience] | None = None,
    indexed_by_engines: bool = False,
    paused: bool = False,
    slug: str = "",
) -> Actor:
    """Make a person's page, as a draft. `terms` gives the year each term dates from, where known.

    The address of the page never tells more than the name shown on it; `slug` keeps an earlier address.
    """
    actor = Actor(
        user=user,
        first_name=first_name,
        last_name=last_name,
        name_style=name_style,
        pseudonym=pseudonym,
        commune=commune,
        audience=audience,
        audiences={field: int(circle) for field, circle in (audiences or {}).items()},
        indexed_by_engines=indexed_by_engines,
        paused=paused,
        **(texts or {}),
    )
    actor.slug = slug or actor.fresh_slug()
    actor.save()
    ActorTerm.objects.bulk_create(
        ActorTerm(actor=actor, term=term, since=since) for term, since in (terms or {}).items()
    )
    actor.zones.set(zones)
    return actor


@transaction.atomic
def consent_to_themes(
    actor: Actor, purpose: Consent.Purpose, *, granted: bool, channel: Consent.Channel = Consent.Channel.SITE
) -> None:
    """Record an answer about health themes and act on it at once, everywhere.

    Refusing to have them kept erases them and takes back whatever else was allowed: agreeing again later
    shows them to nobody.
    """
    accounts.record_consent(actor.user, purpose, granted=granted, channel=channel)
    purposes = accounts.granted_purposes(actor.user)
    if purpose == Consent.Purpose.STORE and not granted:
        for other in sorted(purposes):
            accounts.record_consent(actor.user, Consent.Purpose(other), granted=False, channel=channel)
        purposes = frozenset()
    if Consent.Purpose.STORE not in purposes:
        actor.actor_themes.all().delete()
        actor.themes_audience = Audience.ME
    elif Consent.Purpose.EVERYONE in purposes:
        actor.themes_audience = Audience.EVERYONE
    elif Consent.Purpose.MEMBERS in purposes:
        actor.themes_audience = Audience.MEMBERS
    else:
        actor.themes_audience = Audience.ME
    actor.save(update_fields=["themes_audience"])
    listings.refresh(actor)


@transaction.atomic
def set_themes(actor: Actor, themes: Iterable[Term]) -> None:
    """Replace the health themes of a person.

    Raises ValueError when she has not consented to have them kept.
    """
    if Consent.Purpose.STORE not in accounts.granted_purposes(actor.user):
        raise ValueError("No consent to keep health themes.")
    actor.actor_themes.all().delete()
    ActorTheme.objects.bulk_create(ActorTheme(actor=actor, theme=theme) for theme in themes)
    listings.refresh(actor)


@transaction.atomic
def set_audience(actor: Actor, audience: Audience) -> None:
    """Change who sees a person's page. Narrowing it takes it out of search engines too."""
    actor.audience = audience
    actor.indexed_by_engines = actor.indexed_by_engines and audience == Audience.EVERYONE
    actor.save(update_fields=["audience", "indexed_by_engines"])
    listings.refresh(actor)


@transaction.atomic
def join_structure(actor: Actor, structure: Structure, function: str = "") -> Membership:
    """Tie a person to a structure, or change her function there."""
    membership, _created = Membership.objects.update_or_create(
        actor=actor, structure=structure, defaults={"function": function}
    )
    return membership
