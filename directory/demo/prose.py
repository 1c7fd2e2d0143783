"""Composing the French texts of invented people from hand-written sentences."""

import random
import re
from collections.abc import Sequence
from functools import cached_property

from directory.demo.files import table

_MARK = re.compile(r"\[([^|\]]*)\|([^|\]]*)\]")
_ARTICLES = {"Le ": ("au ", "du "), "Les ": ("aux ", "des ")}
_VOWELS = "AEIOUYÂÀÉÈÊÎÔŒH"

MAX_HEADLINE = 120


class Bag:
    """Draws from a list, every item once before any comes twice, so that profiles do not look cloned."""

    def __init__(self, rng: random.Random, items: Sequence):
        self._rng = rng
        self._items = list(items)
        self._left: list = []

    def draw(self):
        if not self._left:
            self._left = self._rng.sample(self._items, len(self._items))
        return self._left.pop()


class Bags:
    """One bag for each list of sentences, made when first asked for."""

    def __init__(self, rng: random.Random):
        self._rng = rng
        self._bags: dict[tuple[str, ...], Bag] = {}

    def draw(self, key: tuple[str, ...], items: Sequence):
        if key not in self._bags:
            self._bags[key] = Bag(self._rng, items)
        return self._bags[key].draw()


def agree(text: str, feminine: bool) -> str:
    """Resolve the [masculine|feminine] marks of a sentence."""
    return _MARK.sub(lambda match: match[2 if feminine else 1], text)


def at_town(name: str) -> str:
    """ "à Foix", "au Vigan"."""
    for article, (at, _) in _ARTICLES.items():
        if name.startswith(article):
            return at + name.removeprefix(article)
    return f"à {name}"


def of_town(name: str) -> str:
    """ "de Foix", "du Vigan", "d'Albi"."""
    for article, (_, of) in _ARTICLES.items():
        if name.startswith(article):
            return of + name.removeprefix(article)
    return f"d'{name}" if name[0] in _VOWELS else f"de {name}"


def capital(text: str) -> str:
    """The text with its first letter in capital, the rest untouched."""
    return text[:1].upper() + text[1:]


class Writer:
    """Writes the texts of one person. `theme` is given only when her consents let her texts name it."""

    def __init__(self, *, rng, bags, feminine, side, roles, town, theme=None):
        self.rng = rng
        self.bags = bags
        self.feminine = feminine
        self.side = side
        self.roles = roles
        self.town = town
        self.theme = theme

    @cached_property
    def _pools(self) -> dict:
        return table("fragments")

    def _role(self, role: str) -> dict:
        return table("texts")["roles"][role]

    def _from_role(self, role: str, part: str) -> str:
        return self._say(self.bags.draw((role, part), self._role(role)[part]))

    def _from_pool(self, part: str, key: str) -> str:
        return self._say(self.bags.draw((part, key), self._pools[part][key]))

    def _say(self, text: str) -> str:
        place = at_town(self.town)
        text = text.replace("{place_start}", capital(place)).replace("{place}", place)
        text = text.replace("{of_town}", of_town(self.town)).replace("{town}", self.town)
        return agree(text, self.feminine)

    def headline(self) -> str:
        """Who she is in a line, at most MAX_HEADLINE characters."""
        title = self._title(self.roles[0])
        if len(self.roles) > 1 and self.rng.random() < 0.3:
            second = self._title(self.roles[1])
            title = f"{title} et {second[:1].lower()}{second[1:]}"
        headline = f"{title}, {self._from_pool('headline', self.side)}"
        return headline if len(headline) <= MAX_HEADLINE else title[:MAX_HEADLINE]

    def _title(self, role: str) -> str:
        data = self._role(role)
        return self._say(self.bags.draw((role, "title"), data.get("titles", [data["title"]])))

    def presentation(self) -> str:
        """Two to five sentences: an opening of her first role, then a few turns."""
        extras = []
        if self.theme:
            extras.append(self._themed())
        if len(self.roles) > 1 and self.rng.random() < 0.7:
            extras.append(self._say(self._role(self.roles[1])["also"]))
        if not extras or self.rng.random() < 0.7:
            extras.append(self._from_pool("middle", self.side))
        if self.rng.random() < 0.4:
            extras.append(self._from_pool("place", "all"))
        if self.rng.random() < 0.5:
            extras.append(self._from_pool("closing", self.side))
        return " ".join([self._from_role(self.roles[0], "opening"), *extras[:3]])

    def _themed(self) -> str:
        key = "proche" if self.roles[0] == "proche-aidant" else self.side
        sentence = self._from_pool("themed", key)
        return sentence.replace("{theme}", self._pools["theme_phrases"][self.theme])

    def experience(self) -> str:
        parts = [self._from_role(role, "experience") for role in self.roles[:2]]
        return " ".join(parts[: self.rng.choice((1, 1, 2))])

    def training(self) -> str:
        return self._from_pool("training", self.side)

    def engagements(self, domains: Sequence[str]) -> str:
        return " ".join(self._from_pool("engagements", domain) for domain in domains[:2])

    def offers(self, competences: Sequence[str]) -> str:
        return " ".join(self._from_pool("offers", competence) for competence in competences[:2])

    def needs(self) -> str:
        return self._from_pool("needs", self.side)

    def interests(self) -> str:
        """What she declares: one thing or two; nothing more after none."""
        drawn = [self._from_pool("interests", self.side) for _ in range(self.rng.randint(1, 2))]
        nothing = next((text for text in drawn if text.startswith("Aucun lien")), None)
        return nothing or " ".join(dict.fromkeys(drawn))

    def function(self, role: str) -> str:
        """What she does in a structure, in that role."""
        return self._from_role(role, "functions")
