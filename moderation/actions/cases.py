"""The queue: opening a case, taking it, putting it back, closing it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from notifications.actions import post

from ..models import Case, Note, Publishable, Rule
from ..registry import kind_of, matter_of, places_of
from ..rules import moderators_of
from ..workflow import Impossible


@transaction.atomic
def open_case(
    nature: Case.Nature,
    target: models.Model,
    *,
    about: Publishable | None = None,
    author: User | None = None,
    rule: Rule | None = None,
    urgent: bool = False,
    not_for: User | None = None,
) -> Case:
    """Put `target` in the queue. A case of this nature that is already open for it is given back, as urgent
    as the more urgent of the two. Those who moderate are told at once, by mail, of what cannot wait.

    about: the contribution that gives the case its name, places and people; `target` itself where it is one.
    """
    page = about or (target if isinstance(target, Publishable) else None)
    owners = {owner.pk for owner in kind_of(page).owners(page)} if page else set()
    case = Case(
        nature=nature,
        target=target,
        label=str(page or target)[:200],
        rule=rule or "",
        author=author,
        parties=sorted(owners | ({author.pk} if author else set())),
        places=list(places_of(page or target)) if page or matter_of(target) else [],
        urgent=urgent,
        not_for=not_for,
    )
    Case.objects.bulk_create([case], ignore_conflicts=True)
    known = Case.objects.of(target).open().select_for_update().get(nature=nature)
    if urgent:
        known.urgent = True
        known.save(update_fields=["urgent"])
        for moderator in moderators_of(known):
            post(moderator, "moderation.urgent", about=known, link=known.get_absolute_url())
    return known


def claim(case: Case, *, by: User) -> None:
    """Take a case in hand. Raises Impossible when someone else already has it, when it is settled, or when it
    is not for her.
    """
    hers = Case.objects.filter(pk=case.pk).for_moderator(by).free_for(by)
    if not hers.update(claimed_by=by, claimed_at=timezone.now()):
        raise Impossible(_("Quelqu’un d’autre s’occupe déjà de ce dossier, ou l’a réglé."))
    case.refresh_from_db()


def release(case: Case, *, by: User) -> None:
    """Put a case back in the queue. What someone else holds is left to them."""
    Case.objects.open().filter(pk=case.pk, claimed_by=by).update(claimed_by=None, claimed_at=None)


def close(case: Case, *, by: User | None, outcome: str) -> None:
    """Settle a case. Raises Impossible when it was settled meanwhile."""
    closed = Case.objects.open().filter(pk=case.pk)
    if not closed.update(closed_at=timezone.now(), closed_by=by, outcome=outcome):
        raise Impossible(_("Ce dossier est déjà réglé."))
    case.refresh_from_db()


@transaction.atomic
def settle(case: Case, code: str, *, by: User, reason: str = "") -> None:
    """Decide of a case that is about no contribution, by one of the choices of its matter.

    Raises Impossible when someone else holds it, it is settled, or there is no such choice; and
    ValidationError when a reason is needed and missing.
    """
    claim(case, by=by)
    matter = matter_of(case.target)
    choice = next((one for one in matter.choices if one.code == code), None) if matter else None
    if choice is None:
        raise Impossible(_("Ce choix n’existe pas pour ce dossier. Rechargez la page."))
    if choice.needs_reason and not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi : la personne le lira.")})
    matter.settle(case.target, code, by, reason.strip())
    close(case, by=by, outcome=code)


def drop(target: models.Model, *natures: Case.Nature) -> None:
    """Close what is open about `target`, of these natures, when there is nothing left to decide."""
    open_ones = Case.objects.of(target).open().filter(nature__in=natures)
    open_ones.update(closed_at=timezone.now(), outcome="dropped")


def write_note(case: Case, *, by: User, text: str) -> Note:
    """Leave a word for the others who moderate."""
    return Note.objects.create(case=case, by=by, text=text)
