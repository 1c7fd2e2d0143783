"""« Voir comme »: one's own page as each circle sees it, drawn by the page itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.audience import Audience
from accounts.models import User
from moderation.models import Status

from ..models import Actor
from ..profiles import actor_page


@dataclass(frozen=True)
class Circle:
    """A kind of viewer, and someone of that kind who is nobody in particular."""

    slug: str
    label: str | Promise
    traits: dict[str, bool] | None

    @property
    def viewer(self) -> User | AnonymousUser:
        return AnonymousUser() if self.traits is None else User(**self.traits)


CIRCLES = (
    Circle("visiteur", _("un visiteur"), None),
    Circle("membre", _("un membre"), {}),
    Circle("professionnel", _("un professionnel vérifié"), {"is_verified_professional": True}),
    Circle("equipe", _("l’équipe"), {"is_team": True}),
)


@require_safe
def see_as(request: HttpRequest, circle: str) -> HttpResponse:
    """My page as someone of `circle` sees it, or that such a person does not see it at all.

    With the edit that waits, where there is one; `?version=publiee` shows what is published now.
    """
    seen_by = next((one for one in CIRCLES if one.slug == circle), None)
    if seen_by is None:
        raise Http404
    actor = get_object_or_404(Actor.objects.select_related("commune", "user"), user=request.user)
    viewer = seen_by.viewer
    revision = actor.open_revision if actor.status == Status.PUBLISHED else None
    is_edited = revision is not None and request.GET.get("version") != "publiee"
    context = actor_page(actor, viewer, revision.changes if is_edited else None) | {
        "revision": revision,
        "is_edited": is_edited,
        "back": "",
        "is_preview": True,
        "see_as_trail": [(_("Mon espace"), reverse("my_space"))],
        "circle": seen_by,
        "circles": CIRCLES,
        "hidden": actor.audience > Audience.clearance(viewer),
    }
    return render(request, "directory/see_as.html", context)
