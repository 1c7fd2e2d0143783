"""What a person does with her page: who sees what acts at once, what is said follows the kernel's rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from django.db import transaction

from accounts import actions as accounts
from accounts.audience import Audience
from accounts.models import Consent, User
from moderation import actions as moderation
from moderation.models import Case, Revision, Rule, Status
from moderation.registry import kind_of

from .. import listings
from ..models import Actor, Invitation, Origin, Poster, Term
from .actors import consent_to_themes, join_structure, set_themes
from .invitations import use_up

#: From what tells most to what tells least.
NAME_STYLES = [Actor.NameStyle.FULL, Actor.NameStyle.INITIAL, Actor.NameStyle.PSEUDONYM]


@transaction.atomic
def start_page(
    *,
    user: User,
    changes: Mapping[str, object],
    invitation: Invitation | None = None,
    poster: Poster | None = None,
) -> Actor:
    """Begin the page of `user` as a draft, with what `changes` says (as `Kind.write` takes it).

    Where it already exists (two tabs, two devices) it is changed instead. An invitation is used up here; one
    that someone else used meanwhile, or whose term has passed, counts for nothing.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if page := Actor.objects.filter(user=user).first():
        edit_page(page, changes, by=user)
        return page
    taken = invitation if invitation and use_up(invitation, user) else None
    page = Actor(user=user, invitation=taken, poster=None if taken else poster)
    page.origin = Origin(taken.kind) if taken else Origin.POSTER if poster else Origin.SELF
    kind_of(page).write(page, changes)
    if taken and taken.structure:
        join_structure(page, taken.structure)
    return page


def page_as_edited(actor: Actor) -> dict[str, object]:
    """What the page says, with the edit that waits beside it where there is one."""
    waiting = Revision.objects.of(actor).waiting().first() if actor.status == Status.PUBLISHED else None
    return {**kind_of(actor).read(actor), **(waiting.changes if waiting else {})}


@transaction.atomic
def edit_page(actor: Actor, changes: Mapping[str, object], *, by: User) -> Revision | None:
    """Change what a page says; on top of the edit that waits, where there is one. Gives what now waits.

    Showing less of one's name acts at once, whatever rule holds the rest.
    """
    locked = Actor.objects.select_for_update().get(pk=actor.pk)
    if locked.status == Status.PUBLISHED:
        _show_less_of_name(locked, changes)
        waiting = Revision.objects.of(locked).waiting().first()
        changes = {**(waiting.changes if waiting else {}), **changes}
    revision = moderation.revise(locked, changes, by=by)
    actor.refresh_from_db()
    return revision


@transaction.atomic
def choose_circles(
    actor: Actor,
    *,
    audience: Audience | None = None,
    indexed_by_engines: bool | None = None,
    fields: Mapping[str, Audience] | None = None,
) -> None:
    """Choose who sees a page and each of its fields, and whether engines may show it. Acts at once."""
    actor = Actor.objects.select_for_update().get(pk=actor.pk)
    if audience is not None:
        actor.audience = audience
    if indexed_by_engines is not None:
        actor.indexed_by_engines = indexed_by_engines
    actor.indexed_by_engines = actor.indexed_by_engines and actor.audience == Audience.EVERYONE
    chosen = {field: int(circle) for field, circle in (fields or {}).items()}
    actor.audiences = {**actor.audiences, **{f: c for f, c in chosen.items() if f in Actor.DEFAULT_AUDIENCES}}
    actor.save(update_fields=["audience", "indexed_by_engines", "audiences"])
    listings.refresh(actor)


@transaction.atomic
def answer_for_themes(
    actor: Actor,
    purposes: AbstractSet[str],
    themes: Iterable[Term],
    *,
    channel: Consent.Channel = Consent.Channel.SITE,
) -> None:
    """Write down each answer that changes, and keep the themes where that is agreed to.

    `purposes` are those agreed to now: every other one that was is taken back.
    """
    before = accounts.granted_purposes(actor.user)
    for purpose in Consent.Purpose:
        if (purpose in purposes) != (purpose in before):
            consent_to_themes(actor, purpose, granted=purpose in purposes, channel=channel)
            before = accounts.granted_purposes(actor.user)
    if Consent.Purpose.STORE in purposes:
        set_themes(actor, themes)


@transaction.atomic
def set_paused(actor: Actor, paused: bool) -> None:
    """Say that a person is not available for now, or is again. Her page stays. Acts at once."""
    actor.paused = paused
    actor.save(update_fields=["paused"])
    listings.refresh(actor)


def _show_less_of_name(actor: Actor, changes: Mapping[str, object]) -> None:
    wanted = changes.get("name_style", actor.name_style)
    if NAME_STYLES.index(wanted) <= NAME_STYLES.index(actor.name_style):
        return
    names = {name: changes[name] for name in ("name_style", "pseudonym") if name in changes}
    if names.get("pseudonym", actor.pseudonym) != actor.pseudonym:
        moderation.open_case(Case.Nature.REVIEW, actor, author=actor.user, rule=Rule.NEWCOMER)
    kind_of(actor).write(actor, names)
