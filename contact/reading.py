"""What the page of a conversation says to one of those who are in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Block, User
from directory.models import Actor
from moderation.guard import Finding, scan

from .actions import reported_page, writable
from .forms import DeclineForm, LetterForm
from .models import Conversation, Letter, Part, public_name
from .rules import Refused

#: The latest letters, shown together.
LETTERS_SHOWN = 100


@dataclass(frozen=True)
class Line:
    """One letter as its reader sees it."""

    letter: Letter
    name: str
    is_mine: bool


@dataclass(frozen=True)
class Contact:
    """What someone chose to give in this conversation."""

    name: str
    email: str
    phone: str


def conversation_page(
    conversation: Conversation,
    viewer: User,
    *,
    form: LetterForm | None = None,
    decline_form: DeclineForm | None = None,
) -> dict[str, object]:
    """The letters, and what `viewer` may do with them."""
    name = conversation.name_for(viewer)
    lines = _lines(conversation, viewer)
    parts = {part.user_id: part for part in conversation.parts.all()}
    other_ids = [other.pk for other in conversation.others(viewer)]
    mine = Actor.objects.filter(user=viewer).first()
    closed = _why_closed(conversation, viewer)
    typed = form is not None and form.is_bound
    waits = conversation.state == Conversation.State.WAITING and not conversation.is_asker(viewer)
    return {
        "conversation": conversation,
        "name": name,
        "trail": [(_("Mon espace"), reverse("my_space")), (_("Messages"), reverse("conversations"))],
        "lines": lines,
        "is_asker": conversation.is_asker(viewer),
        "page": _page_of_the_other(conversation, viewer),
        "closed": closed,
        # What was typed stays in sight even where it may no longer leave.
        "form": (form or LetterForm()) if typed or not closed else None,
        "decline_form": decline_form or (DeclineForm() if waits and not closed else None),
        "has_distress": any(one.kind is Finding.DISTRESS for line in lines for one in scan(line.letter.text)),
        "given": [contact for pk in other_ids if (contact := _contact(parts.get(pk)))],
        "gives_address": viewer.pk in parts and parts[viewer.pk].gives_address,
        "my_contacts": [value for value in (mine.email, mine.phone) if value] if mine else [],
        "is_blocked": Block.objects.filter(blocker=viewer, blocked__in=other_ids).exists(),
        "may_report": reported_page(conversation, viewer) is not None,
        "may_block": bool(_blockable(conversation, viewer)),
    }


def _lines(conversation: Conversation, viewer: User) -> list[Line]:
    latest = conversation.letters.select_related("author__actor").order_by("-pk")[:LETTERS_SHOWN]
    return [Line(one, _signature(conversation, one, viewer), one.author_id == viewer.pk) for one in latest][
        ::-1
    ]


def _signature(conversation: Conversation, letter: Letter, viewer: User) -> str:
    """Who signs. What those of a structure write is signed by the structure to whoever asked."""
    if letter.author_id == viewer.pk:
        return _("Vous")
    if conversation.structure and conversation.is_asker(viewer):
        return str(conversation.structure)
    return public_name(letter.author)


def _page_of_the_other(conversation: Conversation, viewer: User) -> str:
    """Where to read more about the other, where `viewer` may."""
    if conversation.is_asker(viewer) and conversation.structure:
        return conversation.structure.get_absolute_url()
    other = conversation.recipient_id if conversation.is_asker(viewer) else conversation.asker_id
    page = Actor.objects.visible_to(viewer).filter(user=other).first()
    return page.get_absolute_url() if page else ""


def _why_closed(conversation: Conversation, viewer: User) -> str:
    """Why nothing may be written now; empty when it may."""
    try:
        writable(conversation, viewer)
    except Refused as refused:
        return str(refused)
    return ""


def _contact(part: Part | None) -> Contact | None:
    if part is None or not part.gives_address:
        return None
    page = Actor.objects.filter(user=part.user_id).first()
    if page is None or not (page.email or page.phone):
        return None
    return Contact(str(page), page.email, page.phone)


def _blockable(conversation: Conversation, viewer: User) -> list[int]:
    """The people on the other side whom `viewer` knows by what they wrote, or by their page."""
    others = {other.pk for other in conversation.others(viewer)}
    if not (conversation.structure_id and conversation.is_asker(viewer)):
        return sorted(others)
    return sorted(others & set(conversation.letters.values_list("author", flat=True)))
