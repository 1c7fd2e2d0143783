"""Which contributions are looked at before they appear, and why: the one place that says it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User

from .guard import Finding, scan
from .models import URGENT_RULES, Case, Publishable, Rule, Trust
from .registry import kind_of

#: Accepted contributions after which the next ones appear at once…
TRUST_AFTER = 3
#: …unless one was refused or hidden in that time.
TRUST_NEEDS_CALM = datetime.timedelta(days=90)
ACCEPTED = ("publish", "accept_edit")
BLAMED = ("refuse", "refuse_edit", "hide")
#: What someone asked for and did not get says nothing of what she contributes.
EARNING = (Case.Nature.CONTENT, Case.Nature.EDIT, Case.Nature.REVIEW, Case.Nature.REPORT)


def is_trusted(user: User) -> bool:
    """Whether what `user` contributes appears at once."""
    return user.is_team or Trust.objects.in_force().filter(user=user).exists()


def holding_rule(item: Publishable, by: User, changes: Mapping[str, object] | None = None) -> Rule | None:
    """The rule that keeps a contribution, or an edit of it, from appearing at once; None if none."""
    if by.is_team:
        return None
    kind = kind_of(item)
    if doubt := kind.doubt(item, changes or {}):
        return doubt
    if kind.sensitive.intersection(changes or ()):
        return Rule.SENSITIVE
    return None if is_trusted(by) else Rule.NEWCOMER


def is_urgent(item: Publishable, rule: Rule | None, said: Mapping[str, object]) -> bool:
    """Whether what is contributed goes on top of the queue: for the rule that holds it, or because someone
    may not be well.
    """
    return rule in URGENT_RULES or calls_for_help(item, said)


def calls_for_help(item: Publishable, said: Mapping[str, object]) -> bool:
    """Whether `said`, values of `item` as `Kind.read` writes them, holds words of distress in what a
    moderator may read. What someone keeps for herself alone is left alone.
    """
    kind = kind_of(item)
    shown = kind.readable(item, User(is_team=True)) if kind.readable else said
    texts = [text for name, text in said.items() if name in shown and isinstance(text, str)]
    return any(one.kind is Finding.DISTRESS for text in texts for one in scan(text))


def has_earned_trust(user: User) -> bool:
    """Whether enough was accepted of what `user` contributed, and nothing refused lately."""
    settled = Case.objects.filter(author=user, closed_at__isnull=False, nature__in=EARNING)
    lately = settled.filter(closed_at__gte=timezone.now() - TRUST_NEEDS_CALM)
    if lately.filter(outcome__in=BLAMED).exists():
        return False
    return settled.filter(outcome__in=ACCEPTED).count() >= TRUST_AFTER


def moderates(user: User | AnonymousUser) -> bool:
    """Whether `user` has a desk: the team, and ambassadors for their territories."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_team or user.ambassador_of.exists()


def keeps_answers(user: User | AnonymousUser) -> bool:
    """Whether `user` writes the answers kept ready: the team does, for all who moderate."""
    return user.is_authenticated and user.is_active and user.is_team


def moderators_of(case: Case) -> QuerySet[User]:
    """Those who may handle a case, to be told of it at once."""
    ambassadors = Q(ambassador_of__in=case.places) if case.nature in Case.AMBASSADORS else Q(pk=None)
    found = User.objects.filter(Q(is_team=True) | ambassadors, is_active=True)
    return found.exclude(pk__in=[*case.parties, case.not_for_id or 0]).distinct()


def people_for(moderator: User) -> QuerySet[User]:
    """The people whose card `moderator` may open: for the team everyone but herself; for ambassadors, those
    who contributed something to their territories.
    """
    if not moderates(moderator):
        return User.objects.none()
    people = User.objects.exclude(pk=moderator.pk)
    if moderator.is_team:
        return people
    return people.filter(pk__in=Case.objects.for_moderator(moderator).values("author")).exclude(is_team=True)


def may_suspend(moderator: User, person: User) -> bool:
    """Closing an account is for the team; that of someone of the team, for administrators."""
    return moderator.is_team and (moderator.is_superuser or not person.is_team)


def weighty_reports(case: Case) -> int:
    """How many people whom the site trusts reported what a case is about. New accounts weigh nothing."""
    trusted = Q(reporter__is_team=True) | Q(reporter__in=Trust.objects.in_force().values("user"))
    return case.reports.filter(trusted, reporter__is_active=True).values("reporter").distinct().count()
