"""Conversations of the demonstration, one in each state, between the accounts one can sign in to."""

from __future__ import annotations

import datetime

from django.utils import timezone

from accounts import actions as accounts
from accounts.models import User
from directory.models import Actor, Structure
from privacy import terms

from . import actions
from .models import Conversation
from .own_terms import EXPIRED


def demo_conversations(member: User, referent: User, ambassador: User, structure: Structure) -> int:
    """Make them again, through the same actions as anyone's. Returns how many."""
    Conversation.objects.all().delete()
    available = Actor.objects.published().filter(paused=False).order_by("pk")
    silent, unwilling, unwanted = available.exclude(user__in=[member, referent, ambassador])[:3]
    going_on = _begun(
        member,
        referent.actor,
        3,
        "Bonjour,\n\nje prépare un atelier sur la sortie d’hôpital et je cherche une professionnelle pour "
        "l’animer avec moi. Seriez-vous disponible en janvier ?",
    )
    actions.write(
        going_on,
        author=referent,
        text="Bonjour, oui, volontiers. Voulez-vous que nous en parlions un mardi, à distance ?",
    )
    actions.give_address(going_on, by=member, given=True)
    _begun(
        ambassador,
        member.actor,
        2,
        "Bonjour, notre groupe se retrouve chaque mois à Foix. Votre expérience y serait précieuse : "
        "viendriez-vous en parler ?",
    )
    declined = _begun(referent, unwilling, 6, "Bonjour, pourriez-vous relire notre plaquette ?")
    actions.decline(declined, by=unwilling.user, reason=Conversation.Reason.NOT_NOW)
    _begun(member, structure, 1, "Bonjour, comment rejoindre vos travaux quand on débute ?")
    _begun(member, silent, 31, "Bonjour, j’aimerais en savoir plus sur votre projet.")
    terms.apply(EXPIRED, timezone.now())
    accounts.block(blocker=member, blocked=unwanted.user)
    return Conversation.objects.count()


def _begun(asker: User, page: Actor | Structure, days_ago: int, text: str) -> Conversation:
    conversation = actions.start(asker=asker, page=page, text=text)
    moment = timezone.now() - datetime.timedelta(days=days_ago)
    Conversation.objects.filter(pk=conversation.pk).update(started_at=moment, last_letter_at=moment)
    conversation.letters.update(sent_at=moment)
    return conversation
