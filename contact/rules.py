"""Who may write to whom, and how much: the one place that says it."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Block, User
from directory.models import Actor, Structure
from moderation.models import Status
from moderation.rules import is_trusted

from .models import Conversation, Letter

DAY = datetime.timedelta(days=1)
#: New conversations that one person begins in a day, and so much less while she is new here.
ASKED_A_DAY = 5
ASKED_A_DAY_BY_NEWCOMERS = 2
NEWCOMER_FOR = datetime.timedelta(days=7)
#: New conversations that a person or a structure gets in a day, whoever begins them…
RECEIVED_A_DAY = 10
#: …and how many of them are mailed at once; the others wait for the mail of the day.
MAILED_AT_ONCE_A_DAY = 5
#: Without an answer, one letter to the same person in so long.
PAIR_EVERY = datetime.timedelta(days=7)
#: Letters that one person writes in a day, all conversations together.
LETTERS_A_DAY = 30


class Refused(Exception):
    """A letter cannot be sent now. Its text is for the person who wrote it."""


def not_available(page: Actor | Structure | None) -> str:
    """The same words whatever the cause: a pause, a block, an account that closed."""
    if isinstance(page, Structure):
        return _("Cette structure n’est pas joignable par le site en ce moment.")
    return _("Cette personne n’est pas disponible en ce moment.")


def lacks(asker: User) -> str:
    """What `asker` lacks to write to others, in words for her; empty when she may.

    Who gets a letter must know who writes, so one has a published page; and answers must reach her, so she
    has shown that her mail address is hers.
    """
    if not asker.emailaddress_set.filter(verified=True).exists():
        return _("Confirmez d’abord votre adresse mail : un message vous l’a proposé.")
    status = Actor.objects.filter(user=asker).values_list("status", flat=True).first()
    if status == Status.SUBMITTED:
        return _("Votre page attend sa relecture : vous pourrez écrire dès qu’elle sera en ligne.")
    if status != Status.PUBLISHED:
        return _("Publiez d’abord votre page : la personne à qui vous écrivez doit savoir qui vous êtes.")
    return ""


def reached(asker: User, page: Actor | Structure) -> list[User]:
    """The people a letter of `asker` to `page` would reach; nobody when it is not available to her."""
    if page.status != Status.PUBLISHED:
        return []
    if isinstance(page, Structure):
        people = list(page.referents.filter(is_active=True).order_by("pk"))
    else:
        people = [] if page.paused or not page.user.is_active else [page.user]
    return not_cut_off(asker, people)


def not_cut_off(user: User, people: list[User]) -> list[User]:
    """Those of `people` with whom nothing stands in the way, herself left out."""
    pairs = Block.objects.around(user).values_list("blocker", "blocked")
    cut_off = {user.pk, *(one for pair in pairs for one in pair)}
    return [person for person in people if person.pk not in cut_off]


def check_limits(asker: User, page: Actor | Structure) -> None:
    """Raise Refused where `asker` has reached a limit. The rows of both are locked by whoever calls."""
    since = timezone.now() - DAY
    most = ASKED_A_DAY_BY_NEWCOMERS if is_newcomer(asker) else ASKED_A_DAY
    if Conversation.objects.filter(asker=asker, started_at__gt=since).count() >= most:
        raise Refused(
            _(
                "Vous avez écrit à %(most)d personnes depuis hier, c’est le plus possible en un jour. "
                "Votre texte est gardé ci-dessous : copiez-le, et revenez demain."
            )
            % {"most": most}
        )
    if Conversation.objects.asked_of(page).filter(started_at__gt=since).count() >= RECEIVED_A_DAY:
        raise Refused(
            _(
                "Beaucoup de personnes ont écrit ici aujourd’hui. Votre texte est gardé ci-dessous : "
                "copiez-le, et revenez demain."
            )
        )
    last = Conversation.objects.between(asker, page).filter(asker=asker).latest_first().first()
    if last:
        check_pace(last)


def check_pace(conversation: Conversation) -> None:
    """Raise Refused where the last letter without an answer is too recent for another."""
    again_at = conversation.last_letter_at + PAIR_EVERY
    if timezone.now() < again_at:
        raise Refused(
            _("Vous avez déjà écrit il y a peu. Vous pourrez écrire de nouveau à partir du %(day)s.")
            % {"day": date_format(timezone.localtime(again_at), "j F Y")}
        )


def check_letters(author: User) -> None:
    """Raise Refused where `author` has written her share of today."""
    if Letter.objects.filter(author=author, sent_at__gt=timezone.now() - DAY).count() >= LETTERS_A_DAY:
        raise Refused(
            _("Vous avez envoyé %(most)d messages depuis hier, c’est le plus possible en un jour.")
            % {"most": LETTERS_A_DAY}
        )


def is_newcomer(user: User) -> bool:
    """Whether an account is too recent to write to many, unless the team trusts it."""
    return timezone.now() - user.date_joined < NEWCOMER_FOR and not is_trusted(user)
