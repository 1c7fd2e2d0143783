"""What a person does with her data, and what the site does when a term comes."""

from __future__ import annotations

import datetime
import tempfile
from functools import partial
from typing import IO

from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts import actions as accounts
from accounts.models import User
from notifications.actions import post

from . import journal, tokens
from .erasure import erase
from .export import write_export
from .models import Closure, DataExport, Erasure

#: How long one may come back on closing an account.
COOLING_DAYS = 7
#: How long an inactive account is kept once its owner was told.
NOTICE_DAYS = 30


class Refused(Exception):
    """What was asked cannot be done. Its text is for the person."""


# A copy of her data -----------------------------------------------------------------------------------


def request_export(user: User) -> DataExport:
    """Ask for a copy. Asking again while one is being made or waits to be taken gives that one back."""
    try:
        with transaction.atomic():
            export = DataExport.objects.create(user=user)
            transaction.on_commit(partial(_start_export, str(export.pk)))
    except IntegrityError:
        return DataExport.objects.get(user=user, state__in=["waiting", "ready"])
    return export


@transaction.atomic
def make_export(export_id: str) -> None:
    """Write the file of a copy that waits, and mail where to take it. Running it twice makes one file."""
    export = DataExport.objects.select_for_update().filter(pk=export_id, state="waiting").first()
    if export is None:
        return
    with tempfile.TemporaryFile() as file:
        write_export(export.user, file)
        file.seek(0)
        export.file.save("", File(file), save=False)
    export.state, export.ready_at = DataExport.State.READY, timezone.now()
    export.save()
    post(
        export.user,
        "privacy.export_ready",
        about=export.user,
        period=str(export.pk),
        link=reverse("data_export", args=[export.pk]),
    )


@transaction.atomic
def take_export(export: DataExport) -> IO[bytes]:
    """The content of a copy, once: the file is gone afterwards. Raises Refused when it was taken already."""
    locked = DataExport.objects.select_for_update().get(pk=export.pk)
    if locked.state != DataExport.State.READY:
        raise Refused(_("Ce fichier a déjà été téléchargé, ou il a été effacé. Demandez une nouvelle copie."))
    content = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the answer that sends it
    with locked.file.open() as stored:
        for chunk in stored.chunks():
            content.write(chunk)
    content.seek(0)
    _let_go(locked, DataExport.State.TAKEN)
    return content


def expire(rows: QuerySet[DataExport]) -> None:
    """Delete the files that nobody came for."""
    for export in rows:
        _let_go(export, DataExport.State.EXPIRED)


def _let_go(export: DataExport, state: DataExport.State) -> None:
    transaction.on_commit(partial(export.file.storage.delete, export.file.name))
    export.state, export.file = state, ""
    export.taken_at = timezone.now() if state == DataExport.State.TAKEN else None
    export.save()


def _start_export(export_id: str) -> None:
    from .tasks import make_export as task

    try:
        task.apply_async((export_id,), retry=False)
    except OperationalError:
        # The broker is away: beat finds what waits within the hour.
        return


# Closing an account -----------------------------------------------------------------------------------


@transaction.atomic
def close_account(user: User, *, at_once: bool = False) -> Closure:
    """Hide everything of hers now, close the account and its sessions, and erase it: now, or in a week.

    Raises Refused for the last administrator: nobody could open an account again.
    """
    if is_last_administrator(user):
        raise Refused(
            _("Vous êtes la seule personne à administrer ce site. Donnez d’abord ce rôle à quelqu’un.")
        )
    now = timezone.now()
    due = now if at_once else now + datetime.timedelta(days=COOLING_DAYS)
    closure, _created = Closure.objects.update_or_create(
        user=user, defaults={"reason": Closure.Reason.ASKED, "asked_at": now, "due_at": due}
    )
    accounts.close(user, User.Closed.LEAVING)
    if at_once:
        transaction.on_commit(partial(_start_erasure, closure.pk))
    else:
        post(
            user,
            "privacy.closed",
            about=closure,
            period=now.isoformat(),
            day=due,
            link=reverse("closed_account", args=[tokens.of_closure(closure)]),
        )
    return closure


@transaction.atomic
def reopen(closure: Closure) -> None:
    """Take the closing back: the account opens again, with what it showed, unless something else keeps it
    closed.
    """
    closure = Closure.objects.select_for_update().select_related("user").get(pk=closure.pk)
    closure.delete()
    accounts.open_again(closure.user, User.Closed.LEAVING)


def is_last_administrator(user: User) -> bool:
    """Whether nobody else could give rights on this site. Locks the administrators for the transaction."""
    if not user.is_superuser:
        return False
    administrators = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
    return [one.pk for one in administrators.order_by("pk")] == [user.pk]


def announce(rows: QuerySet[User]) -> None:
    """Tell people who have not come for long that their account will be erased in a month."""
    now = timezone.now()
    for user in rows:
        due = now + datetime.timedelta(days=NOTICE_DAYS)
        closure = Closure.objects.create(user=user, reason=Closure.Reason.INACTIVE, asked_at=now, due_at=due)
        post(user, "privacy.inactive", about=closure, day=due, link=reverse("my_space"))


def remind(rows: QuerySet[Closure]) -> None:
    """Tell them again, a week before. Those who came back since are left alone."""
    for closure in _still_away(rows):
        closure.reminded_at = timezone.now()
        closure.save(update_fields=["reminded_at"])
        post(
            closure.user, "privacy.inactive_soon", about=closure, day=closure.due_at, link=reverse("my_space")
        )


def erase_due(rows: QuerySet[Closure]) -> None:
    """Erase the accounts whose day has come, but for those whose owner came back since she was told."""
    for closure in _still_away(rows):
        erase(closure.user)


def _still_away(rows: QuerySet[Closure]) -> list[Closure]:
    """The closures that still hold: whoever signed in after being told keeps her account."""
    held = []
    for closure in rows.select_related("user"):
        back = closure.user.last_login and closure.user.last_login > closure.asked_at
        if closure.reason == Closure.Reason.INACTIVE and back:
            closure.delete()
        else:
            held.append(closure)
    return held


def forget_erasures(rows: QuerySet[Erasure]) -> None:
    """Drop the fingerprints that no backup needs any more."""
    for erasure in rows:
        journal.forget(erasure.fingerprint, erasure.erased_at)
    rows.delete()


def _start_erasure(closure_id: int) -> None:
    from .tasks import erase_closed

    try:
        erase_closed.apply_async((closure_id,), retry=False)
    except OperationalError:
        return  # beat erases it within the hour


def replay_erasures() -> int:
    """Erase again the accounts that a restored backup brought back. Returns how many.

    An account opened after the erasure, at the same address, is another one and is left alone.
    """
    known = {*journal.noted(), *Erasure.objects.values_list("fingerprint", "erased_at")}
    again = 0
    for user in User.objects.order_by("pk").iterator():
        marks = journal.fingerprints(user.email)
        if any(mark in marks and user.date_joined <= at for mark, at in known):
            erase(user)
            again += 1
    return again


def note_erasures() -> None:
    """Write in the journal what a stop between a commit and the storage may have left out."""
    since = timezone.now() - datetime.timedelta(days=COOLING_DAYS)
    for erasure in Erasure.objects.filter(erased_at__gte=since):
        journal.note(erasure.fingerprint, erasure.erased_at)
