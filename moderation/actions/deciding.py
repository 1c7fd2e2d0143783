"""What a moderator decides, and who is told of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import refusal_as
from notifications.actions import post, tell
from notifications.dress import absolute

from ..links import appeal_path, follow_up_path, page_path
from ..models import Case, Decision, Ground, Publishable, Revision, Rule, Trust, Verb
from ..registry import kind_of
from ..rules import has_earned_trust, is_trusted
from ..workflow import Hand, Impossible, apply
from .cases import claim, close, drop
from .contributions import confirm, settle_revision

#: What becomes of an edit, by what is decided of it.
EDIT_STATES = {
    Verb.ACCEPT_EDIT: Revision.State.ACCEPTED,
    Verb.RETURN_EDIT: Revision.State.RETURNED,
    Verb.REFUSE_EDIT: Revision.State.REFUSED,
}
#: Outcomes that answer a report with "something was done".
ACTED = (Verb.HIDE, Verb.ARCHIVE, Verb.REFUSE)


@transaction.atomic
def decide(case: Case, verb: Verb, *, by: User, reason: str = "", ground: Ground | str = "") -> Decision:
    """Settle a case about a contribution or an edit: publish it, send it back, refuse it, hide it.

    Takes the case in hand first, so that one decision is made. The author is told, with the reason; those
    who reported are told what came of it. Raises Impossible when someone else holds the case or the state
    does not allow it, and ValidationError when a reason is needed and missing.
    """
    claim(case, by=by)
    item = case.target
    if case.nature == Case.Nature.EDIT:
        decision = _decide_edit(item, verb, by=by, reason=reason, ground=ground)
    else:
        decision = apply(item, verb, hand=Hand.MODERATOR, by=by, reason=reason, ground=ground)
    close(case, by=by, outcome=verb)
    if verb in (Verb.HIDE, Verb.ARCHIVE):
        drop(item, Case.Nature.REVIEW, Case.Nature.STALE)
    if case.author and has_earned_trust(case.author) and not is_trusted(case.author):
        Trust.objects.create(user=case.author)
    tell_owners(decision)
    answer_reporters(case)
    return decision


@transaction.atomic
def keep(case: Case, *, by: User) -> None:
    """Settle a case by leaving things as they are: seen, and nothing to say."""
    claim(case, by=by)
    close(case, by=by, outcome="keep")
    answer_reporters(case)


@transaction.atomic
def confirm_for_team(case: Case, *, by: User) -> None:
    """Settle a stale page by saying, in the team's name, that it is still true."""
    claim(case, by=by)
    close(case, by=by, outcome="confirm")
    confirm(case.target)


def tell_owners(decision: Decision, also: Iterable[User] = ()) -> None:
    """Say to those who answer for a contribution what was decided, why, and how to contest it."""
    item = decision.target
    kind = kind_of(item)
    seen = decision.verb in (Verb.PUBLISH, Verb.ACCEPT_EDIT)
    for owner in {*kind.owners(item), *also}:
        contest = absolute(appeal_path(decision, owner)) if decision.is_contestable else ""
        tell(
            owner,
            f"moderation.{decision.verb}",
            about=decision,
            nature=kind.label,
            item=str(item),
            reason=decision.reason,
            ground=dict(Ground.choices).get(decision.ground, ""),
            rule=dict(Rule.choices).get(decision.rule, ""),
            automatic=decision.by_id is None,
            contest=contest,
            link=page_path(item) if seen else kind.edit_link(item),
        )


def answer_reporters(case: Case) -> None:
    """Say to each person who reported what came of it. Nothing of what she reported is told about anyone."""
    for report in case.reports.select_related("reporter"):
        if to := report.reporter or report.mail:
            post(
                to,
                "moderation.report_answered",
                about=report,
                acted=case.outcome in ACTED,
                link=follow_up_path(report),
            )


def _decide_edit(
    item: Publishable, verb: Verb, *, by: User, reason: str, ground: Ground | str = ""
) -> Decision:
    state = EDIT_STATES.get(verb)
    revision = Revision.objects.of(item).select_for_update().filter(state=Revision.State.OPEN).first()
    if state is None or revision is None:
        raise Impossible(_("Cette modification est déjà réglée. Rechargez la page."))
    return write_edit_decision(revision, verb, by=by, reason=reason, ground=ground)


def write_edit_decision(
    revision: Revision, verb: Verb, *, by: User, reason: str = "", ground: Ground | str = ""
) -> Decision:
    """Write down what was decided of an edit, and do it. The status of the page does not move."""
    item = revision.target
    decision = Decision(
        target=item,
        verb=verb,
        before=item.status,
        after=item.status,
        by=by,
        reason=reason,
        ground=ground,
        rule=revision.rule,
    )
    decision.full_clean(exclude=["content_type", "object_id"])
    decision.save()
    if verb == Verb.ACCEPT_EDIT:
        with refusal_as(Impossible, type(item)):
            kind_of(item).write(item, revision.changes)
    settle_revision(revision, EDIT_STATES[verb])
    return decision
