"""The projects of the demonstration, made through the same actions as anyone's."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from accounts.models import User
from directory.models import Structure, Term
from moderation.actions import submit
from territories.models import Territory

from . import actions
from .contributions import write_project
from .models import Project

CONTENT = Path(__file__).parent / "data" / "demo.toml"
#: Under which name each vocabulary is in the file.
WORDS = {"domains": "domain", "publics": "public"}


def demo_projects(
    *, by: User, structures: Mapping[str, Structure], find_term: Callable[[str, str], Term]
) -> int:
    """Publish the projects of the file, written by `by`. Returns how many."""
    entries = tomllib.loads(CONTENT.read_text(encoding="utf-8"))["project"]
    for entry in entries:
        project = actions.start_project(
            by=by,
            title=entry.pop("title"),
            summary=entry.pop("summary"),
            commune=Territory.objects.by_ref(f"com-{entry.pop('commune')}"),
        )
        words = [find_term(WORDS[name], slug) for name in WORDS for slug in entry.pop(name, [])]
        changes = {
            "terms": [term.pk for term in words],
            "themes": [find_term("theme", slug).pk for slug in entry.pop("themes", [])],
            "zones": [Territory.objects.by_ref(ref).pk for ref in entry.pop("zones", [])],
            "structures": [structures[slug].pk for slug in entry.pop("structures", [])],
            "inspired_by": list(
                Project.objects.filter(slug__in=entry.pop("inspired_by", [])).values_list("pk", flat=True)
            ),
            "people": [{"actor": None, **person} for person in entry.pop("people", [])],
        }
        for name in ("stage", "engagement"):
            changes[name] = find_term(name, entry.pop(name)).pk
        write_project(project, {**entry, **changes})
        submit(project, by=by)
    return len(entries)
