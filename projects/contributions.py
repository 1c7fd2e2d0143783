"""Projects as contributions: what their authors edit, how an edit is read and written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from directory import listings
from directory.contributions import places_of
from directory.models import Actor, Structure, Term
from moderation.registry import Kind, register
from moderation.workflow import Impossible
from territories.models import Territory

from . import actions
from .models import TEXTS, Project
from .pages import project_page

PLAIN = ("title", "summary", "involved_from", *TEXTS, "budget", "money", "budget_words", "video")
ONE = ("commune", "stage", "engagement")
SEVERAL = ("zones", "structures", "terms", "themes", "inspired_by")
ROWS = {
    "people": ("actor", "name", "function", "side"),
    "indicators": ("label", "value", "year", "source"),
    "verbatims": ("words", "author"),
}
#: Who carries it, who is named, where it leads: looked at whoever changes it.
SENSITIVE = frozenset({"structures", "people", "video"})


def read_project(project: Project) -> dict[str, object]:
    """What its authors edit, as plain JSON; the rows of a table as lists of dictionaries."""
    rows = {
        "people": project.people.values("actor", "name", "function", "side"),
        "indicators": project.indicators.values("label", "value", "year", "source"),
        "verbatims": project.verbatims.values("words", "author"),
    }
    return {
        **{name: getattr(project, name) for name in PLAIN},
        **{name: getattr(project, f"{name}_id") for name in ONE},
        **{name: sorted(getattr(project, name).values_list("pk", flat=True)) for name in SEVERAL},
        **{name: [dict(row) for row in found.order_by("rank", "pk")] for name, found in rows.items()},
    }


def write_project(project: Project, changes: Mapping[str, object]) -> None:
    """Set what `changes` holds and refresh what depends on it."""
    for name in PLAIN:
        if name in changes:
            setattr(project, name, changes[name])
    for name in ONE:
        if name in changes:
            setattr(project, f"{name}_id", changes[name])
    project.save()
    for name in SEVERAL:
        if name in changes:
            getattr(project, name).set(changes[name])
    for name in ROWS:
        if name in changes:
            getattr(actions, f"set_{name}")(project, changes[name])
    # The rows of a kind are read again where they were kept.
    project = Project.objects.select_related("commune", "stage", "engagement").get(pk=project.pk)
    listings.refresh(project)


def show(name: str, value: object) -> str:
    """A value as a difference shows it: words for terms and places, the text itself for the rest."""
    if name in ("terms", "themes"):
        return _joined(Term.objects.filter(pk__in=value or []).order_by("vocabulary", "rank"))
    if name in ("stage", "engagement"):
        return _joined(Term.objects.filter(pk=value))
    if name == "zones":
        return _joined(Territory.objects.filter(pk__in=value or []).order_by("-level", "sort_key"))
    if name == "commune":
        return _joined(Territory.objects.filter(pk=value))
    if name == "structures":
        return ", ".join(
            Structure.objects.filter(pk__in=value or []).order_by("name").values_list("name", flat=True)
        )
    if name == "inspired_by":
        return ", ".join(
            Project.objects.filter(pk__in=value or []).order_by("title").values_list("title", flat=True)
        )
    if name in ROWS:
        return _rows(value or [])
    if name in ("involved_from", "money"):
        return str(dict(Project._meta.get_field(name).flatchoices).get(value, ""))
    return "" if value is None else str(value)


def preview(project: Project, request: HttpRequest) -> str:
    """A project's page as its readers will see it."""
    return render_to_string(
        "projects/project.html#article",
        project_page(project, request.user) | {"back": "", "is_preview": True},
        request,
    )


def check(project: Project, by: User) -> None:
    """Raise Impossible, with words for the person, when the page lacks what everyone gives."""
    if project.stage_id is None:
        raise Impossible(_now("Il manque l’étape du projet : à venir, en cours, terminé ou essaimé."))
    if not project.objectives:
        raise Impossible(_now("Il manque les objectifs : dites ce que vous voulez changer."))
    if not project.structures.exists() and not project.people.exists():
        raise Impossible(_now("Il manque qui porte le projet : au moins une structure ou une personne."))


def register_kind() -> None:
    """Tell the kernel of projects."""
    labels = {name: Project._meta.get_field(name).verbose_name for name in (*PLAIN, *ONE, *SEVERAL)} | {
        "people": _("personnes"),
        "indicators": _("indicateurs"),
        "verbatims": _("paroles"),
    }
    register(
        Kind(
            model=Project,
            slug="projet",
            label=_("projet"),
            owners=lambda project: project.editors.filter(is_active=True),
            places=places_of,
            changed=listings.refresh,
            read=read_project,
            write=write_project,
            labels=labels,
            show=show,
            sensitive=SENSITIVE,
            preview=preview,
            check=check,
            edit_link=attrgetter("edit_url"),
        )
    )


def _rows(rows: Iterable[Mapping[str, object]]) -> str:
    """The rows of a table, one to a line; people by the name on their page."""
    pages = Actor.objects.in_bulk([row["actor"] for row in rows if row.get("actor")])
    lines = []
    for row in rows:
        page = pages.get(row.get("actor"))
        words = [page.display_name if page else ""]
        words += [str(value) for name, value in row.items() if name != "actor" and value]
        lines.append(" – ".join(filter(None, words)))
    return "\n".join(lines)


def _joined(found: Iterable[Term | Territory]) -> str:
    return ", ".join(map(attrgetter("label"), found))
