"""Ways in through someone else: a member, a structure, a poster, the team. Nothing typed goes in a mail."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from moderation.models import Rule, Status
from moderation.registry import kind_of
from moderation.workflow import Hand, Impossible, Verb, apply
from notifications.actions import post

from ..models import Actor, Charter, Invitation, Origin, Poster, Structure
from .charter import sign_charter

#: What one person may send in a day, and how long one address is then left in peace.
MOST_A_DAY = 5
LEFT_IN_PEACE = datetime.timedelta(days=7)
VALID = datetime.timedelta(days=30)
#: No letter or digit that looks like another: a code is also read aloud and copied from paper.
CODE_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def invite(email: str, *, by: User, structure: Structure | None = None) -> None:
    """Invite someone to have a page here; for a structure, to be named on its page too.

    Nothing tells whether the address has an account. Raises Impossible, with words for whoever invites.
    """
    User.objects.select_for_update().get(pk=by.pk)
    page = Actor.objects.published().filter(user=by).first()
    if structure is None and page is None:
        raise Impossible(_("Pour parrainer quelqu’un, votre propre page doit d’abord être en ligne."))
    now, email = timezone.now(), email.lower()
    if by.invitations_sent.filter(sent_at__gt=now - datetime.timedelta(days=1)).count() >= MOST_A_DAY:
        raise Impossible(
            _("Pas plus de %(limit)d invitations par jour. Recommencez demain.") % {"limit": MOST_A_DAY}
        )
    if Invitation.objects.filter(email=email, sent_at__gt=now - LEFT_IN_PEACE).exists():
        raise Impossible(_("Cette adresse a déjà reçu une invitation ces derniers jours."))
    kind = Invitation.Kind.STRUCTURE if structure else Invitation.Kind.MEMBER
    invitation, token = _invitation(kind, email, by, structure=structure)
    if not Actor.objects.filter(user__email=email).exists():
        post(
            email,
            f"directory.invited_by_{kind}",
            about=invitation,
            who=structure.name if structure else page.display_name,
            link=reverse("invitation", args=[token]),
            by=by,
        )


@transaction.atomic
def make_poster(title: str, *, by: User) -> Poster:
    """A poster for a place or an event, with its short code."""
    code = "".join(secrets.choice(CODE_SIGNS) for _sign in range(7))
    return Poster.objects.create(code=code, title=title, created_by=by)


@transaction.atomic
def enter_for(email: str, changes: Mapping[str, object], *, by: User) -> Actor:
    """Enter the page of someone who said it on paper or by phone, and ask her to confirm it.

    It stays a draft that nobody else sees until she does. Raises Impossible where the address has an account.
    """
    email = email.lower()
    if User.objects.filter(email=email).exists():
        raise Impossible(
            _("Cette adresse a déjà un compte : la personne peut créer ou changer sa page elle-même.")
        )
    user = User.objects.create_user(email)
    user.emailaddress_set.create(email=email, primary=True, verified=False)
    page = Actor(user=user, origin=Origin.TEAM, entered_by=by)
    kind_of(page).write(page, changes)
    invitation, token = _invitation(Invitation.Kind.TEAM, email, by, page=page)
    post(user, "directory.page_entered", about=invitation, link=reverse("confirm_page", args=[token]))
    return page


@transaction.atomic
def confirm_page(invitation: Invitation, *, charter: Charter | None) -> Actor:
    """The person says that a page entered for her is right: she signs the charter, and it appears.

    Raises Impossible when the link was used meanwhile.
    """
    page = Actor.objects.select_for_update(of=("self",)).get(pk=invitation.page_id)
    if not use_up(invitation, page.user) or page.status != Status.DRAFT:
        raise Impossible(_("Ce lien a déjà servi."))
    # Only whoever reads this mailbox has the link: the address is hers.
    page.user.emailaddress_set.filter(email=invitation.email).update(verified=True)
    if charter:
        sign_charter(charter, user=page.user)
    kind_of(page).check(page, page.user)
    apply(page, Verb.PUBLISH, hand=Hand.SITE, by=page.user, rule=Rule.TEAM)
    return page


@transaction.atomic
def refuse_page(invitation: Invitation) -> None:
    """The person does not want the page entered for her: it goes, and the account that was made with it."""
    page = Actor.objects.select_for_update(of=("self",)).get(pk=invitation.page_id)
    if not use_up(invitation, page.user) or page.status != Status.DRAFT:
        raise Impossible(_("Ce lien a déjà servi."))
    page.user.delete()


def use_up(invitation: Invitation, user: User) -> bool:
    """Use an invitation up: of two who try at the same moment, one has it."""
    usable = Invitation.objects.usable().filter(pk=invitation.pk)
    return bool(usable.update(used_at=timezone.now(), used_by=user))


def _invitation(kind: Invitation.Kind, email: str, by: User, **about: object) -> tuple[Invitation, str]:
    token, now = secrets.token_urlsafe(24), timezone.now()
    invitation = Invitation.objects.create(
        kind=kind,
        email=email,
        sponsor=by,
        token_print=Invitation.print_of(token),
        sent_at=now,
        expires_at=now + VALID,
        **about,
    )
    return invitation, token
