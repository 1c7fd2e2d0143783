"""Links of mails that open one page for one person, without signing in. Opening them changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.urls import reverse
from django.utils.http import urlencode

if TYPE_CHECKING:
    from accounts.models import User

    from .models import Decision, Publishable, Report, Sanction

APPEAL, FOLLOW_UP, CONFIRM = "moderation.appeal", "moderation.report", "moderation.confirm"


def appeal_path(contested: Decision | Sanction, person: User) -> str:
    """Where `person` contests what was decided."""
    token = [contested._meta.model_name, contested.pk, person.pk]
    return reverse("moderation_appeal", args=[signing.dumps(token, salt=APPEAL)])


def follow_up_path(report: Report) -> str:
    """Where whoever reported reads what became of it."""
    return reverse("moderation_report_follow_up", args=[signing.dumps(report.pk, salt=FOLLOW_UP)])


def confirm_path(item: Publishable, person: User) -> str:
    """Where `person` says whether a page she answers for is still true."""
    token = [item._meta.label_lower, item.pk, person.pk]
    return reverse("moderation_confirm", args=[signing.dumps(token, salt=CONFIRM)])


def page_path(item: Publishable) -> str:
    """Where those who answer for a contribution read it, from a mail: through the sign-in where visitors
    would find nothing, as of most people.
    """
    path = item.get_absolute_url()
    if type(item).objects.visible_to(AnonymousUser()).filter(pk=item.pk).exists():
        return path
    return f"{reverse('account_login')}?{urlencode({'next': path})}"


def read(token: str, salt: str) -> object:
    """What a link says, or None for one that we did not write."""
    try:
        return signing.loads(token, salt=salt)
    except signing.BadSignature:
        return None
