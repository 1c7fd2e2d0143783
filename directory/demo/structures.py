"""The real public structures shown by the demonstration."""

from dataclasses import dataclass
from functools import cache

from directory.demo.files import table


@dataclass(frozen=True, slots=True)
class DemoStructure:
    """Public facts about a structure. `commune` is an INSEE code, `zones` are references such as "dep-09"."""

    slug: str
    name: str
    category: str
    commune: str
    commune_name: str
    description: str
    acronym: str = ""
    website: str = ""
    lat: float | None = None
    lon: float | None = None
    zones: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()

    @property
    def department(self) -> str:
        return self.commune[:3] if self.commune.startswith("97") else self.commune[:2]


@cache
def structures() -> tuple[DemoStructure, ...]:
    """All of them, in the order of the file."""
    return tuple(DemoStructure(**_frozen(row)) for row in table("structures")["structure"])


def _frozen(row: dict) -> dict:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
