"""Whether a mail is still wanted at the moment it leaves, whatever was true when it was written."""

from __future__ import annotations

from . import digest
from .models import Message, Notice, Preference

SUSPENDED = "Le compte est suspendu."
TURNED_OFF = "La personne a choisi depuis de ne plus recevoir ces mails."
IN_THE_DIGEST = "La personne a choisi depuis le récapitulatif : ce message y sera."


def reason_to_withhold(message: Message) -> str:
    """Why a mail must not leave now, in words for the team; empty when it may.

    What is not optional always goes, to a suspended person too: she is owed the reasons of the decision. A
    digest is written again here from what is still wanted.
    """
    if not message.optional:
        return ""
    if not message.recipient.is_active:
        return SUSPENDED
    paces = Preference.paces_of(message.recipient)
    notices = message.notices.order_by("pk")
    wanted = [notice for notice in notices if paces[notice.family] != Preference.Pace.NEVER]
    if not wanted:
        return TURNED_OFF
    if message.kind == digest.KIND:
        digest.rewrite(message, wanted)
    elif paces[wanted[0].family] == Preference.Pace.DAILY:
        Notice.objects.filter(message=message).update(message=None)
        return IN_THE_DIGEST
    return ""
