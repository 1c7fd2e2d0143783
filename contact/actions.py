"""What people do with letters, and what the site does when nobody answers."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from directory.models import Actor, Structure
from moderation.actions import open_case, report
from moderation.guard import Finding, scan
from moderation.models import Case, Ground, Report, Rule
from notifications.actions import tell

from .models import Conversation, Letter, Part
from .rules import (
    DAY,
    MAILED_AT_ONCE_A_DAY,
    Refused,
    check_letters,
    check_limits,
    check_pace,
    lacks,
    not_available,
    not_cut_off,
    reached,
)

State = Conversation.State

#: Letters of the other that go with a report, and the most that a report holds.
LETTERS_REPORTED, REPORT_LENGTH = 5, 2000


@transaction.atomic
def start(*, asker: User, page: Actor | Structure, text: str) -> Conversation:
    """Write to the owner of a page, or to those who keep a structure. They are told, and not what it says.

    Counts and checks are made under lock on both sides. Raises Refused, with words for the person.
    """
    _lock(asker, page)
    if missing := lacks(asker):
        raise Refused(missing)
    people = reached(asker, page)
    if not people:
        raise Refused(not_available(page))
    if Conversation.objects.between(asker, page).live().exists():
        raise Refused(_("Vous avez déjà une conversation en cours : vous la trouverez dans vos messages."))
    check_limits(asker, page)
    check_letters(asker)
    today = Conversation.objects.asked_of(page).filter(started_at__gt=timezone.now() - DAY).count()
    kind = "contact.first" if today < MAILED_AT_ONCE_A_DAY else "contact.more"
    to = {"structure": page} if isinstance(page, Structure) else {"recipient": page.user}
    conversation = Conversation.objects.create(asker=asker, **to)
    _add(conversation, asker, text)
    for person in people:
        _tell(person, kind, conversation, by=asker)
    return conversation


@transaction.atomic
def write(conversation: Conversation, *, author: User, text: str) -> Letter:
    """Answer, or go on. The first letter of the other side opens the conversation.

    Raises Refused when it is closed, when the other is not available, or when a limit is reached.
    """
    User.objects.select_for_update(no_key=True).get(pk=author.pk)
    conversation = _locked(conversation)
    people = writable(conversation, author)
    check_letters(author)
    if conversation.state == State.WAITING and not conversation.is_asker(author):
        conversation.state = State.ANSWERED
    letter = _add(conversation, author, text)
    for person in people:
        _tell(person, "contact.reply", conversation, by=author, period=str(letter.pk))
    return letter


def writable(conversation: Conversation, author: User) -> list[User]:
    """The people whom a letter of `author` would reach now. Raises Refused when it may not be written."""
    if not conversation.is_live:
        raise Refused(_("Cette conversation est terminée."))
    people = not_cut_off(author, [one for one in conversation.others(author) if one.is_active])
    answers = conversation.state == State.WAITING and not conversation.is_asker(author)
    if not answers and not conversation.structure_id:
        people = [one for one in people if not _is_paused(one)]
    if not people:
        to_structure = conversation.is_asker(author) and conversation.structure
        raise Refused(not_available(to_structure or None))
    if conversation.state == State.WAITING and conversation.is_asker(author):
        check_pace(conversation)
    return people


@transaction.atomic
def decline(conversation: Conversation, *, by: User, reason: Conversation.Reason) -> None:
    """Say no, and why in a word. Raises Refused when it was answered or closed meanwhile."""
    conversation = _locked(conversation)
    if conversation.state != State.WAITING or conversation.is_asker(by):
        raise Refused(_("Cette conversation n’attend plus de réponse."))
    conversation.state, conversation.decline_reason = State.DECLINED, reason
    conversation.save(update_fields=["state", "decline_reason"])
    mark_read(conversation, by=by)
    for person in conversation.others(by):
        said = dict(Conversation.Reason.choices).get(reason, "")
        _tell(person, "contact.declined", conversation, by=by, reason=said)


def mark_read(conversation: Conversation, *, by: User) -> None:
    """Remember that `by` has read what there is until now."""
    Part.objects.update_or_create(conversation=conversation, user=by, defaults={"read_at": timezone.now()})


def give_address(conversation: Conversation, *, by: User, given: bool) -> None:
    """Show the other side, in this conversation, the mail address and telephone of one's page; or no more."""
    Part.objects.update_or_create(conversation=conversation, user=by, defaults={"gives_address": given})


