"""What everything is measured against: the page one would write first, in plain Django."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.audience import Audience
from directory.models import Actor
from moderation.models import Status
from territories.models import Territory


@login_not_required
def reference(request: HttpRequest) -> HttpResponse:
    """Three indexed queries (a territory, twenty people with their commune, their terms), one frame."""
    actors = (
        Actor.objects.filter(status=Status.PUBLISHED, audience__lte=Audience.clearance(request.user))
        .order_by("-pk")
        .select_related("commune")
        .prefetch_related("terms")[:20]
    )
    return render(request, "reference.html", {"place": Territory.objects.by_ref("reg-76"), "actors": actors})
