"""A desk that looks alive: a little of everything that waits, made through the same actions as anyone's."""

from __future__ import annotations

import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.utils import timezone

from accounts.models import User
from directory import actions as directory
from directory.models import Actor, Charter, Structure, Term
from moderation import actions
from moderation.models import Case, Ground, Publishable, Verb
from territories.models import Territory

#: Structures that members propose: name, category, commune, what they say.
PROPOSED = (
    (
        "Café des aidants des Trois Vallées",
        "association-usagers",
        "com-09122",
        "Un après-midi par mois, des proches-aidants se retrouvent autour d’un café pour souffler et parler.",
    ),
    (
        "Atelier du pas suivant",
        "association-usagers",
        "com-09225",
        "Des personnes qui ont traversé une longue maladie en accompagnent d’autres vers la reprise.",
    ),
    (
        "Maison commune du Plantaurel",
        "association-usagers",
        "com-31555",
        "Un lieu ouvert où soignants et habitants préparent ensemble des actions de prévention.",
    ),
)
#: People who have just registered: name, commune, what they say.
NEWCOMERS = (
    (
        "Océane",
        "Clairbois",
        "com-09122",
        "Je voudrais rencontrer des personnes qui vivent la même chose.",
    ),
    ("Gaspard", "Montrieux", "com-31555", "Je relis des brochures de soins avec le regard d’un patient."),
)
HEADLINES = (
    "Je partage mon expérience du retour au travail après une longue maladie.",
    "Infirmière, j’anime des ateliers avec des patients partenaires.",
    "Proche-aidante depuis dix ans, je cherche d’autres personnes pour un groupe de parole.",
)


def fill_desk(*, team: User, ambassador: User) -> int:
    """Make what waits for moderators. Returns how many cases are open."""
    cast = list(
        Actor.objects.published()
        .filter(
            user__is_team=False, user__ambassador_of=None, user__password__startswith=UNUSABLE_PASSWORD_PREFIX
        )
        .select_related("user")
        .order_by("pk")[:20]
    )
    proposers, editors, stale = cast[:3], cast[3:6], cast[6:10]
    reported, trusted, warned, refused = cast[10:14]
    _register()
    _propose(proposers)
    for page, headline in zip(editors, HEADLINES, strict=True):
        actions.revise(page, {"headline": headline}, by=page.user)
    actions.vouch(trusted.user, by=ambassador)
    actions.revise(trusted, {"offers": "Un coup de main pour relire vos documents."}, by=trusted.user)
    _report(reported, Structure.objects.published().order_by("pk")[5], cast[14].user)
    _contest(refused, team)
    actions.warn(
        warned.user, by=team, ground=Ground.HARASSMENT, reason="Vos messages ont blessé plusieurs personnes."
    )
    _grow_old(stale)
    return _spread(team)


def _propose(proposers: list[Actor]) -> None:
    for proposer, (name, category, commune, description) in zip(proposers, PROPOSED, strict=True):
        structure = directory.create_structure(
            name=name,
            category=Term.objects.get(vocabulary="category", slug=category),
            commune=Territory.objects.by_ref(commune),
            description=description,
            referents=[proposer.user],
        )
        actions.submit(structure, by=proposer.user)


def _register() -> None:
    charter = Charter.objects.in_force()
    for number, (first_name, last_name, commune, headline) in enumerate(NEWCOMERS, 1):
        user = User.objects.create_user(f"nouvelle-page-{number}@example.org")
        page = directory.create_actor(
            user=user,
            first_name=first_name,
            last_name=last_name,
            commune=Territory.objects.by_ref(commune),
            terms={Term.objects.get(vocabulary="role", slug="patient-partenaire"): None},
            texts={"headline": headline},
        )
        if charter:
            directory.sign_charter(charter, user=user)
        actions.submit(page, by=user)


def _report(page: Actor, structure: Structure, member: User) -> None:
    actions.report(
        page,
        ground=Ground.PRIVACY,
        text="Un passage permet de reconnaître ma voisine et parle de sa maladie.",
        mail="voisine@example.org",
    )
    actions.report(structure, ground=Ground.FALSE, text="Cette adresse n’est plus la bonne.", reporter=member)


def _contest(page: Actor, team: User) -> None:
    actions.revise(page, {"headline": "Contactez-moi pour mes séances payantes."}, by=page.user)
    case = Case.objects.of(page).open().get(nature=Case.Nature.EDIT)
    reason = "Ce site ne publie pas de publicité."
    decision = actions.decide(case, Verb.REFUSE_EDIT, by=team, reason=reason, ground=Ground.SPAM)
    actions.appeal(decision, by=page.user, text="Ces séances sont gratuites : je me suis mal exprimé.")


def _grow_old(pages: list[Publishable]) -> None:
    """Pages confirmed long ago, and the steps that the site took since."""
    now = timezone.now()
    for page, days in zip(pages, (440, 433, 402, 370), strict=True):
        page.confirmed_at = now - datetime.timedelta(days=days)
        page.save(update_fields=["confirmed_at"])
    for days_ago in (70, 40, 8, 0):
        actions.advance(now - datetime.timedelta(days=days_ago))


def _spread(team: User) -> int:
    """Give cases the dates of a desk that lives, and one of them a pair of hands."""
    now = timezone.now()
    cases = list(Case.objects.open().order_by("pk"))
    for number, case in enumerate(cases):
        case.opened_at = now - datetime.timedelta(hours=5 + 6 * (len(cases) - number))
        case.save(update_fields=["opened_at"])
    actions.claim(next(case for case in cases if case.nature == Case.Nature.EDIT), by=team)
    return len(cases)
