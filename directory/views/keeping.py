"""Who keeps the page of a structure: claiming, inviting, answering, leaving."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from moderation.workflow import Impossible

from .. import actions
from ..forms.keeping import ClaimForm, InvitationForm
from ..models import ClaimRequest, ReferentInvitation, Structure
from ..referents import members_to_invite, referents_of


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to keep a page that nobody keeps, or see that the request waits."""
    structure = get_object_or_404(Structure.objects.published().select_related("commune"), slug=slug)
    waiting = ClaimRequest.objects.open().filter(structure=structure, user=request.user).first()
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.claim_structure(structure, by=request.user, **form.cleaned_data)
        except Impossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Votre demande est envoyée : l’équipe vous répondra par mail."))
            return redirect("structure_claim", structure.slug)
    context = {
        "structure": structure,
        "form": form,
        "waiting": waiting,
        "is_orphan": Structure.objects.orphans().filter(pk=structure.pk).exists(),
    }
    return render(request, "directory/structure_claim.html", context)


@require_POST
def drop_claim(request: HttpRequest, slug: str) -> HttpResponse:
    mine = ClaimRequest.objects.open().filter(user=request.user, structure__slug=slug)
    claim = get_object_or_404(mine.select_related("structure"))
    return _done(request, "structure_claim", slug, _("Votre demande est retirée."), actions.drop_claim, claim)


@require_http_methods(["GET", "HEAD", "POST"])
def referents(request: HttpRequest, slug: str) -> HttpResponse:
    """Who keeps the page, who was invited to, and inviting one more."""
    structure = get_object_or_404(Structure.objects.editable_by(request.user), slug=slug)
    members = members_to_invite(structure, request.user)
    if "personne" in request.POST:
        return _invite_member(request, structure, members)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite_referent(structure, by=request.user, email=form.cleaned_data["email"])
        except Impossible as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(request, _("C’est fait : un message part à cette adresse."))
            return redirect("structure_referents", structure.slug)
    context = {
        "structure": structure,
        "form": form,
        "referents": referents_of(structure, request.user),
        "members": members,
        "invitations": structure.invitations.open().select_related("user__actor").order_by("pk"),
        "keeps": structure.referents.filter(pk=request.user.pk).exists(),
    }
    return render(request, "directory/structure_referents.html", context)


def _invite_member(request: HttpRequest, structure: Structure, members: QuerySet) -> HttpResponse:
    """Ask someone named on the page to keep it, without knowing her address. She says yes or no."""
    tie = get_object_or_404(members, actor__slug=slugify(request.POST["personne"])[:100])
    said = _("C’est fait : %(name)s dira oui ou non.") % {"name": tie.actor.display_name}
    act, user = actions.invite_referent, tie.actor.user
    return _done(
        request, "structure_referents", structure.slug, said, act, structure, by=request.user, user=user
    )


@require_POST
def remove_referent(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    structure = get_object_or_404(Structure.objects.editable_by(request.user), slug=slug)
    referent = get_object_or_404(User.objects.filter(structures=structure), pk=pk)
    said = _("Cette personne ne tient plus la page.")
    return _done(
        request,
        "structure_referents",
        slug,
        said,
        actions.remove_referent,
        structure,
        referent,
        by=request.user,
    )


@require_POST
def cancel_invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    structure = get_object_or_404(Structure.objects.editable_by(request.user), slug=slug)
    invitation = get_object_or_404(structure.invitations.open(), pk=pk)
    said = _("L’invitation est retirée.")
    return _done(request, "structure_referents", slug, said, actions.cancel_invitation, invitation)


@require_http_methods(["GET", "HEAD", "POST"])
def step_down(request: HttpRequest, slug: str) -> HttpResponse:
    """Stop keeping a page: said twice where nobody would keep it any more."""
    structure = get_object_or_404(Structure.objects.filter(referents=request.user), slug=slug)
    is_last = structure.referents.count() == 1
    if request.method == "POST":
        try:
            actions.step_down(structure, by=request.user, leaving_nobody="personne" in request.POST)
        except actions.LastReferent:
            is_last = True
        except Impossible as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Vous ne tenez plus cette page. Merci pour ce que vous y avez fait."))
            return redirect("my_space")
    return render(request, "directory/structure_step_down.html", {"structure": structure, "is_last": is_last})


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """What one is asked to keep, and two buttons. Only for the person invited."""
    found = ReferentInvitation.objects.visible_to(request.user).open().select_related("structure__commune")
    invitation = found.filter(pk=pk).first()
    if invitation is None:
        # The same words for one that was answered, that is another's, or that never was.
        return render(request, "directory/referent_invitation_over.html", status=404)
    if request.method != "POST":
        return render(request, "directory/referent_invitation.html", {"invitation": invitation})
    accepted = request.POST.get("reponse") == "oui"
    structure = invitation.structure
    said = (
        _("Vous tenez maintenant la page de « %(name)s ».") % {"name": structure.name}
        if accepted
        else _("C’est noté : rien ne change.")
    )
    try:
        actions.answer_invitation(invitation, by=request.user, accepted=accepted)
    except Impossible as refused:
        messages.error(request, str(refused))
        return redirect("my_space")
    messages.success(request, said)
    return redirect("structure_edit", structure.slug) if accepted else redirect("my_space")


def _done(request: HttpRequest, route: str, slug: str, said: str, action, *args, **kwargs) -> HttpResponse:
    """Do it, say so or why not, and go back."""
    try:
        action(*args, **kwargs)
    except Impossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect(route, slug)
