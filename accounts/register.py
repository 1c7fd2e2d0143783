"""The register of personal data: for every field of every model, what it is, why, and what becomes of it.

Each app says it of its own models in `personal_data.toml`; nothing else is written anywhere about it. A file
holds three kinds of tables:

- `[[group]]`: what some fields are. One entry for every field of every model.
- `[[link]]`: whose a row is, and what becomes of it when that person is erased. Left out where it can be
  told from the model: its one foreign key that is deleted with an account, or with what belongs to one.
- `[[keep]]`: how long rows stay, where the date of a field decides.

Export, erasure and the terms (`privacy/`) read these tables, and so does the page that shows the register.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import models

#: A: health data or what reveals it. B: identity and contact. C: secrets. D: public facts.
#: none: nothing about a person.
LEVELS = ("A", "B", "C", "D", "none")
PERSONAL = ("A", "B", "C")
#: What becomes of a row when the person it is linked to is erased.
ON_ERASURE = ("delete", "anonymise", "keep")


@dataclass(frozen=True)
class Entry:
    """What is said of a field. Texts are in French: the register is read by the team and its DPO."""

    level: str
    purpose: str
    basis: str = ""
    retention: str = ""
    readers: str = ""
    exported: bool = False
    #: Only where there is more to say than what its links say.
    erased: str = ""


@dataclass(frozen=True)
class Link:
    """One way from the rows of a model to a person.

    owner: the path of fields from a row to the account ("user", "actor__user"), to a mail address, or to an
        array of numbers of accounts; "self" for the account itself; "<type>+<id>" for rows about anything
        that belongs to her; "" for rows that belong to nobody, and then `why` says so.
    on_erasure: "delete" the row; "anonymise" it: the way to her is cut, and `anonymise_to` gives the fields
        that change with it; "keep" it as it is. The last two say why.
    exported: whether her file holds these rows; `hides` names the fields that it leaves out for her.
    """

    model: str
    owner: str
    on_erasure: str = "delete"
    exported: bool = True
    hides: tuple[str, ...] = ()
    anonymise_to: Mapping[str, object] = field(default_factory=dict, hash=False)
    why: str = ""

    @property
    def is_generic(self) -> bool:
        return "+" in self.owner

    def get_model(self) -> type[models.Model]:
        return apps.get_model(self.model)


@dataclass(frozen=True)
class Keep:
    """How long rows stay: `keep_days` after `date_field`, for those that match `where`.

    Then they are deleted, or only lose what `empty` names.
    """

    model: str
    date_field: str
    keep_days: int
    where: Mapping[str, object] = field(default_factory=dict, hash=False)
    empty: Mapping[str, object] = field(default_factory=dict, hash=False)
    why: str = ""

    def get_model(self) -> type[models.Model]:
        return apps.get_model(self.model)


def own_apps() -> list[AppConfig]:
    """The apps of this project that have models."""
    return [
        config
        for config in apps.get_app_configs()
        if Path(config.path).parent == settings.BASE_DIR and any(config.get_models())
    ]


def groups() -> Iterator[tuple[list[str], Entry]]:
    """Every group of fields, each as "app.Model.field", with what is said of them."""
    for table in _tables("group"):
        names = [f"{table['app']}.{name}" for name in table["fields"]]
        yield names, Entry(**{key: value for key, value in table.items() if key not in ("fields", "app")})


@cache
def register() -> dict[str, Entry]:
    """Every declared field, as "app.Model.field"."""
    return {name: entry for names, entry in groups() for name in names}


@cache
def links() -> tuple[Link, ...]:
    """Every link between rows and people, declared or told from the models."""
    declared = [Link(**_about_model(table)) for table in _tables("link")]
    return (*declared, *_implied(declared))


@cache
def keeps() -> tuple[Keep, ...]:
    """Every term that the date of a field decides."""
    return tuple(Keep(**_about_model(table)) for table in _tables("keep"))


def links_of(model: type[models.Model]) -> list[Link]:
    return [link for link in links() if link.model == model._meta.label]


def _implied(declared: Iterable[Link]) -> tuple[Link, ...]:
    """The links of the models that declare none: by the one foreign key that is deleted with its owner."""
    said = {link.model for link in declared}
    deleted = [one for one in declared if one.on_erasure == "delete" and one.owner and not one.is_generic]
    counts = Counter(link.model for link in deleted)
    owners = {link.model: link.owner for link in deleted if counts[link.model] == 1}
    found: dict[str, Link] = {}
    pending = [model for config in own_apps() for model in config.get_models()]
    while True:
        ready = {
            model._meta.label: way
            for model in pending
            if model._meta.label not in {*said, *found} and (way := _cascading(model, owners))
        }
        if not ready:
            return tuple(found.values())
        found |= {label: Link(model=label, owner=way) for label, way in ready.items()}
        owners |= ready


def _cascading(model: type[models.Model], owners: Mapping[str, str]) -> str:
    """The path of the one foreign key of `model` that goes with an owner; "" for none or several."""
    ways = [
        one.name if owners[label] == "self" else f"{one.name}__{owners[label]}"
        for one in model._meta.local_fields
        if one.remote_field
        and getattr(one.remote_field, "on_delete", None) is models.CASCADE
        and (label := one.related_model._meta.label) in owners
    ]
    return ways[0] if len(ways) == 1 else ""


def _tables(kind: str) -> Iterator[dict]:
    """The tables of a kind in every file, each with the app it speaks of: its own, unless it says another."""
    for config in own_apps():
        path = Path(config.path) / "personal_data.toml"
        if path.exists():
            for table in _read(path).get(kind, []):
                yield {"app": config.label, **table}


@cache
def _read(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _about_model(table: Mapping[str, object]) -> dict[str, object]:
    """A table of a file as the arguments of `Link` or `Keep`."""
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    values["model"] = f"{values.pop('app')}.{values['model']}"
    return values
