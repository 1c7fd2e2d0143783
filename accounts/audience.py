"""Who may see what: the one rule that pages, lists, counts, facets, maps, searches and exports share."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from .models import User


class Audience(models.IntegerChoices):
    """For whom something is meant, from the widest circle to the narrowest.

    The circles are nested, so one comparison settles everything: a viewer whose clearance is `c`
    reads what has `audience <= c`. The gaps leave room for circles to come.
    """

    EVERYONE = 0, _("Tout le monde")
    MEMBERS = 10, _("Les membres")
    PROFESSIONALS = 20, _("Les professionnels vérifiés")
    TEAM = 30, _("L’équipe")
    ME = 40, _("Moi seulement")

    @classmethod
    def clearance(cls, viewer: User | AnonymousUser) -> "Audience":
        """The widest circle `viewer` belongs to. Nobody reaches ME: what is one's own is asked by owner."""
        if not viewer.is_authenticated or not viewer.is_active:
            return cls.EVERYONE
        if viewer.is_team:
            return cls.TEAM
        if viewer.is_verified_professional:
            return cls.PROFESSIONALS
        return cls.MEMBERS
