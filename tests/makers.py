"""Things for tests to work on, made by the same actions as anywhere else."""

from __future__ import annotations

import datetime
import itertools
import re

from django.core import mail
from django.utils import timezone

from accounts import actions as accounts
from accounts.audience import Audience
from accounts.models import Consent, User
from contact import actions as letters
from contact.models import Conversation
from directory import actions
from directory.models import Actor, Structure, Term
from projects import actions as projects
from projects.contributions import write_project
from projects.models import Project
from territories.models import Territory

_numbers = itertools.count(1)


def user(*, closed: str = "", **traits) -> User:
    """Someone with an account; `is_team=True` and the like as `traits`; `closed`: a reason why it is."""
    made = User.objects.create_user(f"person{next(_numbers)}@example.org", **traits)
    if closed:
        accounts.close(made, User.Closed(closed))
    return made


def commune(ref: str = "com-09261") -> Territory:
    return Territory.objects.by_ref(ref)


def terms(**slugs: str) -> list[Term]:
    """`terms(role="proche-aidant", theme="diabete")`"""
    return [Term.objects.get(vocabulary=vocabulary, slug=slug) for vocabulary, slug in slugs.items()]


def actor(
    *,
    place: str = "com-09261",
    audience: Audience = Audience.EVERYONE,
    consents: tuple[str, ...] = (),
    themes: tuple[str, ...] = (),
    published: bool = True,
    user: User | None = None,
    **fields,
) -> Actor:
    """A person's page; themes need the consent "store" at least."""
    number = next(_numbers)
    texts = fields.pop("texts", {})
    made = actions.create_actor(
        user=user or User.objects.create_user(f"person{number}@example.org"),
        first_name=fields.pop("first_name", "Camille"),
        last_name=fields.pop("last_name", f"Clairvallon{number}"),
        commune=commune(place),
        audience=audience,
        terms=dict.fromkeys(fields.pop("terms", terms(role="patient-partenaire"))),
        texts=texts,
        **fields,
    )
    for purpose in consents:
        actions.consent_to_themes(made, Consent.Purpose(purpose), granted=True)
    if themes:
        actions.set_themes(made, Term.objects.filter(vocabulary="theme", slug__in=themes))
    if published:
        actions.publish(made)
    return made


def structure(
    *, place: str = "com-09261", category: str = "centre-hospitalier", published: bool = True, **fields
) -> Structure:
    """A structure's page."""
    number = next(_numbers)
    made = actions.create_structure(
        name=fields.pop("name", f"Structure {number}"),
        category=Term.objects.get(vocabulary="category", slug=category),
        commune=commune(place),
        **fields,
    )
    if published:
        actions.publish(made)
    return made


def project(*, by: User | None = None, published: bool = True, **said) -> Project:
    """A project, with what `write_project` takes as `said`."""
    by = by or member()
    made = projects.start_project(
        by=by, title=said.pop("title", f"Projet {next(_numbers)}"), summary="Une phrase.", commune=commune()
    )
    stage = terms(stage="en-cours")[0]
    somebody = {"actor": None, "name": "Quelqu’un", "function": "", "side": "usager"}
    write_project(made, {"stage": stage.pk, "objectives": "Agir", "people": [somebody], **said})
    made.refresh_from_db()
    if published:
        actions.publish(made)
    return made


def member(*, joined_days_ago: int = 30, **page) -> User:
    """Someone with a published page and a mail address shown to be hers: she may write to others."""
    made = User.objects.create_user(
        f"person{next(_numbers)}@example.org",
        date_joined=timezone.now() - datetime.timedelta(days=joined_days_ago),
    )
    made.emailaddress_set.create(email=made.email, verified=True, primary=True)
    actor(user=made, **page)
    return made


def conversation(
    asker: User | None = None, to: User | Structure | None = None, text: str = "Bonjour"
) -> Conversation:
    """A first letter, from someone to someone, or to a structure."""
    to = to or member()
    page = to if isinstance(to, Structure) else to.actor
    return letters.start(asker=asker or member(), page=page, text=text)


def token_mailed(page: str) -> str:
    """The token of the link to `page` in the last mail that left: the outbox forgets it once sent."""
    return re.findall(rf"/{page}/([\w-]+)/", mail.outbox[-1].body)[-1]


def invitation(*, by: User | None = None, email: str = "") -> str:
    """Someone invited by a member; gives the token of her link."""
    by = by or actor().user
    actions.invite(email or f"invited{next(_numbers)}@example.org", by=by)
    return token_mailed("invitation")


def entered_page(**changes: object) -> str:
    """A page entered by the team for someone; gives the token of the link by which she confirms it."""
    role = terms(role="proche-aidant")[0]
    said = {
        "first_name": "Aubin",
        "last_name": "Ombrelune",
        "commune": commune().pk,
        "terms": {str(role.pk): None},
        **changes,
    }
    actions.enter_for(f"entered{next(_numbers)}@example.org", said, by=user(is_team=True))
    return token_mailed("confirmer-ma-fiche")
