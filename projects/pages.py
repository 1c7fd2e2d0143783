"""What the page of a project says, for this viewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.models import Actor, Structure
from directory.models.terms import Side
from directory.profiles import by_vocabulary
from moderation.models import Revision

from .models import TEXTS, Project

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

#: The texts of each part of a page, under the title of the part.
PARTS = {
    "do": ("objectives", "functioning", "timetable", "partners"),
    "learn": (
        "obstacles",
        "human_levers",
        "organisational_levers",
        "financial_levers",
        "secret_ingredient",
        "prospects",
    ),
    "bring": ("benefits",),
}
MARKS = {Side.USER: "user", Side.PROFESSIONAL: "professional", Side.OTHER: "other"}


@dataclass(frozen=True)
class Bearer:
    """Someone who carries a project, as this viewer may know her: by her page, by a name, or by her side."""

    name: str
    url: str
    function: str
    mark: str
    side: str


def project_page(project: Project, viewer: User | AnonymousUser) -> dict[str, object]:
    """The words of the page of `project`; of its people, no more than `viewer` may see elsewhere."""
    bearers = bearers_of(project, viewer)
    sides = {bearer.mark for bearer in bearers}
    can_edit = viewer.is_authenticated and Project.objects.editable_by(viewer).filter(pk=project.pk).exists()
    return {
        "project": project,
        "trail": [(_("Projets"), reverse("projects"))],
        "parts": {part: _texts(project, names) for part, names in PARTS.items()},
        "bearers": bearers,
        "budget": budget_in_words(project),
        "is_binome": {"user", "professional"} <= sides,
        "structures": Structure.objects.visible_to(viewer).filter(projects=project).order_by("name"),
        "terms": by_vocabulary(project.terms.order_by("rank")),
        "themes": list(project.themes.order_by("rank")),
        "zones": list(project.zones.order_by("-level", "sort_key")),
        "indicators": list(project.indicators.all()),
        "verbatims": list(project.verbatims.all()),
        "inspired_by": Project.objects.visible_to(viewer).filter(inspired=project).order_by("title"),
        "inspired": Project.objects.visible_to(viewer).filter(inspired_by=project).order_by("title"),
        "can_edit": can_edit,
        "is_mine": can_edit and project.editors.filter(pk=viewer.pk).exists(),
    }


def bearers_of(project: Project, viewer: User | AnonymousUser) -> list[Bearer]:
    """Those who carry a project. A member whom `viewer` may not see is told by her side alone."""
    people = list(project.people.all())
    wanted = [person.actor_id for person in people if person.actor_id]
    seen = {page.pk: page for page in Actor.objects.visible_to(viewer).published().filter(pk__in=wanted)}
    bearers = []
    for person in people:
        page = seen.get(person.actor_id)
        name = page.display_name if page else person.name
        bearers.append(
            Bearer(
                name=name or _("Une personne dont la page n’est pas ouverte à tous"),
                url=page.get_absolute_url() if page else "",
                function=person.function if name else "",
                mark=MARKS[Side(person.side)],
                side=str(Side(person.side).label),
            )
        )
    return bearers


def budget_in_words(project: Project) -> str:
    """The amount and where it comes from, as far as they are known: 0 is said, and not known is not 0."""
    amount, money = project.budget, project.money
    if amount is None and money == Project.Money.NONE:
        amount = 0
    known = [_("%(amount)s €") % {"amount": intcomma(amount)}] if amount is not None else []
    if money and money != Project.Money.NONE:
        known.append(project.get_money_display())
    words = ", ".join(known) or _("non précisé")
    return words[:1].upper() + words[1:]


def _texts(project: Project, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Each text that says something, under what it is called."""
    return [(str(TEXTS[name]), getattr(project, name)) for name in names if getattr(project, name)]


def my_projects(user: User) -> dict[str, object]:
    """What one's own space says of projects: those one writes, and of which an edit waits."""
    mine = list(user.projects.select_related("commune").order_by("title", "pk"))
    edits = Revision.objects.about(Project).waiting().filter(object_id__in=[project.pk for project in mine])
    return {"projects": mine, "project_edits": set(edits.values_list("object_id", flat=True))}
