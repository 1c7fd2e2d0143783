"""The text of the charter: how it is read from its file, and how a page shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from .models import Charter

TEXT = Path(__file__).parent / "data" / "charter.txt"
FIRST_VERSION = "2026-11"


@dataclass
class Section:
    """A heading, what is said under it, and what one commits to."""

    title: str = ""
    paragraphs: list[str] = field(default_factory=list)
    commitments: list[str] = field(default_factory=list)


def sections(text: str) -> list[Section]:
    """The text in parts, as `Charter` says it is written."""
    found = [Section()]
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("# "):
            found.append(Section(title=line[2:]))
        elif line.startswith("- "):
            found[-1].commitments.append(line[2:])
        else:
            found[-1].paragraphs.append(line)
    return [section for section in found if section != Section()]


def load_charter() -> Charter | None:
    """Put the charter that ships with the project in force where the instance has none. None where it has."""
    if Charter.objects.exists():
        return None
    text = TEXT.read_text(encoding="utf-8")
    return Charter.objects.create(version=FIRST_VERSION, text=text, published_at=timezone.now())
