"""The answers kept ready: the team writes them, those who moderate start from them."""

from __future__ import annotations

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..forms import AnswerForm
from ..models import AnswerTemplate
from ..rules import keeps_answers
from .desk import View


def for_team(view: View) -> View:
    """Open to those who keep the answers; for the others there is nothing here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not keeps_answers(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@for_team
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Every answer, by what it is for."""
    kept = AnswerTemplate.objects.all()
    context = {"answers": kept, "trail": _trail()}
    return render(request, "moderation/answers.html", context)


@for_team
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Change an answer; without `pk`, add one."""
    found = get_object_or_404(AnswerTemplate, pk=pk) if pk is not None else None
    form = AnswerForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("La réponse « %(title)s » est gardée.") % {"title": form.instance})
        return redirect("moderation_answers")
    trail = [*_trail(), (_("Réponses prêtes"), reverse("moderation_answers"))]
    context = {"form": form, "answer": found, "trail": trail}
    return render(request, "moderation/answer.html", context, status=422 if form.errors else 200)


@for_team
@require_POST
def retire_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an answer away. What was sent from it stays as it was sent."""
    found = get_object_or_404(AnswerTemplate, pk=pk)
    found.delete()
    messages.success(request, _("La réponse « %(title)s » est retirée.") % {"title": found})
    return redirect("moderation_answers")


def _trail() -> list[tuple[str, str]]:
    return [(_("Modération"), reverse("moderation_desk"))]
