"""How long something has waited, in words."""

import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
