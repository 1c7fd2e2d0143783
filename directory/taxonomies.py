"""The vocabularies, from the file that ships with the project to the table that instances may amend."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.db import transaction

from .listings import everything_changed
from .models import Term, Vocabulary

TERMS = Path(__file__).parent / "data" / "terms.toml"


@transaction.atomic
def load_taxonomies() -> int:
    """Add the terms of the file that the table lacks. Returns how many the file has.

    Those that are there stay as the team wrote them.
    """
    data = tomllib.loads(TERMS.read_text(encoding="utf-8"))
    terms = [
        Term(
            vocabulary=vocabulary,
            slug=entry["slug"],
            name=entry["name"],
            name_en=entry["name_en"],
            description=entry.get("description", ""),
            description_en=entry.get("description_en", ""),
            synonyms=entry.get("synonyms", []),
            finess_codes=entry.get("finess", []),
            side=entry.get("side", ""),
            rank=rank,
        )
        for vocabulary in Vocabulary
        for rank, entry in enumerate(data[vocabulary.value])
    ]
    Term.objects.bulk_create(terms, ignore_conflicts=True)
    everything_changed()
    return len(terms)
