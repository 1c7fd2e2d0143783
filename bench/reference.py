"""What everything is measured against: the page one would write first, in plain Django."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.audience import Audience
from directory.models import Actor, Term, Vocabulary
from moderation.models import Status
from territories.models import Territory


@login_not_required
def reference(request: HttpRequest) -> HttpResponse:
    """Three indexed queries (a territory, twenty people with their commune, their roles), one frame."""
    roles = Prefetch("terms", Term.objects.filter(vocabulary=Vocabulary.ROLE), to_attr="roles")
    actors = (
        Actor.objects.filter(status=Status.PUBLISHED, audience__lte=Audience.clearance(request.user))
        .order_by("-pk")
        .select_related("commune")
        .prefetch_related(roles)[:20]
    )
    return render(request, "reference.html", {"place": Territory.objects.by_ref("reg-76"), "actors": actors})
