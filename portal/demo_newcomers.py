"""Someone of the demonstration at each stage of joining: invented people, the same actions as anyone's."""

from __future__ import annotations

from accounts.models import User
from directory import actions
from directory.charter import load_charter
from directory.models import Actor, Charter, Invitation, Poster, Term
from moderation import actions as moderation
from moderation.models import Case, Verb
from territories.models import Territory

#: Name, role, commune, and how far she is.
DRAFT = ("Oriane", "Bruyelande", "citoyen", "")
SENT = ("Thiébaut", "Corvalière", "proche-aidant", "com-09122")
RETURNED = ("Ysaline", "Marquefontaine", "patient-partenaire", "com-09225")
SPONSORED = ("Gaspard", "Ombrevigne", "professionnel-sante", "com-31555")
BY_POSTER = ("Mahaut", "Serpelune", "personne-accompagnee", "com-09261")
Person = tuple[str, str, str, str]


def charter_of_demo() -> Charter:
    """The charter that everyone of the demonstration signs."""
    return Charter.objects.in_force() or load_charter()


def newcomers(charter: Charter, *, sponsor: User, team: User, editor: Actor) -> None:
    """A draft, a page that waits, one sent back, one sponsored, one come by a poster, an edit that waits."""
    Poster.objects.all().delete()
    _begin(DRAFT)
    _send(_begin(SENT), charter)
    returned = _begin(RETURNED)
    _send(returned, charter)
    reason = "Merci pour votre page. Dites aussi ce que vous cherchez, pour qu’on puisse vous répondre."
    moderation.decide(Case.objects.of(returned).open().get(), Verb.RETURN, by=team, reason=reason)
    actions.invite("gaspard.ombrevigne@example.org", by=sponsor)
    _send(_begin(SPONSORED, invitation=Invitation.objects.latest("pk")), charter)
    _send(_begin(BY_POSTER, poster=actions.make_poster("Hall d’accueil (exemple)", by=team)), charter)
    actions.edit_page(editor, {"headline": "Toujours partante pour un café-rencontre."}, by=editor.user)


def _begin(person: Person, *, invitation: Invitation | None = None, poster: Poster | None = None) -> Actor:
    first_name, last_name, role, commune = person
    term = Term.objects.get(vocabulary="role", slug=role)
    page = actions.start_page(
        user=User.objects.create_user(f"{first_name}.{last_name}@example.org"),
        changes={"first_name": first_name, "last_name": last_name, "terms": {str(term.pk): None}},
        invitation=invitation,
        poster=poster,
    )
    if commune:
        actions.edit_page(page, {"commune": Territory.objects.by_ref(commune).pk}, by=page.user)
    return page


def _send(page: Actor, charter: Charter) -> None:
    actions.sign_charter(charter, user=page.user)
    moderation.submit(page, by=page.user)
