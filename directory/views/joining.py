"""Référencement: a page of one's own, in short steps that are left and taken up again at will."""

from __future__ import annotations

from statistics import median

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from moderation import actions as moderation
from moderation.models import Case, Status
from moderation.workflow import Impossible

from .. import actions
from ..charter import sections
from ..forms.charter import CharterForm
from ..models import Actor, Charter, Invitation, Poster
from ..topics import CHARTER_STEP, REVIEW_STEP, STEPS, Topic
from ..ways_in import inviter_of
from .see_as import CIRCLES
from .steps import (
    both_versions,
    own_page,
    remember_distress,
    save,
    shows_help,
    tell_what_was_kept,
    topic_form,
)

#: In the session: by which way someone came, until her page exists.
INVITATION_KEY, POSTER_KEY = "joining_invitation", "joining_poster"
#: Contributions lately settled, and how many it takes to say how long that is.
LATELY, ENOUGH = 50, 5
SLUGS = [*(topic.slug for topic in STEPS), CHARTER_STEP, REVIEW_STEP]


@login_not_required
@require_safe
def joining(request: HttpRequest) -> HttpResponse:
    """What joining asks, how far one is, and where to go on. Without an account, that comes first."""
    actor = own_page(request.user) if request.user.is_authenticated else None
    if actor and actor.status != Status.DRAFT:
        return redirect("my_page")
    context = {"actor": actor, "steps": _progress(actor), "next_step": _next_step(actor)}
    context["inviter"] = inviter_of(actor) if actor else None
    context["login_url"] = f"{reverse('account_login')}?next={request.path}"
    return render(request, "directory/joining/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def joining_step(request: HttpRequest, step: str) -> HttpResponse:
    """One step: a topic of the page, the charter, or the last reading."""
    if step not in SLUGS:
        raise Http404
    actor = own_page(request.user)
    if actor and actor.status != Status.DRAFT:
        return redirect("my_page")
    if actor is None and step != SLUGS[0]:
        return redirect("joining_step", SLUGS[0])
    if step == CHARTER_STEP:
        return _charter(request, actor)
    if step == REVIEW_STEP:
        return _review(request, actor)
    return _topic(request, actor, STEPS[SLUGS.index(step)])


def _topic(request: HttpRequest, actor: Actor | None, topic: Topic) -> HttpResponse:
    form = topic_form(topic, request, actor)
    if request.method == "POST":
        if form.is_valid():
            remember_distress(request, form)
            if actor is None:
                _start(request, form.changes())
            else:
                save(form, actor, by=request.user)
                tell_what_was_kept(request, form, actor)
            return _onward(request, topic.slug)
        if actor and not form.conflicts:
            # What is right is kept even if she leaves now; the rest stays in front of her.
            save(form, actor, by=request.user)
    context = {
        "topic": topic,
        "form": form,
        "actor": actor,
        "help_lines": shows_help(request, form),
        "conflicts": both_versions(form, actor) if actor else [],
    }
    return render(request, "directory/joining/step.html", context | _where(topic.slug, actor))


def _start(request: HttpRequest, changes: dict[str, object]) -> Actor:
    session = request.session
    page = actions.start_page(
        user=request.user,
        changes=changes,
        invitation=Invitation.objects.usable().filter(pk=session.pop(INVITATION_KEY, None)).first(),
        poster=Poster.objects.filter(pk=session.pop(POSTER_KEY, None)).first(),
    )
    messages.success(request, _("Votre brouillon est gardé. Vous pouvez vous arrêter quand vous voulez."))
    return page


def _onward(request: HttpRequest, step: str) -> HttpResponse:
    """To the next step; to my space for those who stop here; back to the same one to add a territory."""
    if "plus-tard" in request.POST:
        messages.success(request, _("C’est gardé. Vous reprendrez là où vous en êtes."))
        return redirect("my_space")
    if "encore" in request.POST:
        return redirect("joining_step", step)
    return redirect("joining_step", SLUGS[SLUGS.index(step) + 1])


def _charter(request: HttpRequest, actor: Actor) -> HttpResponse:
    charter = Charter.objects.in_force()
    form = CharterForm(request.POST if request.method == "POST" else None, charter=charter)
    signed = charter is None or charter.signatures.filter(user=request.user).first()
    if request.method == "POST":
        if "plus-tard" in request.POST:
            return _onward(request, CHARTER_STEP)
        if signed or form.is_valid():
            if not signed:
                actions.sign_charter(charter, user=request.user)
            return _onward(request, CHARTER_STEP)
    context = {
        "form": form,
        "actor": actor,
        "charter": charter,
        "signed": signed,
        "sections": sections(charter.text) if charter else [],
    }
    return render(request, "directory/joining/charter.html", context | _where(CHARTER_STEP, actor))


def _review(request: HttpRequest, actor: Actor) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        try:
            moderation.submit(actor, by=request.user)
        except Impossible as reason:
            problem = str(reason)
        else:
            return redirect("joined")
    context = {
        "actor": actor,
        "problem": problem,
        "missing": [step for step in _progress(actor) if step["needed"] and not step["done"]],
        "circles": CIRCLES,
    }
    return render(request, "directory/joining/review.html", context | _where(REVIEW_STEP, actor))


@require_safe
def joined(request: HttpRequest) -> HttpResponse:
    """What happens now that the page is sent."""
    actor = own_page(request.user)
    if actor is None or actor.status not in (Status.SUBMITTED, Status.PUBLISHED):
        return redirect("joining")
    case = Case.objects.of(actor).open().filter(nature=Case.Nature.CONTENT).first()
    context = {"actor": actor, "rule": case.get_rule_display() if case else "", "days": _usual_days()}
    return render(request, "directory/joining/sent.html", context)


def _usual_days() -> int | None:
    """How many days contributions lately waited, half of them less; None where too few were settled."""
    settled = Case.objects.filter(nature=Case.Nature.CONTENT, closed_at__isnull=False).order_by("-closed_at")
    waits = [closed - opened for opened, closed in settled.values_list("opened_at", "closed_at")[:LATELY]]
    return max(1, round(median(waits).total_seconds() / 86_400)) if len(waits) >= ENOUGH else None


def _progress(actor: Actor | None) -> list[dict[str, object]]:
    """Each step: its words, and whether what it needs is there."""
    done = {
        SLUGS[0]: actor is not None,
        SLUGS[1]: actor is not None and actor.commune_id is not None,
        CHARTER_STEP: actor is not None and Charter.objects.to_sign(actor.user) is None,
    }
    steps = [(topic.slug, topic.title) for topic in STEPS]
    steps += [(CHARTER_STEP, _("La charte")), (REVIEW_STEP, _("Relire et envoyer"))]
    return [
        {
            "slug": slug,
            "title": title,
            "number": number,
            "needed": slug in done,
            "done": done.get(slug, False),
        }
        for number, (slug, title) in enumerate(steps, 1)
    ]


def _next_step(actor: Actor | None) -> str:
    """Where to go on: the first thing needed that is missing, what is optional being offered once."""
    missing = [step["slug"] for step in _progress(actor) if step["needed"] and not step["done"]]
    if missing == [CHARTER_STEP] and not (actor.headline or actor.offers or actor.needs):
        return SLUGS[2]
    return missing[0] if missing else REVIEW_STEP


def _where(step: str, actor: Actor | None) -> dict[str, object]:
    """How far along `step` is."""
    place = SLUGS.index(step)
    return {
        "step": step,
        "number": place + 1,
        "total": len(SLUGS),
        "steps": _progress(actor),
        "previous": SLUGS[place - 1] if place else "",
    }
