"""The register of personal data: for every field of every model, what it is, why, and what becomes of it.

Each app says it of its own fields in `personal_data.toml`; nothing else is written anywhere about it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings

#: A: health data or what reveals it. B: identity and contact. C: secrets. D: public facts.
#: none: nothing about a person.
LEVELS = ("A", "B", "C", "D", "none")


@dataclass(frozen=True)
class Entry:
    """What is said of a field. Texts are in French: the register is read by the team and its DPO."""

    level: str
    purpose: str
    basis: str = ""
    retention: str = ""
    readers: str = ""
    exported: bool = False
    erased: str = ""


def own_apps() -> list[AppConfig]:
    """The apps of this project that have models."""
    return [
        config
        for config in apps.get_app_configs()
        if Path(config.path).parent == settings.BASE_DIR and any(config.get_models())
    ]


def register() -> dict[str, Entry]:
    """Every declared field, as "app.Model.field"."""
    declared: dict[str, Entry] = {}
    for config in own_apps():
        path = Path(config.path) / "personal_data.toml"
        if not path.exists():
            continue
        for group in tomllib.loads(path.read_text(encoding="utf-8"))["group"]:
            entry = Entry(**{key: value for key, value in group.items() if key != "fields"})
            declared |= {f"{config.label}.{field}": entry for field in group["fields"]}
    return declared
