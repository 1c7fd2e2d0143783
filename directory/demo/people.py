"""Invented people for the demonstration: the same ones for the same seed, and nobody real.

Names are made up, addresses end in example.org, and no text names a health theme that the person's consents
would not let its readers see.
"""

import random
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from directory.demo.files import table, terms
from directory.demo.prose import Bag, Bags, Writer
from directory.demo.structures import DemoStructure, structures

CONSENTS = ("store", "members", "everyone", "matching")
CAREFUL_THEMES = ("vecu-general", "non-precise")
LAST_YEAR = 2025

# Roles that go with none of the further roles of their side: a student does not yet coordinate a territory.
LONE_ROLES = ("etudiant-sante", "elu", "aidant", "personnalite-qualifiee", "resident")
# Of a user, these would tell of her own health: only her themes may, under her consents.
TELLING_PUBLICS = frozenset(
    {
        "sante-mentale",
        "troubles-cognitifs",
        "communication-differente",
        "victimes-violences",
        "handicap-moteur",
        "handicap-intellectuel",
        "handicap-sensoriel",
    }
)
# A professional who is not also a user does not claim what only living it teaches.
LIVED_COMPETENCES = frozenset({"pair-aidance", "savoirs-experientiels"})


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role of the vocabulary, held since that year."""

    slug: str
    since: int


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a person does in one of the demonstration's structures."""

    structure: str
    function: str


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person, in the vocabulary of `terms.toml`.

    `consents` has one boolean for each of CONSENTS and concerns `themes`; without "store", `themes` is empty.
    `audience` is "everyone", "members", "professionals", "team" or "me".
    """

    first_name: str
    last_name: str
    pseudonym: str | None
    name_style: str
    email: str
    commune_code: str
    roles: tuple[HeldRole, ...]
    domains: tuple[str, ...]
    competences: tuple[str, ...]
    publics: tuple[str, ...]
    recognition: tuple[str, ...]
    languages: tuple[str, ...]
    availability: tuple[str, ...]
    themes: tuple[str, ...]
    consents: Mapping[str, bool]
    audience: str
    searchable: bool
    paused: bool
    headline: str
    presentation: str
    experience: str
    training: str
    engagements: str
    offers: str
    needs: str
    interests: str
    memberships: tuple[Belonging, ...]


def people(count: int = 300, seed: int = 2025) -> Iterator[Person]:
    """`count` invented people, deterministic for a given count and seed."""
    rng = random.Random(seed)
    cast = _Cast(rng, count)
    for number in range(count):
        yield cast.person(number)


def may_name_theme(consents: Mapping[str, bool], audience: str) -> bool:
    """Whether everyone who can read the person's texts may also know her health themes."""
    return consents["everyone"] or (consents["members"] and audience != "everyone")


@cache
def side_of(role: str) -> str:
    """The side of a role: "usager" or "professionnel" (roles of neither side write like professionals)."""
    side = next(term["side"] for term in terms()["role"] if term["slug"] == role)
    return "usager" if side == "usager" else "professionnel"


def quotas(weights: Mapping[str, int], count: int, rng: random.Random) -> list[str]:
    """`count` keys in random order, each as often as its weight says, and at least once when count allows."""
    total = sum(weights.values())
    shares = {key: max(1, round(count * weight / total)) for key, weight in weights.items()}
    keys = [key for key, share in shares.items() for _ in range(share)]
    rng.shuffle(keys)
    while len(keys) < count:
        keys.append(rng.choices(list(weights), list(weights.values()))[0])
    if len(keys) > count:
        keys = _trimmed(keys, count)
    return keys


def _trimmed(keys: list[str], count: int) -> list[str]:
    """Drop the surplus, taking it from the most frequent keys so that the rare ones stay."""
    kept = list(keys)
    while len(kept) > count:
        kept.remove(max(dict.fromkeys(kept), key=kept.count))
    return kept


