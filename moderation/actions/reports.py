"""Reporting something that others see."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from notifications.actions import post

from ..links import follow_up_path
from ..models import URGENT_GROUNDS, Case, Ground, Publishable, Report, Rule, Status, Verb
from ..registry import kind_of
from ..rules import weighty_reports
from ..workflow import Hand, apply
from .cases import open_case
from .deciding import tell_owners

#: So many people whom the site trusts report something, and it is hidden until a moderator has looked.
HIDE_AT = 3


@transaction.atomic
def report(
    item: Publishable, *, ground: Ground, text: str = "", reporter: User | None = None, mail: str = ""
) -> Report:
    """Report `item`, by an account, by someone who leaves a mail address, or by someone who leaves nothing.

    Reports about one thing gather in its one open case; reporting it again changes nothing. A receipt goes to
    whoever can get one, and the moderators are told at once of what cannot wait.
    """
    owners = list(kind_of(item).owners(item))
    urgent = ground in URGENT_GROUNDS
    # The row of the case is locked from here on: of several reports at once, each is counted.
    case = open_case(Case.Nature.REPORT, item, author=owners[0] if len(owners) == 1 else None, urgent=urgent)
    known = _known(case, reporter, mail)
    if known:
        return known
    made = Report.objects.create(case=case, ground=ground, text=text, reporter=reporter, mail=mail)
    if to := reporter or mail:
        post(to, "moderation.report_received", about=made, link=follow_up_path(made))
    if item.status == Status.PUBLISHED and weighty_reports(case) >= HIDE_AT:
        _hide(item)
    return made


def _known(case: Case, reporter: User | None, mail: str) -> Report | None:
    if reporter:
        return case.reports.filter(reporter=reporter).first()
    return case.reports.filter(mail=mail).first() if mail else None


def _hide(item: Publishable) -> None:
    decision = apply(
        item,
        Verb.HIDE,
        hand=Hand.SITE,
        rule=Rule.REPORTED,
        reason=_("Plusieurs personnes l’ont signalé. L’équipe va le regarder, puis vous écrira."),
    )
    if decision:
        tell_owners(decision)
