"""Contesting a decision, and answering."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from notifications.actions import post

from ..models import CONTESTABLE_FOR, Appeal, Case, Decision, Revision, Sanction, Status, Verb
from ..workflow import Hand, Impossible, apply
from .cases import claim, close, open_case
from .deciding import write_edit_decision
from .standing import lift

EDITS = (Verb.RETURN_EDIT, Verb.REFUSE_EDIT)


@transaction.atomic
def appeal(contested: Decision | Sanction, *, by: User, text: str) -> Appeal:
    """Contest a decision or a sanction, once, within its delay: someone who did not take it looks at it.

    Raises Impossible, in words for the person, when it was contested already or it is too late.
    """
    if timezone.now() > contested.at + CONTESTABLE_FOR:
        raise Impossible(_("Le délai de six mois pour contester est passé."))
    made = Appeal(by=by, text=text, **{contested._meta.model_name: contested})
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as refusal:
        raise Impossible(_("Cette décision a déjà été contestée : une seule fois est possible.")) from refusal
    page = contested.target if isinstance(contested, Decision) else None
    case = open_case(Case.Nature.APPEAL, made, about=page, author=by, not_for=contested.by)
    if page is None:
        case.label = str(contested.get_kind_display())
        case.save(update_fields=["label"])
    post(by, "moderation.appeal_received", about=made, link="")
    return made


@transaction.atomic
def answer_appeal(case: Case, *, by: User, granted: bool, answer: str) -> Appeal:
    """Settle an appeal: what was decided is undone, or stands. Its author is told, with the answer.

    Raises Impossible when the case is not for `by`, as when she took the decision herself.
    """
    claim(case, by=by)
    made = Appeal.objects.select_for_update().get(pk=case.object_id)
    made.outcome = Appeal.Outcome.GRANTED if granted else Appeal.Outcome.REJECTED
    made.answer, made.answered_at = answer, timezone.now()
    made.full_clean(exclude=["decision", "sanction", "by"])
    made.save()
    close(case, by=by, outcome="grant" if granted else "reject")
    if granted:
        _undo(made, by=by)
    post(made.by, "moderation.appeal_answered", about=made, granted=granted, answer=answer, link="")
    return made


def _undo(made: Appeal, *, by: User) -> None:
    contested = made.contested
    if isinstance(contested, Sanction):
        lift(contested, by=by)
        return
    item = contested.target
    if contested.verb in EDITS:
        settled = (Revision.State.REFUSED, Revision.State.RETURNED)
        revision = Revision.objects.of(item).filter(state__in=settled).first()
        if revision:
            write_edit_decision(revision, Verb.ACCEPT_EDIT, by=by)
    elif item.status == contested.after and item.status != Status.PUBLISHED:
        if item.status == Status.RETURNED:
            apply(item, Verb.SUBMIT, hand=Hand.AUTHOR, by=made.by)
        apply(item, Verb.PUBLISH, hand=Hand.MODERATOR, by=by)
