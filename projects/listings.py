"""Projects in the lists, on the map and in the search."""

from __future__ import annotations

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.audience import Audience
from directory.listed import Counted, Listed, Words, register
from directory.listings import names_and_synonyms
from directory.models import Listing, Term
from directory.pages import Card

from .models import TEXTS, Project

#: In addresses, and in `Listing.kind`.
PROJECT = "projet"


def describe(
    project: Project, listing: Listing, terms: list[Term], themes: list[Term]
) -> dict[Audience, Words]:
    """Fill `listing` from a project; the words that find it are the same for everyone."""
    own = [term for term in (project.stage, project.engagement) if term]
    listing.audience = listing.themes_audience = Audience.EVERYONE
    listing.tags = [term.pk for term in (*own, *terms)]
    listing.themes = [theme.pk for theme in themes]
    listing.headline, listing.mark = project.summary, "project"
    words = (
        project.title,
        f"{project.summary} {names_and_synonyms([*own, *terms, *themes])}",
        " ".join([*(getattr(project, name) for name in TEXTS), project.commune.name]),
    )
    return {Audience.EVERYONE: words, Audience.MEMBERS: words}


def register_listed() -> None:
    """Tell the lists of projects."""
    register(
        Listed(
            model=Project,
            slug=PROJECT,
            label=_("Projets"),
            route="project",
            list_route="projects",
            export_route="projects_export",
            filters=("etape", "engagement", "domaine", "theme", "public"),
            kicker=_kicker,
            describe=describe,
            counted=Counted(
                none=_("Aucun projet"),
                some=lambda total: ngettext("%(shown)s projet", "%(shown)s projets", total),
                more_than=_("Plus de %(shown)s projets"),
            ),
            search_label=_("Chercher des projets"),
            search_hint=_("titre, thème, mot…"),
        )
    )


def _kicker(card: Card) -> str:
    stage = next(iter(card.named("stage")), None)
    return f"{_now('Projet')} · {stage.label}" if stage else _now("Projet")
