"""Ma page: what I say and to whom, topic by topic, and what becomes of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moderation import actions as moderation
from moderation.models import Decision, Status
from moderation.registry import kind_of
from moderation.workflow import Impossible

from .. import actions
from ..models import Actor
from ..topics import TOPICS
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
    trail_to_my_page,
)


@require_safe
def my_page(request: HttpRequest) -> HttpResponse:
    actor = own_page(request.user)
    if actor is None or actor.status == Status.DRAFT:
        return redirect("joining")
    revision = actor.open_revision
    context = {
        "actor": actor,
        "trail": [(_("Mon espace"), reverse("my_space"))],
        "topics": TOPICS.values(),
        "circles": CIRCLES,
        "revision": revision,
        "changed": _named_changes(actor, revision.changes) if revision else [],
        "decisions": Decision.objects.of(actor).order_by("-pk")[:20],
        "inviter": inviter_of(actor),
        "last": Decision.objects.of(actor).exclude(reason="").order_by("-pk").first(),
        "help_lines": shows_help(request),
    }
    return render(request, "directory/my_page/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def my_page_topic(request: HttpRequest, topic: str) -> HttpResponse:
    """Edit one topic. What is published stays until the edit is accepted, where a rule holds it."""
    if topic not in TOPICS:
        raise Http404
    actor = own_page(request.user)
    if actor is None or actor.status == Status.DRAFT:
        return redirect("joining")
    form = topic_form(TOPICS[topic], request, actor)
    if request.method == "POST" and form.is_valid():
        remember_distress(request, form)
        revision = save(form, actor, by=request.user)
        tell_what_was_kept(request, form, actor)
        if revision:
            messages.info(
                request,
                _("C’est envoyé. La version publiée reste en ligne jusqu’à la relecture de l’équipe."),
            )
        elif actor.status in (Status.RETURNED, Status.HIDDEN):
            messages.success(request, _("C’est enregistré. Il reste à envoyer votre page à nouveau."))
        else:
            messages.success(request, _("C’est enregistré."))
        return redirect("my_page_topic", topic) if "encore" in request.POST else redirect("my_page")
    context = {
        "topic": TOPICS[topic],
        "form": form,
        "actor": actor,
        "trail": trail_to_my_page(),
        "revision": actor.open_revision,
        "help_lines": shows_help(request, form),
        "conflicts": both_versions(form, actor),
    }
    return render(request, "directory/my_page/topic.html", context)


def _take_back(actor: Actor, request: HttpRequest) -> str:
    moderation.take_back(actor, by=request.user)
    return _("Votre page est de nouveau un brouillon : corrigez-la, puis envoyez-la quand vous voulez.")


def _archive(actor: Actor, request: HttpRequest) -> str:
    moderation.archive(actor, by=request.user)
    return _("Votre page n’est plus visible. Rien n’est effacé : vous pourrez la remettre.")


def _send(actor: Actor, request: HttpRequest) -> str:
    held = moderation.submit(actor, by=request.user)
    return _("C’est envoyé : l’équipe va relire votre page.") if held else _("Votre page est en ligne.")


def _confirm(actor: Actor, request: HttpRequest) -> str:
    if actor.status != Status.PUBLISHED:
        raise Impossible(_("Votre page n’est pas en ligne : il n’y a rien à confirmer."))
    moderation.confirm(actor)
    return _("Merci. Votre page porte la date d’aujourd’hui.")


def _drop_edit(actor: Actor, request: HttpRequest) -> str:
    moderation.drop_revision(actor, by=request.user)
    return _("La modification est abandonnée. La version publiée reste comme elle est.")


def _pause(actor: Actor, request: HttpRequest) -> str:
    actions.set_paused(actor, True)
    return _("Vous êtes en pause : votre page reste, avec la mention « pas disponible en ce moment ».")


def _resume(actor: Actor, request: HttpRequest) -> str:
    actions.set_paused(actor, False)
    return _("Vous êtes de nouveau disponible.")


DEEDS = {
    "reprendre": _take_back,
    "archiver": _archive,
    "envoyer": _send,
    "confirmer": _confirm,
    "abandonner-la-modification": _drop_edit,
    "pause": _pause,
    "fin-de-pause": _resume,
}


@require_POST
def my_page_deed(request: HttpRequest, deed: str) -> HttpResponse:
    """One thing done to one's own page, then what was done, in words."""
    if deed not in DEEDS:
        raise Http404
    actor = get_object_or_404(Actor, user=request.user)
    try:
        messages.success(request, DEEDS[deed](actor, request))
    except Impossible as reason:
        messages.error(request, str(reason))
    return redirect("joining" if deed == "reprendre" else "my_page")


def _named_changes(actor: Actor, changes: dict[str, object]) -> list[str]:
    """What an edit changes, in words."""
    return [str(kind_of(actor).labels[name]) for name in changes if name in kind_of(actor).labels]
