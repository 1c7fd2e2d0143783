"""What pages say of moderation: how long something waits, where one contests, whether one has a desk."""

import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User

from ..links import appeal_path
from ..models import Decision
from ..rules import moderates

register = template.Library()


@register.filter
def waited(since: datetime.datetime) -> str:
    """ "depuis 3 jours", "depuis 2 heures", "à l’instant"."""
    minutes = int((timezone.now() - since).total_seconds() // 60)
    if minutes < 60:
        return _("depuis moins d’une heure")
    hours, days = minutes // 60, minutes // 1440
    if not days:
        return ngettext("depuis %(n)s heure", "depuis %(n)s heures", hours) % {"n": hours}
    return ngettext("depuis %(n)s jour", "depuis %(n)s jours", days) % {"n": days}


@register.simple_tag
def contest(decision: Decision, person: User) -> str:
    """Where `person` contests a decision; empty for one that cannot be."""
    return appeal_path(decision, person) if decision.is_contestable else ""


@register.filter
def has_desk(user: User) -> bool:
    """Whether there is something to moderate for this account."""
    return moderates(user)