@transaction.atomic
def block_others(conversation: Conversation, *, by: User) -> list[User]:
    """Block the person one is in conversation with; of a structure, those who wrote. Gives who they are."""
    wrote = set(conversation.letters.exclude(author=by).values_list("author", flat=True))
    people = [one for one in conversation.others(by) if not conversation.structure_id or one.pk in wrote]
    for person in people:
        accounts.block(blocker=by, blocked=person)
        give_address(conversation, by=by, given=False)
    return people


def reported_page(conversation: Conversation, by: User) -> Actor | Structure | None:
    """The page that answers for what the other side wrote to `by`; None when it wrote nothing, or left."""
    if not conversation.letters.exclude(author=by).exists():
        return None
    if conversation.is_asker(by) and conversation.structure:
        return conversation.structure
    other = conversation.recipient_id if conversation.is_asker(by) else conversation.asker_id
    return Actor.objects.filter(user=other).first()


def report_other(
    conversation: Conversation, page: Actor | Structure, *, by: User, ground: Ground, text: str
) -> Report:
    """Report what the other side wrote: its latest letters go with the report, for the moderators alone."""
    received = conversation.letters.exclude(author=by).order_by("-pk")[:LETTERS_REPORTED]
    joined = "\n\n".join(
        [text, _("Messages reçus, du dernier au premier :"), *(one.text for one in received)]
    )
    return report(page, ground=ground, text=Truncator(joined.strip()).chars(REPORT_LENGTH), reporter=by)


def remind(waiting: QuerySet[Conversation]) -> None:
    """Say once, to those who are asked, that a letter waits."""
    for conversation in waiting:
        conversation.reminded_at = timezone.now()
        conversation.save(update_fields=["reminded_at"])
        for person in conversation.answerers if conversation.asker else ():
            if conversation.structure_id or not _is_paused(person):
                _tell(person, "contact.reminder", conversation, by=conversation.asker)


def expire(waiting: QuerySet[Conversation]) -> None:
    """Close what nobody answered, and say so to both."""
    for conversation in waiting:
        conversation.state = State.EXPIRED
        conversation.save(update_fields=["state"])
        if conversation.asker:
            for person in [conversation.asker, *not_cut_off(conversation.asker, conversation.answerers)]:
                _tell(person, "contact.expired", conversation)


def _lock(asker: User, page: Actor | Structure) -> None:
    """Hold both sides, always in the same order, so that what is counted stays true until the commit."""
    keys = [asker.pk] if isinstance(page, Structure) else [asker.pk, page.user_id]
    list(User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    type(page).objects.select_for_update(no_key=True).get(pk=page.pk)
    page.refresh_from_db()


def _locked(conversation: Conversation) -> Conversation:
    return Conversation.objects.select_for_update().get(pk=conversation.pk)


def _add(conversation: Conversation, author: User, text: str) -> Letter:
    letter = Letter.objects.create(conversation=conversation, author=author, text=text)
    conversation.last_letter_at = letter.sent_at
    conversation.save(update_fields=["state", "last_letter_at"])
    mark_read(conversation, by=author)
    if any(one.kind is Finding.DISTRESS for one in scan(text)):
        _call_for_help(conversation, author)
    return letter


def _call_for_help(conversation: Conversation, author: User) -> None:
    """Let the team know that someone may not be well. They are told who, and nothing of what she wrote."""
    page = Actor.objects.filter(user=author).first() or conversation.structure
    if page:
        open_case(Case.Nature.SUPPORT, page, author=author, rule=Rule.WORDS, urgent=True)


def _is_paused(user: User) -> bool:
    return Actor.objects.filter(user=user, paused=True).exists()


def _tell(
    person: User,
    kind: str,
    conversation: Conversation,
    *,
    by: User | None = None,
    period: str = "",
    **context: object,
) -> None:
    """A notice that says who, never what: no word of a letter, no address."""
    tell(
        person,
        kind,
        by=by,
        about=conversation,
        period=period,
        name=conversation.name_for(person),
        structure="" if conversation.is_asker(person) else str(conversation.structure or ""),
        is_asker=conversation.is_asker(person),
        link=conversation.get_absolute_url(),
        **context,
    )
