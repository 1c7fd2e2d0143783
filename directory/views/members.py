"""Who is named on the page of a structure, asked and answered on both sides."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.text import plain
from moderation.workflow import Impossible

from .. import actions
from ..forms.keeping import FunctionForm
from ..models import Actor, Membership, MembershipProposal, Structure

#: People proposed for a name, and looked at to find them.
SHOWN, LOOKED_AT = 8, 200


@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """For those who keep the page: who is on it, who asks to be, and proposing someone."""
    structure = get_object_or_404(Structure.objects.editable_by(request.user), slug=slug)
    pages = Actor.objects.visible_to(request.user).published()
    if request.method == "POST":
        actor = get_object_or_404(pages, slug=slugify(request.POST.get("personne", ""))[:100])
        try:
            actions.propose_member(structure, actor, by=request.user)
        except Impossible as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("C’est proposé : cette personne dira oui ou non."))
        return redirect("structure_members", structure.slug)
    q = request.GET.get("q", "").strip()[:100]
    waiting = structure.proposals.open().select_related("actor").order_by("pk")
    context = {
        "structure": structure,
        "members": Membership.objects.visible_to(request.user)
        .filter(structure=structure)
        .select_related("actor")
        .order_by("pk"),
        "asked": [one for one in waiting if one.by_person],
        "proposed": [one for one in waiting if not one.by_person],
        "q": q,
        "found": _named(pages, q),
    }
    return render(request, "directory/structure_members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """A person asks to be named on a page that someone keeps."""
    structure = get_object_or_404(Structure.objects.published(), slug=slug)
    actor = get_object_or_404(Actor, user=request.user)
    form = FunctionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_to_be_named(structure, actor, function=form.cleaned_data["function"])
        except Impossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("C’est demandé : les personnes qui tiennent la page vous répondront.")
            )
            return redirect("structure", structure.slug)
    return render(request, "directory/structure_join.html", {"structure": structure, "form": form})


@require_POST
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes or no, on the side that was asked; or given up, on the side that asked."""
    answer = request.POST.get("reponse", "")
    if answer == "retirer":
        proposal = get_object_or_404(MembershipProposal.objects.made_by(request.user), pk=pk)
        actions.drop_proposal(proposal)
        messages.success(request, _("C’est retiré."))
    else:
        proposal = get_object_or_404(MembershipProposal.objects.answerable_by(request.user), pk=pk)
        try:
            actions.answer_proposal(proposal, accepted=answer == "oui")
        except Impossible as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("C’est noté."))
    return _back(request, proposal.structure, proposal.actor)


@require_POST
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """Change someone's function, or take her name off: by herself or by those who keep the page."""
    tie = get_object_or_404(
        Membership.objects.changeable_by(request.user).select_related("actor", "structure"), pk=pk
    )
    form = FunctionForm(request.POST)
    if request.POST.get("verbe") == "retirer":
        actions.leave_structure(tie)
        messages.success(request, _("Ce nom n’est plus sur la page."))
    elif form.is_valid():
        actions.join_structure(tie.actor, tie.structure, form.cleaned_data["function"])
        messages.success(request, _("La fonction est changée."))
    else:
        messages.error(request, form.errors["function"][0])
    return _back(request, tie.structure, tie.actor)


def _back(request: HttpRequest, structure: Structure, actor: Actor) -> HttpResponse:
    """To one's own space for what is about oneself, else to the people of the structure."""
    return (
        redirect("my_space")
        if actor.user_id == request.user.pk
        else redirect("structure_members", structure.slug)
    )


def _named(pages, q: str) -> list[Actor]:
    """The pages whose name on screen holds the words typed."""
    if len(plain(q)) < 2:
        return []
    some = (
        Q(first_name__icontains=q.split()[0])
        | Q(pseudonym__icontains=q)
        | Q(last_name__icontains=q.split()[-1])
    )
    found = pages.filter(some).select_related("commune").order_by("pk")[:LOOKED_AT]
    # By the name shown and nothing else: what a pseudonym hides is found by nobody.
    return [actor for actor in found if plain(q) in plain(actor.display_name)][:SHOWN]
