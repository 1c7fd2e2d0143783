"""The words of each consent, version by version: what a person had before her eyes when she answered."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

PATH = Path(__file__).parent / "data" / "consents.toml"


@dataclass(frozen=True)
class Text:
    """What was read beside one box. Once published it never changes: another version replaces it."""

    version: str
    purpose: str
    words: str
    meaning: str
    #: The same, for who reads the site in English. It explains; what is agreed to is the French.
    english: str = ""

    @property
    def gloss(self) -> str:
        """What is said beside the words to someone who does not read them in their language."""
        return self.english if get_language() == "en" else ""

    @property
    def digest(self) -> str:
        """What ties an answer to these words and no others."""
        return hashlib.sha256(f"{self.purpose}\n{self.words}\n{self.meaning}".encode()).hexdigest()


@cache
def texts() -> dict[tuple[str, str], Text]:
    """Every text there ever was, by purpose and version."""
    tables = tomllib.loads(PATH.read_text(encoding="utf-8"))["text"]
    return {(table["purpose"], table["version"]): Text(**table) for table in tables}


def current(purpose: str) -> Text:
    """The text to show now. KeyError where the purpose has none: a mistake of the code that asks."""
    return texts()[purpose, max(version for about, version in texts() if about == purpose)]
