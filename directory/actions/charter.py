"""Signing the charter."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from moderation.workflow import Impossible

from ..models import Charter, CharterSignature


@transaction.atomic
def sign_charter(charter: Charter, *, user: User) -> CharterSignature:
    """Write down that `user` signs this version; signing twice keeps the first date.

    Raises Impossible when another version came into force while she was reading.
    """
    if charter != Charter.objects.in_force():
        raise Impossible(_("La charte vient de changer. Relisez-la, puis signez la nouvelle version."))
    signature, _created = CharterSignature.objects.get_or_create(user=user, charter=charter)
    return signature
