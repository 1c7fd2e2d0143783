"""What goes on around the structures of the demonstration: asked, proposed, waiting, to be told apart."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.contenttypes.models import ContentType

from accounts.models import User
from moderation import actions as moderation

from .. import actions
from ..models import Actor, OldAddress, Structure, Term

KEPT = "centre-operationnel-du-partenariat-en-sante"
CLAIMED = "agence-regionale-de-sante-occitanie"
SEEN_TWICE = "savoir-s-patient-s"


def keep_structures(structures: Mapping[str, Structure], *, member: User, referent: User) -> None:
    """`referent` keeps one page and waits for an edit of it; `member` claims another and sends a third, which
    looks much like one that exists. The rest is kept by nobody, and may be claimed.
    """
    kept = structures[KEPT]
    kept.referents.add(referent)
    actions.verify_structure(kept)
    moderation.revise(kept, {"phone": "05 00 00 00 00"}, by=referent)
    actions.propose_member(kept, member.actor, by=referent)
    actions.claim_structure(
        structures[CLAIMED],
        by=member,
        function="Chargée de mission démocratie en santé",
        proof="L’accueil peut le confirmer par téléphone.",
    )
    known = structures[SEEN_TWICE]
    twin = actions.start_structure(
        by=member,
        name="Savoirs patients",
        category=Term.objects.get(vocabulary="category", slug="association-usagers"),
        commune=known.commune,
        description="Association qui fait reconnaître les savoirs des patients et de leurs proches.",
    )
    moderation.submit(twin, by=member)


def remember_addresses(structures: Mapping[str, Structure], actors: Mapping[str, Actor]) -> int:
    """The addresses that these pages had on the former site: `/structure/nom/`, `/membres/pseudo/`."""
    OldAddress.objects.all().delete()
    led = [
        *((f"/structure/{slug}/", page) for slug, page in structures.items()),
        *((f"/membres/{name}/", page) for name, page in actors.items()),
    ]
    types = ContentType.objects.get_for_models(Structure, Actor)
    made = OldAddress.objects.bulk_create(
        OldAddress(path=path, content_type=types[type(page)], object_id=page.pk) for path, page in led
    )
    return len(made)