class _Cast:
    """Everything drawn without replacement for one run: names, roles, consents, sentences."""

    def __init__(self, rng: random.Random, count: int):
        shape = table("profile")
        self.rng = rng
        self.bags = Bags(rng)
        self.names = _names(rng, count)
        self.primary = quotas(shape["roles"], count, rng)
        self.audiences = quotas(shape["audience"], count, rng)
        self.styles = quotas(shape["name_style"], count, rng)
        self.towns = _towns(rng, count)
        sides = [side_of(role) for role in self.primary]
        self.consents = {
            side: iter(quotas(shape["consents"][side], sides.count(side), rng))
            for side in ("usager", "professionnel")
        }
        self.themes = Bag(rng, [slug for slug in _slugs("theme") if slug not in CAREFUL_THEMES])

    def person(self, number: int) -> Person:
        first_name, last_name, feminine = self.names[number]
        style = self.styles[number]
        code, town, department = self.towns[number]
        side = side_of(self.primary[number])
        roles = self._roles(self.primary[number])
        consents = _consents(next(self.consents[side]))
        themes = self._themes(roles) if consents["store"] else ()
        audience = self.audiences[number]
        named = bool(themes) and themes[0] not in CAREFUL_THEMES and may_name_theme(consents, audience)
        said = self._terms(side)
        writer = Writer(
            rng=self.rng,
            bags=self.bags,
            feminine=feminine,
            side=side,
            roles=[role.slug for role in roles],
            town=town,
            theme=themes[0] if named and self.rng.random() < 0.85 else None,
        )
        return Person(
            first_name=first_name,
            last_name=last_name,
            pseudonym=self._pseudonym() if style == "pseudonym" else None,
            name_style=style,
            email=_email(first_name, last_name),
            commune_code=code,
            roles=roles,
            themes=themes,
            consents=consents,
            audience=audience,
            searchable=audience == "everyone" and self.rng.random() < 0.35,
            paused=self.rng.random() < 0.04,
            memberships=self._memberships(writer, department, themes if named else ()),
            languages=self._languages(department),
            **said,
            **self._texts(writer, said["domains"], said["competences"]),
        )

    def _roles(self, primary: str) -> tuple[HeldRole, ...]:
        """One to three roles; some people stand on both sides at once."""
        side, chance, others = side_of(primary), self.rng.random(), table("profile")["second_roles"]
        wanted = [primary]
        if chance < 0.45 and primary not in LONE_ROLES:
            wanted.append(self.rng.choice(others[side]))
        if chance < 0.12:
            wanted.append(self.rng.choice(others[f"crossed_{side}"]))
        since = self.rng.randint(2023 if primary == "etudiant-sante" else 2006, LAST_YEAR - 2)
        roles = []
        for slug in dict.fromkeys(wanted):
            roles.append(HeldRole(slug, since))
            since = self.rng.randint(since, LAST_YEAR)
        return tuple(roles)

    def _themes(self, roles: tuple[HeldRole, ...]) -> tuple[str, ...]:
        chance = self.rng.random()
        if chance < 0.1:
            return ("non-precise",)
        if chance < 0.22 or any(role.slug == "citoyen" for role in roles):
            return ("vecu-general",)
        return tuple(dict.fromkeys(self.themes.draw() for _ in range(self.rng.choice((1, 1, 1, 2)))))

    def _pseudonym(self) -> str:
        names = table("names")
        start = self.bags.draw(("pseudonym", "start"), names["pseudonym_starts"])
        return f"{start} {self.bags.draw(('pseudonym', 'end'), names['pseudonym_ends'])}"

    def _some(self, vocabulary: str, least: int, most: int, but: Collection[str] = ()) -> tuple[str, ...]:
        """A few terms of a vocabulary, in its order."""
        slugs = [slug for slug in _slugs(vocabulary) if slug not in but]
        drawn = set(self.rng.sample(slugs, self.rng.randint(least, most)))
        return tuple(slug for slug in slugs if slug in drawn)

    def _terms(self, side: str) -> dict[str, tuple[str, ...]]:
        recognition = self._some("recognition", 0, 3)
        if "aucune" in recognition:
            recognition = ("aucune",)
        usager = side == "usager"
        return {
            "domains": self._some("domain", 1, 3),
            "competences": self._some("competence", 2, 5, () if usager else LIVED_COMPETENCES),
            "publics": self._some("public", 0, 3, TELLING_PUBLICS if usager else ()),
            "recognition": recognition if usager else recognition[:1],
            "availability": self._some("availability", 1, 4),
        }

    def _languages(self, department: str) -> tuple[str, ...]:
        shape = table("profile")["languages"]
        if self.rng.random() > 0.4:
            return ("francais",)
        spoken = {"francais", self.rng.choice(shape.get(department, []) + shape["common"])}
        if self.rng.random() < 0.25:
            spoken.add(self.rng.choice(shape["other"]))
        return tuple(slug for slug in _slugs("language") if slug in spoken)

    def _texts(self, writer: Writer, domains, competences) -> dict[str, str]:
        return {
            "headline": writer.headline(),
            "presentation": writer.presentation(),
            "experience": writer.experience(),
            "training": writer.training() if self.rng.random() < 0.65 else "",
            "engagements": writer.engagements(domains) if self.rng.random() < 0.75 else "",
            "offers": writer.offers(competences) if self.rng.random() < 0.8 else "",
            "needs": writer.needs() if self.rng.random() < 0.65 else "",
            "interests": writer.interests() if self.rng.random() < 0.7 else "",
        }

    def _memberships(self, writer: Writer, department: str, shown: tuple[str, ...]) -> tuple[Belonging, ...]:
        """Structures of her département that suit her roles and do not betray what she keeps to herself."""
        belongings: dict[str, Belonging] = {}
        for role in writer.roles:
            likely = [
                structure
                for structure in _nearby(department, role)
                if writer.side == "professionnel" or _discreet(structure, shown)
            ]
            if likely and self.rng.random() < (0.7 if not belongings else 0.3):
                structure = self.rng.choice(likely)
                belongings.setdefault(structure.slug, Belonging(structure.slug, writer.function(role)))
        return tuple(belongings.values())


