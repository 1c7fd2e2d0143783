"""What an author does with a contribution."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import refusal_as

from ..models import Case, Publishable, Revision, Rule, Status, Verb
from ..registry import Kind, kind_of
from ..rules import holding_rule, is_trusted, is_urgent
from ..workflow import Hand, Impossible, apply
from .cases import drop, open_case


@transaction.atomic
def submit(item: Publishable, *, by: User) -> Rule | None:
    """Send a contribution. It appears at once, or waits for a moderator: the rule that holds it is given.

    Raises Impossible when its state does not allow it, or when something is missing.
    """
    kind_of(item).check(item, by)
    apply(item, Verb.SUBMIT, hand=Hand.AUTHOR, by=by)
    held_by = holding_rule(item, by)
    urgent = is_urgent(item, held_by, kind_of(item).read(item))
    if held_by:
        open_case(Case.Nature.CONTENT, item, author=by, rule=held_by, urgent=urgent)
        return held_by
    _appear(item, by, urgent)
    return None


@transaction.atomic
def take_back(item: Publishable, *, by: User) -> None:
    """Take back what is not settled yet: it is a draft again."""
    apply(item, Verb.TAKE_BACK, hand=Hand.AUTHOR, by=by)
    drop(item, Case.Nature.CONTENT)


@transaction.atomic
def archive(item: Publishable, *, by: User) -> None:
    """Take one's own contribution out of sight; nothing is deleted, and it can be sent again."""
    apply(item, Verb.ARCHIVE, hand=Hand.AUTHOR, by=by)
    drop(item, Case.Nature.CONTENT, Case.Nature.EDIT, Case.Nature.REVIEW, Case.Nature.STALE)


@transaction.atomic
def revise(item: Publishable, changes: Mapping[str, object], *, by: User) -> Revision | None:
    """Edit a contribution. `changes` holds values as `Kind.read` writes them; what is the same is ignored.

    What is not published is changed in place. What is published is changed at once where no rule holds the
    edit; else the edit waits beside the published version, is given back, and replaces one that waited. Of
    someone trusted, only what is sensitive waits.
    """
    kind = kind_of(item)
    locked = type(item)._default_manager.select_for_update().get(pk=item.pk)
    now = kind.read(locked)
    changed = {name: value for name, value in changes.items() if name in now and now[name] != value}
    if item.status != Status.PUBLISHED:
        kind.write(item, changed)
        return None
    waiting = Revision.objects.of(item).waiting().select_for_update().first()
    held_by = holding_rule(item, by, changed) if changed else None
    held = _held(kind, changed, held_by, by)
    at_once = {name: value for name, value in changed.items() if name not in held}
    if at_once:
        with refusal_as(Impossible, type(item)):
            kind.write(item, at_once)
        if not by.is_team:
            urgent = is_urgent(item, None, at_once)
            open_case(Case.Nature.REVIEW, item, author=by, rule=Rule.TRUSTED, urgent=urgent)
    if not held:
        if waiting:
            settle_revision(waiting, Revision.State.TAKEN_BACK)
            drop(item, Case.Nature.EDIT)
        return None
    revision = waiting or Revision(target=item)
    revision.changes, revision.rule, revision.by = held, held_by, by
    revision.state, revision.proposed_at = Revision.State.OPEN, timezone.now()
    revision.save()
    urgent = is_urgent(item, held_by, held)
    open_case(Case.Nature.EDIT, item, author=by, rule=held_by, urgent=urgent)
    return revision


@transaction.atomic
def drop_revision(item: Publishable, *, by: User) -> None:
    """Give up an edit that waits: the published version stays as it is."""
    waiting = Revision.objects.of(item).waiting().select_for_update().first()
    if waiting:
        settle_revision(waiting, Revision.State.TAKEN_BACK)
        drop(item, Case.Nature.EDIT)


@transaction.atomic
def confirm(item: Publishable) -> None:
    """Say that what a published page says is still true. Raises Impossible when it is not published."""
    item.status = type(item)._default_manager.select_for_update().get(pk=item.pk).status
    if item.status != Status.PUBLISHED:
        raise Impossible(_("Cette page n’est pas publiée en ce moment : il n’y a rien à confirmer."))
    item.confirmed_at = timezone.now()
    item.save(update_fields=["confirmed_at"])
    drop(item, Case.Nature.STALE)
    kind_of(item).changed(item)


@transaction.atomic
def delete_draft(item: Publishable) -> None:
    """Throw away what was never sent. Raises Impossible when it was."""
    locked = type(item)._default_manager.select_for_update().get(pk=item.pk)
    if locked.status != Status.DRAFT or locked.submitted_at or locked.published_at:
        raise Impossible(_("Seul un brouillon qui n’a jamais été envoyé peut être effacé."))
    locked.delete()


def _held(kind: Kind, changed: dict[str, object], rule: Rule | None, by: User) -> dict[str, object]:
    """The part of an edit that waits: all of it, but what is sensitive only from someone trusted."""
    if rule is None:
        return {}
    if rule is Rule.NEWCOMER or not is_trusted(by):
        return changed
    return {name: value for name, value in changed.items() if name in kind.sensitive}


def _appear(item: Publishable, by: User, urgent: bool) -> None:
    rule = Rule.TEAM if by.is_team else Rule.TRUSTED
    apply(item, Verb.PUBLISH, hand=Hand.SITE, by=by, rule=rule)
    if rule is Rule.TRUSTED:
        open_case(Case.Nature.REVIEW, item, author=by, rule=rule, urgent=urgent)


def settle_revision(revision: Revision, state: Revision.State) -> None:
    """Say what became of an edit."""
    revision.state = state
    revision.settled_at = None if state == Revision.State.RETURNED else timezone.now()
    revision.save(update_fields=["state", "settled_at"])
