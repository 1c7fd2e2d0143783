"""Changes to a project's page, beside those that every contribution knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from moderation.models import Status
from moderation.workflow import Impossible
from territories.models import Territory

from .models import Indicator, Project, ProjectPerson, Verbatim

#: Drafts one person may have under way.
MOST_DRAFTS = 10
#: What stands in addresses where the title of a project would.
TAKEN_WORDS = frozenset({"nouveau", "export"})


@transaction.atomic
def start_project(*, by: User, title: str, summary: str, commune: Territory) -> Project:
    """Begin the page of a project, as a draft that its author writes. Its address is its title, numbered
    where another has it.

    Raises Impossible when she has too many drafts under way.
    """
    User.objects.select_for_update().get(pk=by.pk)
    if by.projects.filter(status=Status.DRAFT).count() >= MOST_DRAFTS:
        raise Impossible(
            _("Vous avez déjà %(count)d projets en brouillon : terminez-en un, ou effacez-le.")
            % {"count": MOST_DRAFTS}
        )
    project = Project(title=title, summary=summary, commune=commune)
    project.slug = _free_slug(slugify(title)[:110] or "projet")
    project.save()
    project.editors.add(by)
    return project


def set_people(project: Project, people: Iterable[Mapping[str, object]]) -> None:
    """Name those who carry a project, in this order: each with `actor` or `name`, `function` and `side`."""
    _replace(ProjectPerson, project, [{**one, "actor_id": one["actor"]} for one in people], leave="actor")


def set_indicators(project: Project, indicators: Iterable[Mapping[str, object]]) -> None:
    """Write the figures of a project, in this order: each with `label`, `value`, `year` and `source`."""
    _replace(Indicator, project, indicators)


def set_verbatims(project: Project, verbatims: Iterable[Mapping[str, object]]) -> None:
    """Write what was said of a project, in this order: each with `words` and `author`."""
    _replace(Verbatim, project, verbatims)


def _replace(
    model: type[ProjectPerson | Indicator | Verbatim],
    project: Project,
    rows: Iterable[Mapping[str, object]],
    leave: str = "",
) -> None:
    model.objects.filter(project=project).delete()
    made = [
        model(project=project, rank=rank, **{name: value for name, value in row.items() if name != leave})
        for rank, row in enumerate(rows)
    ]
    for one in made:
        one.full_clean(exclude=["project"])
    model.objects.bulk_create(made)


def _free_slug(base: str) -> str:
    taken = TAKEN_WORDS | set(Project.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (base, *numbered) if slug not in taken)
