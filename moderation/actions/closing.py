"""What people contributed leaves with their account when it closes, and comes back with it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.closing import Showing, register
from accounts.models import User

from ..models import CLOSING_RULES, Decision, Rule, Status, Verb
from ..registry import kinds
from ..workflow import Hand, apply


def hide(user: User, why: User.Closed, by: User | None, reason: str) -> None:
    """Hide what `user` alone shows. The kernel keeps what is not published yet from appearing."""
    rule = Rule.SUSPENDED if why == User.Closed.SUSPENDED else Rule.CLOSED
    for kind in kinds():
        for item in kind.shown_by(user):
            if item.status == Status.PUBLISHED:
                said = reason or _("Votre compte est fermé.")
                apply(item, Verb.HIDE, hand=Hand.SITE, by=by, rule=rule, reason=said)


def show_again(user: User) -> None:
    """Publish again what was hidden because the account closed, unless something was decided of it since."""
    for kind in kinds():
        for item in kind.shown_by(user):
            last = Decision.objects.of(item).first()
            if item.status == Status.HIDDEN and last and last.rule in CLOSING_RULES:
                apply(item, Verb.PUBLISH, hand=Hand.SITE, rule=Rule(last.rule))


def declare() -> None:
    register(Showing(hide=hide, show_again=show_again))
