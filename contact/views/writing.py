"""Writing for the first time to someone, from her page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory.models import Actor, Structure

from .. import actions, rules
from ..forms import LetterForm
from ..models import Conversation, public_name


@require_http_methods(["GET", "HEAD", "POST"])
def to_actor(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_object_or_404(Actor.objects.visible_to(request.user).select_related("user"), slug=slug)
    if page.user_id == request.user.pk:
        raise Http404
    return _write(request, page, [(_("Acteurs"), reverse("actors")), (str(page), page.get_absolute_url())])


@require_http_methods(["GET", "HEAD", "POST"])
def to_structure(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_object_or_404(Structure.objects.visible_to(request.user), slug=slug)
    if page.referents.filter(pk=request.user.pk).exists():
        raise Http404
    trail = [(_("Structures"), reverse("structures")), (str(page), page.get_absolute_url())]
    return _write(request, page, trail)


def _write(request: HttpRequest, page: Actor | Structure, trail: list[tuple[str, str]]) -> HttpResponse:
    """The form, or what stands in its place: a conversation that goes on, or the reason why there is none."""
    going_on = Conversation.objects.between(request.user, page).live().first()
    if going_on and request.method != "POST":
        return redirect(going_on)
    context = {"page": page, "name": str(page), "trail": trail, "to_structure": isinstance(page, Structure)}
    # What was typed is never lost: the form is shown again with the words that say why it did not leave.
    form = LetterForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            try:
                conversation = actions.start(asker=request.user, page=page, text=form.cleaned_data["text"])
            except rules.Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Votre message est parti. Le site vous dira quand on y répond."))
                return redirect(conversation)
    elif not rules.reached(request.user, page):
        return render(request, "contact/unavailable.html", context | {"words": rules.not_available(page)})
    elif missing := rules.lacks(request.user):
        return render(request, "contact/not_yet.html", context | {"words": missing})
    context |= {"form": form, "my_name": public_name(request.user)}
    return render(request, "contact/write.html", context)
