"""What an author does with a contribution, and what a moderator decides of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import refusal_as
from notifications.actions import tell

from ..models import URGENT_RULES, Case, Decision, Publishable, Revision, Rule, Status, Trust, Verb
from ..registry import Kind, kind_of
from ..rules import has_earned_trust, holding_rule, is_trusted
from ..workflow import Hand, Impossible, apply
from .cases import claim, close, drop, open_case

#: What becomes of an edit, by what is decided of it.
EDIT_STATES = {
    Verb.ACCEPT_EDIT: Revision.State.ACCEPTED,
    Verb.RETURN_EDIT: Revision.State.RETURNED,
    Verb.REFUSE_EDIT: Revision.State.REFUSED,
}


@transaction.atomic
def submit(item: Publishable, *, by: User) -> Rule | None:
    """Send a contribution. It appears at once, or waits for a moderator: the rule that holds it is given.

    Raises Impossible when its state does not allow it, or when something is missing.
    """
    kind_of(item).check(item, by)
    apply(item, Verb.SUBMIT, hand=Hand.AUTHOR, by=by)
    held_by = holding_rule(item, by)
    if held_by:
        open_case(Case.Nature.CONTENT, item, author=by, rule=held_by, urgent=held_by in URGENT_RULES)
        return held_by
    _appear(item, by)
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
            open_case(Case.Nature.REVIEW, item, author=by, rule=Rule.TRUSTED)
    if not held:
        if waiting:
            _settle(waiting, Revision.State.TAKEN_BACK)
            drop(item, Case.Nature.EDIT)
        return None
    revision = waiting or Revision(target=item)
    revision.changes, revision.rule, revision.by = held, held_by, by
    revision.state, revision.proposed_at = Revision.State.OPEN, timezone.now()
    revision.save()
    open_case(Case.Nature.EDIT, item, author=by, rule=held_by, urgent=held_by in URGENT_RULES)
    return revision


@transaction.atomic
def drop_revision(item: Publishable, *, by: User) -> None:
    """Give up an edit that waits: the published version stays as it is."""
    waiting = Revision.objects.of(item).waiting().select_for_update().first()
    if waiting:
        _settle(waiting, Revision.State.TAKEN_BACK)
        drop(item, Case.Nature.EDIT)


@transaction.atomic
def confirm(item: Publishable) -> None:
    """Say that what a published page says is still true."""
    item.confirmed_at = timezone.now()
    item.save(update_fields=["confirmed_at"])
    drop(item, Case.Nature.STALE)
    kind_of(item).changed(item)


@transaction.atomic
def decide(case: Case, verb: Verb, *, by: User, reason: str = "") -> Decision | None:
    """Settle a case about a contribution or an edit: publish it, send it back, refuse it, hide it.

    Takes the case in hand first, so that one decision is made. The author is told, with the reason.
    Raises Impossible when someone else holds the case or the state does not allow it, and ValidationError
    when a reason is needed and missing.
    """
    claim(case, by=by)
    item = case.target
    if case.nature == Case.Nature.EDIT:
        decision = _decide_edit(item, verb, by=by, reason=reason)
    else:
        decision = apply(item, verb, hand=Hand.MODERATOR, by=by, reason=reason)
    close(case, by=by, outcome=verb)
    if case.author and has_earned_trust(case.author) and not is_trusted(case.author):
        Trust.objects.create(user=case.author)
    if decision:
        tell_owners(decision)
    return decision


@transaction.atomic
def keep(case: Case, *, by: User) -> None:
    """Settle a case by leaving things as they are: seen, and nothing to say."""
    claim(case, by=by)
    close(case, by=by, outcome="keep")


def tell_owners(decision: Decision, also: Iterable[User] = ()) -> None:
    """Say to those who answer for a contribution what was decided, and why."""
    item = decision.target
    kind = kind_of(item)
    for owner in {*kind.owners(item), *also}:
        tell(
            owner,
            f"moderation.{decision.verb}",
            about=decision,
            item=str(item),
            nature=str(kind.label),
            reason=decision.reason,
            rule=decision.get_rule_display(),
            decision=decision.pk,
            link=kind.edit_link(item),
        )


def _held(kind: Kind, changed: dict[str, object], rule: Rule | None, by: User) -> dict[str, object]:
    """The part of an edit that waits: all of it, but what is sensitive only from someone trusted."""
    if rule is None:
        return {}
    if rule is Rule.NEWCOMER or not is_trusted(by):
        return changed
    return {name: value for name, value in changed.items() if name in kind.sensitive}


def _appear(item: Publishable, by: User) -> None:
    rule = Rule.TEAM if by.is_team else Rule.TRUSTED
    apply(item, Verb.PUBLISH, hand=Hand.SITE, by=by, rule=rule)
    if rule is Rule.TRUSTED:
        open_case(Case.Nature.REVIEW, item, author=by, rule=rule)


def _decide_edit(item: Publishable, verb: Verb, *, by: User, reason: str) -> Decision:
    state = EDIT_STATES.get(verb)
    revision = Revision.objects.of(item).select_for_update().filter(state=Revision.State.OPEN).first()
    if state is None or revision is None:
        raise Impossible(_("Cette modification est déjà réglée. Rechargez la page."))
    decision = Decision(
        target=item,
        verb=verb,
        before=item.status,
        after=item.status,
        by=by,
        reason=reason,
        rule=revision.rule,
    )
    decision.full_clean(exclude=["content_type", "object_id"])
    decision.save()
    if verb == Verb.ACCEPT_EDIT:
        with refusal_as(Impossible, type(item)):
            kind_of(item).write(item, revision.changes)
    _settle(revision, state)
    return decision


def _settle(revision: Revision, state: Revision.State) -> None:
    revision.state = state
    revision.settled_at = None if state == Revision.State.RETURNED else timezone.now()
    revision.save(update_fields=["state", "settled_at"])