def _discreet(structure: DemoStructure, shown: tuple[str, ...]) -> bool:
    """Whether belonging to the structure says no more of a user's health than the themes she shows."""
    return set(structure.themes) <= set(shown) and not TELLING_PUBLICS & set(structure.publics)


@cache
def _slugs(vocabulary: str) -> list[str]:
    return [term["slug"] for term in terms()[vocabulary]]


@cache
def _nearby(department: str, role: str) -> tuple[DemoStructure, ...]:
    categories = table("texts")["roles"][role]["structures"]
    return tuple(
        structure
        for structure in structures()
        if structure.department == department and structure.category in categories
    )


def _consents(kind: str) -> dict[str, bool]:
    granted = kind.split()
    return {purpose: purpose in granted for purpose in CONSENTS}


def _names(rng: random.Random, count: int) -> list[tuple[str, str, bool]]:
    """(first name, surname, feminine), every pair different."""
    names = table("names")
    surnames = [
        start + end
        for start in names["surname_starts"]
        for end in names["surname_ends"]
        if start[-1] != end[0]
    ]
    first, last = Bags(rng), Bag(rng, surnames)
    drawn: dict[tuple[str, str], bool] = {}
    while len(drawn) < count:
        gender = "feminine" if rng.random() < 0.6 else "masculine"
        drawn.setdefault((first.draw((gender,), names[gender]), last.draw()), gender == "feminine")
    return [(first_name, last_name, feminine) for (first_name, last_name), feminine in drawn.items()]


def _towns(rng: random.Random, count: int) -> list[tuple[str, str, str]]:
    """(commune code, its name, its département), half of them in the largest town of the département."""
    departments = {row["code"]: row for row in table("communes")["department"]}
    drawn = []
    for code in quotas({code: row["share"] for code, row in departments.items()}, count, rng):
        communes = departments[code]["communes"]
        commune = communes[0] if rng.random() < 0.3 else rng.choice(communes)
        drawn.append((commune["code"], commune["name"], code))
    return drawn


def _email(first_name: str, last_name: str) -> str:
    ascii_name = unicodedata.normalize("NFKD", f"{first_name}.{last_name}").encode("ascii", "ignore").decode()
    return f"{re.sub('[^a-z.]', '', ascii_name.lower())}@example.org"
