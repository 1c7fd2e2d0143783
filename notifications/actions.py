"""Saying something to someone. `tell` and `post` are called inside the transaction of what causes them."""

from __future__ import annotations

from django.db import models
from django.db.transaction import atomic
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import Block, User

from . import kinds
from .models import Message, Notice, Preference
from .outbox import about_fields, key_of, start, write
from .words import words


@atomic
def tell(
    user: User,
    kind: str,
    *,
    by: User | None = None,
    about: models.Model | None = None,
    period: str = "",
    **context: object,
) -> Notice | None:
    """Leave a notice in someone's space, and mail it at the pace she chose; at once where it is mandatory.

    by: the member who causes it, for a kind that another member causes; nothing passes a block between them.
    kind, about, period: what makes it said once; saying it again does nothing.
    context: what the template of the kind reads; `link` is where it leads, a path of this site.
    Returns the notice, or None when it was already said, or stopped by a block.
    """
    said = kinds.kind(kind)
    if _is_cut_off(said, user, by):
        return None
    spoken = words(said, user.language, context)
    notice, created = Notice.objects.get_or_create(
        key=key_of(kind, about, f"user {user.pk}", period),
        defaults={
            **about_fields(about),
            "user": user,
            "kind": kind,
            "subject": spoken.subject,
            "link": spoken.link,
        },
    )
    if not created:
        return None
    if said.mandatory or Preference.paces_of(user)[said.family] == Preference.Pace.AT_ONCE:
        notice.message = write(
            said,
            key=notice.key,
            to=user,
            address=user.email,
            spoken=spoken,
            language=user.language,
            about=about,
            optional=not said.mandatory,
        )
        notice.save(update_fields=["message"])
        if notice.message:
            start(notice.message)
    return notice


@atomic
def post(
    to: User | str,
    kind: str,
    *,
    by: User | None = None,
    about: models.Model | None = None,
    period: str = "",
    **context: object,
) -> Message | None:
    """Mail something that always goes, to an account or to an address without one.

    An address gets it in the language of the page that causes it. Same arguments as `tell`.
    Returns the message, or None when it was already said, or stopped by a block.
    """
    said = kinds.kind(kind)
    account, address = (to, to.email) if isinstance(to, User) else (None, to)
    if _is_cut_off(said, account or User.objects.filter(email=address.lower()).first(), by):
        return None
    language = account.language if account else (get_language() or "fr")
    message = write(
        said,
        key=key_of(kind, about, f"user {account.pk}" if account else f"address {address.lower()}", period),
        to=account,
        address=address,
        spoken=words(said, language, context),
        language=language,
        about=about,
    )
    if message:
        start(message)
    return message


def _is_cut_off(kind: kinds.MailKind, reader: User | None, by: User | None) -> bool:
    """Whether a block stands between the reader and the member who causes the message."""
    if kind.by_member and by is None:
        raise TypeError(f"{kind.code} is caused by a member: say which one, with `by`.")
    return bool(reader and by and Block.objects.between(reader, by).exists())


def mark_read(user: User) -> int:
    """Mark everything in someone's space as read. Returns how many were not."""
    return user.notices.unread().update(read_at=timezone.now())


@atomic
def choose_paces(user: User, paces: dict[str, str]) -> None:
    """Keep the pace wanted for each family; what is already on its way follows it too."""
    for family, pace in paces.items():
        Preference.objects.update_or_create(user=user, family=family, defaults={"pace": pace})


@atomic
def stop(user: User, family: str) -> None:
    """Send no more mails of a family; of all those gathered in the digest when it is the digest's own."""
    families = [family]
    if family == kinds.OWN_FAMILY:
        paces = Preference.paces_of(user)
        families = [one.code for one in kinds.chosen_families() if paces[one.code] == Preference.Pace.DAILY]
    choose_paces(user, dict.fromkeys(families, Preference.Pace.NEVER))
