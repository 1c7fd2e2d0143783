"""Draws invented people and structures: places by their population, words unevenly, as life does."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from accounts.audience import Audience
from accounts.models import Consent, User
from moderation.models import Status
from territories.models import Containment, Level, Territory

from ..demo.bulk import COMMON_WORD, bulk_fragments
from ..models import Actor, Listing, Structure, Term, Vocabulary

SEED = 8_421
NOW = datetime.datetime(2026, 11, 1, 9, tzinfo=datetime.UTC)

#: Circles a page is open to, in hundredths: two in five to everyone, half to members.
AUDIENCES = {
    Audience.EVERYONE: 40,
    Audience.MEMBERS: 50,
    Audience.PROFESSIONALS: 5,
    Audience.TEAM: 3,
    Audience.ME: 2,
}
#: Three people in five name health themes, each consenting to one of these circles.
WITH_THEMES = 0.6
THEMES_AUDIENCES = {Audience.EVERYONE: 40, Audience.MEMBERS: 45, Audience.ME: 15}
PURPOSES = {
    Audience.EVERYONE: (Consent.Purpose.STORE, Consent.Purpose.EVERYONE),
    Audience.MEMBERS: (Consent.Purpose.STORE, Consent.Purpose.MEMBERS),
    Audience.ME: (Consent.Purpose.STORE,),
}
#: How many terms of each vocabulary a person bears: one of these numbers, drawn evenly.
TERMS = {
    Vocabulary.ROLE: (1, 1, 2),
    Vocabulary.DOMAIN: (1, 2, 3),
    Vocabulary.COMPETENCE: (0, 1, 2, 3),
    Vocabulary.PUBLIC: (0, 1, 2),
    Vocabulary.RECOGNITION: (0, 0, 1),
    Vocabulary.LANGUAGE: (0, 0, 1),
    Vocabulary.AVAILABILITY: (0, 1, 2),
}
STRUCTURE_TERMS = {Vocabulary.DOMAIN: (1, 2, 3), Vocabulary.PUBLIC: (0, 1, 2), Vocabulary.FIELD: (0, 1, 2)}

Page = Actor | Structure


@dataclass
class Made:
    """A page and what is tied to it."""

    page: Page
    terms: list[Term]
    themes: list[Term]
    zones: list[Territory]
    user: User | None = None
    years: list[int | None] = field(default_factory=list)
    purposes: tuple[Consent.Purpose, ...] = ()
    listing: Listing = field(default_factory=Listing)


class Factory:
    """The same pages in the same order, each time one is made."""

    def __init__(self) -> None:
        self.draw = Random(SEED)  # noqa: S311 invented people need no secret
        self.fragments = bulk_fragments()
        #: What is written beside the presentation leaves its common word as common as it is.
        self.others = [text for text in self.fragments.presentations if COMMON_WORD not in text.lower()]
        self.vocabularies: dict[str, list[Term]] = {name: [] for name in Vocabulary.values}
        for term in Term.objects.order_by("rank", "pk"):
            self.vocabularies[term.vocabulary].append(term)
        self.weights = {
            name: list(accumulate(1 / (rank + 2) for rank in range(len(terms))))
            for name, terms in self.vocabularies.items()
        }
        self.communes = list(Territory.objects.filter(level=Level.COMMUNE).order_by("pk"))
        self.populations = list(accumulate(commune.population + 1 for commune in self.communes))
        self.around: dict[int, list[Territory]] = {}
        outers = Territory.objects.exclude(level=Level.COMMUNE).only("pk").in_bulk()
        pairs = Containment.objects.filter(inner__level=Level.COMMUNE).order_by("inner_id", "outer_id")
        for inner, outer in pairs.values_list("inner_id", "outer_id"):
            self.around.setdefault(inner, []).append(outers[outer])

    def user(self, pk: int) -> User:
        verified = self.draw.random() < 0.1
        return User(
            pk=pk,
            email=f"fabrique-{pk}@example.org",
            password="!",  # noqa: S106 no password opens such an account
            is_verified_professional=verified,
            date_joined=NOW,
        )

    def actor(self, pk: int, user: int, rare_surname: str = "") -> Made:
        """A person. One with a rare surname is published, and shows it to everyone."""
        draw, texts = self.draw, self.fragments
        audience = Audience.EVERYONE if rare_surname else self._circle(AUDIENCES)
        themes = self._terms(Vocabulary.THEME, draw.randint(1, 3)) if draw.random() < WITH_THEMES else []
        themes_audience = self._circle(THEMES_AUDIENCES) if themes else Audience.ME
        commune = self._commune()
        page = Actor(
            pk=pk,
            user_id=user,
            slug=f"fabrique-{pk}",
            name_style=Actor.NameStyle.FULL
            if rare_surname or draw.random() < 0.3
            else Actor.NameStyle.INITIAL,
            first_name=draw.choice(texts.first_names),
            last_name=rare_surname or draw.choice(texts.surnames),
            headline=draw.choice(texts.headlines),
            presentation=f"{draw.choice(texts.presentations)} {self._prose(4)}",
            experience=self._prose(3) if draw.random() < 0.4 else "",
            offers=self._prose(2) if draw.random() < 0.3 else "",
            needs=self._prose(1) if draw.random() < 0.2 else "",
            commune=commune,
            audience=int(audience),
            audiences={"experience": int(Audience.EVERYONE)} if draw.random() < 0.2 else {},
            themes_audience=int(themes_audience),
            **self._publication(bool(rare_surname)),
        )
        drawn = (term for name, numbers in TERMS.items() for term in self._terms(name, draw.choice(numbers)))
        terms = sorted(drawn, key=_rank)
        zones, years = self._zones(commune, 0.15), [self._year() for _ in terms]
        return Made(
            page, terms, themes, zones, self.user(user), years, PURPOSES[themes_audience] if themes else ()
        )

    def structure(self, pk: int) -> Made:
        draw, commune = self.draw, self._commune()
        category = self._terms(Vocabulary.CATEGORY, 1)[0]
        page = Structure(
            pk=pk,
            slug=f"fabrique-{pk}",
            name=f"{category.name} {draw.choice(self.fragments.surnames)} – {commune.name}"[:160],
            category=category,
            commune=commune,
            description=self._prose(4),
            **(self._whereabouts(commune) if draw.random() < 0.7 else {}),
            **self._publication(),
        )
        terms = (
            term
            for name, numbers in STRUCTURE_TERMS.items()
            for term in self._terms(name, draw.choice(numbers))
        )
        themes = self._terms(Vocabulary.THEME, draw.randint(0, 2))
        return Made(page, sorted(terms, key=_rank), themes, self._zones(commune, 0.5))

    def memberships(self, made: list[Made], structures: range) -> Iterator[tuple]:
        """One actor in five belongs to a structure; a few structures gather many."""
        for each in made:
            if structures and self.draw.random() < 0.2:
                rank = int(len(structures) * self.draw.random() ** 2)
                yield each.page.pk, structures[rank], self.draw.choice(("Membre", "Bénévole", "Salariée"))

    def _year(self) -> int | None:
        return self.draw.randint(1995, 2026) if self.draw.random() < 0.2 else None

    def _circle(self, weights: dict[Audience, int]) -> Audience:
        return self.draw.choices(list(weights), list(weights.values()))[0]

    def _commune(self) -> Territory:
        return self.draw.choices(self.communes, cum_weights=self.populations)[0]

    def _whereabouts(self, commune: Territory) -> dict[str, float]:
        """Somewhere within about two kilometres of the centre of a commune."""
        lat, lon = (centre + self.draw.uniform(-0.02, 0.02) for centre in (commune.lat, commune.lon))
        return {"lat": round(lat, 5), "lon": round(lon, 5)}

    def _terms(self, vocabulary: str, number: int) -> list[Term]:
        drawn = self.draw.choices(
            self.vocabularies[vocabulary], cum_weights=self.weights[vocabulary], k=number
        )
        return sorted(set(drawn), key=_rank)

    def _zones(self, commune: Territory, share: float) -> list[Territory]:
        around = self.around.get(commune.pk)
        return [self.draw.choice(around)] if around and self.draw.random() < share else []

    def _prose(self, sentences: int) -> str:
        return " ".join(self.draw.choices(self.others, k=sentences))

    def _publication(self, surely: bool = False) -> dict[str, object]:
        if self.draw.random() < 0.04 and not surely:
            return {"status": Status.DRAFT, "edited_at": NOW}
        day = NOW - datetime.timedelta(minutes=self.draw.randrange(3 * 365 * 24 * 60))
        return {"status": Status.PUBLISHED, "published_at": day, "confirmed_at": day, "edited_at": day}


def _rank(term: Term) -> tuple[int, int]:
    return term.rank, term.pk
