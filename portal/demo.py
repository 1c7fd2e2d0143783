"""The demonstration: real public structures, invented people, made through the same actions as anyone's."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from random import Random

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.audience import Audience
from accounts.models import Consent, User
from contact.demo import demo_conversations
from directory import actions
from directory.demo.files import table
from directory.demo.keeping import keep_structures, remember_addresses
from directory.demo.people import Person, people
from directory.demo.structures import structures
from directory.models import Actor, Structure, Term
from moderation.models import Case, Revision
from privacy.erasure import allow_deleting
from projects.demo import demo_projects
from projects.models import Project
from territories.demo import demo_health_territories
from territories.models import Territory

from .context import CACHE_KEY
from .demo_desk import fill_desk
from .demo_newcomers import charter_of_demo, newcomers
from .models import Instance
from .team import team_group

PASSWORD = "partenariat-demo"  # noqa: S105 printed for all to see, and refused outside the demonstration
#: One account per kind of user: what it is, and its address.
ACCOUNTS = {
    "membre": ("Membre (personne en soin)", "membre@example.org"),
    "referent": ("Référente d’une structure", "referente@example.org"),
    "ambassadeur": ("Ambassadrice territoriale (Ariège)", "ambassadrice@example.org"),
    "equipe": ("Équipe", "equipe@example.org"),
    "admin": ("Administration", "admin@example.org"),
}
SEED = 20260619
#: What a person writes freely, in the demo content and on the page alike.
TEXTS = ("headline", "presentation", "experience", "training", "engagements", "interests", "offers", "needs")
TERMS = {
    "domains": "domain",
    "competences": "competence",
    "publics": "public",
    "recognition": "recognition",
    "languages": "language",
    "availability": "availability",
}
Say = Callable[[str], None]


class Demo:
    """Everything the demonstration makes, in order; the same at every run."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.random = Random(SEED)
        self.terms = {(term.vocabulary, term.slug): term for term in Term.objects.all()}
        self.communes: dict[str, Territory] = {}
        self.structures: dict[str, Structure] = {}
        self.today = timezone.now()
        self.charter = charter_of_demo()

    @transaction.atomic
    def load(self) -> None:
        """Remove what an earlier run made, then make it all again. Refuses on a site that is not a demo."""
        if not settings.DEMO_ALLOWED:
            raise PermissionError("The demo's passwords are public: it is for a developer's machine.")
        if User.objects.exclude(email__endswith="@example.org").exists():
            raise PermissionError("There are real accounts here: the demo would be mixed with them.")
        allow_deleting()
        Case.objects.all().delete()
        Revision.objects.all().delete()
        Project.objects.all().delete()
        Structure.objects.all().delete()
        User.objects.all().delete()
        Case.objects.all().delete()
        self._instance()
        self.say(f"  {len(demo_health_territories())} territoires de santé")
        self._structures()
        self.say(f"  {len(self.structures)} structures")
        self.say(f"  {self._people()} personnes fictives")
        self._accounts()
        self.say(f"  {self._projects()} projets")
        self.say(f"  {self._conversations()} conversations")
        self.say(f"  {self._former_addresses()} anciennes adresses")
        team, ambassador = (User.objects.get(email=ACCOUNTS[kind][1]) for kind in ("equipe", "ambassadeur"))
        cases = fill_desk(team=team, ambassador=ambassador)
        self.say(f"  {cases} dossiers sur le bureau de la modération")
        cache.delete(CACHE_KEY)

    def _instance(self) -> None:
        facts = table("instance")
        contact = facts["contact"]
        Instance.objects.update_or_create(
            pk=1,
            defaults={
                **{name: facts[name] for name in ("name", "short_name", "tagline", "bearer_line")},
                **{f"contact_{name}": contact[name] for name in ("name", "phone", "email")},
                "contact_address": f"{contact['address']}\n{contact['postal_code']} {contact['city']}",
                "region": Territory.objects.by_ref(facts["region"]),
                "is_demo": True,
            },
        )

    def _structures(self) -> None:
        entries = structures()
        self._learn_communes(entry.commune for entry in entries)
        for entry in entries:
            structure = actions.create_structure(
                slug=entry.slug,
                name=entry.name,
                acronym=entry.acronym,
                category=self.terms["category", entry.category],
                commune=self.communes[entry.commune],
                description=entry.description,
                website=entry.website,
                lat=entry.lat,
                lon=entry.lon,
                terms=[
                    *self._named("domain", entry.domains),
                    *self._named("public", entry.publics),
                    *self._named("field", entry.fields),
                ],
                themes=self._named("theme", entry.themes),
                zones=[Territory.objects.by_ref(ref) for ref in entry.zones],
            )
            actions.publish(structure, at=self._some_day())
            self.structures[structure.slug] = structure

    def _people(self) -> int:
        everyone = list(people())
        self._learn_communes(person.commune_code for person in everyone)
        for number, person in enumerate(everyone):
            self._person(person, f"{number:03d}")
        return len(everyone)

    def _person(self, person: Person, number: str) -> Actor:
        actor = actions.create_actor(
            user=User.objects.create_user(person.email, is_verified_professional=self._is_verified(person)),
            first_name=person.first_name,
            last_name=person.last_name,
            name_style=Actor.NameStyle(person.name_style),
            pseudonym=person.pseudonym or "",
            commune=self.communes[person.commune_code],
            audience=Audience[person.audience.upper()],
            terms=self._terms_of(person),
            texts={name: getattr(person, name) for name in TEXTS},
            indexed_by_engines=person.searchable,
            paused=person.paused,
            slug=f"membre-{number}",
        )
        for purpose, granted in person.consents.items():
            if granted:
                actions.consent_to_themes(
                    actor, Consent.Purpose(purpose), granted=True, channel=Consent.Channel.DEMO
                )
        if person.themes:
            actions.set_themes(actor, self._named("theme", person.themes))
        for belonging in person.memberships:
            actions.join_structure(actor, self.structures[belonging.structure], belonging.function)
        actions.sign_charter(self.charter, user=actor.user)
        actions.publish(actor, at=self._some_day())
        return actor

    def _accounts(self) -> None:
        """Give the invented people of the first pages an account one can sign in to."""
        cast = Actor.objects.filter(audience=Audience.MEMBERS, paused=False)
        cast = cast.select_related("user").order_by("pk")
        usager = cast.filter(terms__side="usager").first()
        professional = cast.filter(terms__side="professionnel").exclude(pk=usager.pk).first()
        ambassador = Actor.objects.filter(audience=Audience.EVERYONE).select_related("user").last()
        for actor, kind in ((usager, "membre"), (professional, "referent"), (ambassador, "ambassadeur")):
            self._open(actor.user, kind)
        keep_structures(self.structures, member=usager.user, referent=professional.user)
        ambassador.user.ambassador_of.add(Territory.objects.by_ref("dep-09"))
        team = User(is_team=True, is_staff=True)
        self._open(team, "equipe")
        team.groups.add(team_group())
        self._open(User(is_team=True, is_staff=True, is_superuser=True), "admin")
        newcomers(self.charter, sponsor=usager.user, team=team, editor=professional)

    def _projects(self) -> int:
        team = User.objects.get(email=ACCOUNTS["equipe"][1])
        return demo_projects(by=team, structures=self.structures, find_term=lambda *named: self.terms[named])

    def _conversations(self) -> int:
        member, referent, ambassador = (
            User.objects.get(email=ACCOUNTS[kind][1]) for kind in ("membre", "referent", "ambassadeur")
        )
        structure = self.structures["centre-operationnel-du-partenariat-en-sante"]
        return demo_conversations(member, referent, ambassador, structure)

    def _former_addresses(self) -> int:
        """Of the structures, by their name; of the people who go by a pseudonym, by it."""
        hidden = Actor.objects.filter(name_style=Actor.NameStyle.PSEUDONYM).order_by("pk")
        return remember_addresses(self.structures, {slugify(actor.pseudonym): actor for actor in hidden})

    @staticmethod
    def _open(user: User, kind: str) -> None:
        user.email = ACCOUNTS[kind][1]
        user.set_password(PASSWORD)
        user.save()
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)

    def _learn_communes(self, codes: Iterable[str]) -> None:
        found = Territory.objects.communes().filter(code__in=set(codes))
        self.communes |= {commune.code: commune for commune in found}

    def _named(self, vocabulary: str, slugs: Iterable[str]) -> list[Term]:
        return [self.terms[vocabulary, slug] for slug in slugs]

    def _terms_of(self, person: Person) -> dict[Term, int | None]:
        """Every term of a person, roles with the year they date from."""
        held: dict[Term, int | None] = {self.terms["role", role.slug]: role.since for role in person.roles}
        for attribute, vocabulary in TERMS.items():
            held |= dict.fromkeys(self._named(vocabulary, getattr(person, attribute)))
        return held

    def _is_verified(self, person: Person) -> bool:
        sides = {self.terms["role", role.slug].side for role in person.roles}
        return "professionnel" in sides and self.random.random() < 0.5

    def _some_day(self) -> datetime.datetime:
        """A moment of the last ten months: pages were not all confirmed on the same day."""
        return self.today - datetime.timedelta(
            days=self.random.randint(1, 300), minutes=self.random.randint(0, 900)
        )
