"""Projects in each state that the table of access speaks of."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import User
from tests import makers


def project_paths(member: User) -> dict[tuple[str, str], str]:
    """The addresses of a published project, of a draft of the member, of a draft of someone else."""
    states = {
        "published": makers.project(),
        "draft": makers.project(published=False),
        "draft of the member": makers.project(by=member, published=False),
    }
    paths: dict[tuple[str, str], str] = {
        ("project", "unknown"): "/projets/aucun/",
        ("project_edit", "unknown"): "/projets/aucun/modifier/",
        ("project_step", "unknown"): "/projets/aucun/modifier/moyens/",
        ("project_step", "no such step"): reverse("project_step", args=[states["published"].slug, "reves"]),
    }
    for state, one in states.items():
        paths["project", state] = one.get_absolute_url()
        paths["project_edit", state] = one.edit_url
        paths["project_step", state] = reverse("project_step", args=[one.slug, "moyens"])
        paths["project_change", state] = reverse("project_change", args=[one.slug])
    return paths
