"""Making the page of a structure, and keeping it."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moderation import actions as moderation
from moderation.authoring import WRITABLE, last_word, waiting
from moderation.models import Status
from moderation.workflow import Impossible

from .. import actions
from ..contributions import read_structure
from ..duplicates import Description, while_typing
from ..forms.structures import NameForm, StructureForm
from ..models import Structure
from .steps import both_versions, tell_what_was_kept


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The least one must say; then whether the page exists already; then a draft."""
    form = NameForm(request.POST or None)
    if not (request.method == "POST" and form.is_valid()):
        return render(request, "directory/structure_new.html", {"form": form})
    alike = [] if "autre" in request.POST else while_typing(form.described())
    if alike:
        return render(request, "directory/structure_alike.html", {"form": form, "alike": alike})
    try:
        structure = actions.start_structure(by=request.user, **_beginning(form))
    except Impossible as refused:
        form.add_error(None, str(refused))
        return render(request, "directory/structure_new.html", {"form": form})
    messages.success(request, _("Le brouillon est gardé. Complétez-le, puis envoyez-le."))
    return redirect("structure_edit", structure.slug)


@require_safe
def alike(request: HttpRequest) -> HttpResponse:
    """The pages that the name being typed may mean: a part of the form."""
    described = Description(
        name=request.GET.get("name", "")[:160], acronym=request.GET.get("acronym", "").strip()[:30]
    )
    found = while_typing(described) if len(described.name.strip()) > 2 else []
    return render(request, "directory/_alike.html", {"alike": found})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole page as a form; what waits beside it, and why; what was said of it last."""
    structure = _editable(request, slug)
    if request.method != "POST":
        return _edit(request, structure)
    with transaction.atomic():
        # Of two who send it at the same moment, the second is compared with what the first wrote.
        Structure.objects.select_for_update().get(pk=structure.pk)
        structure.refresh_from_db()
        return _edit(request, structure)


def _edit(request: HttpRequest, structure: Structure) -> HttpResponse:
    revision = structure.open_revision
    values = read_structure(structure) | (revision.changes if revision else {})
    form = StructureForm(request.POST or None, structure=structure, values=values)
    if request.method == "POST" and structure.status in WRITABLE and form.is_valid():
        try:
            return _written(request, structure, form)
        except Impossible as refused:
            form.add_error(None, str(refused))
    context = {
        "structure": structure,
        "form": form,
        "revision": revision,
        "conflicts": both_versions(form, structure),
        "waiting": waiting(structure, revision),
        "last_word": last_word(structure, revision),
        "is_writable": structure.status in WRITABLE,
        "can_be_erased": structure.status == Status.DRAFT and not structure.submitted_at,
    }
    return render(request, "directory/structure_edit.html", context)


@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """The one-button changes: take back, give up an edit, confirm, take out of sight, erase a draft."""
    structure = _editable(request, slug)
    verb = VERBS.get(request.POST.get("verbe", ""))
    if verb is None:
        messages.error(request, _("Ce bouton n’existe plus. Rechargez la page."))
        return redirect("structure_edit", structure.slug)
    try:
        said = verb(request, structure)
    except Impossible as refused:
        messages.error(request, str(refused))
        return redirect("structure_edit", structure.slug)
    messages.success(request, said)
    is_there = Structure.objects.filter(pk=structure.pk).exists()
    return redirect("structure_edit", structure.slug) if is_there else redirect("my_space")


def _take_back(request: HttpRequest, structure: Structure) -> str:
    moderation.take_back(structure, by=request.user)
    return _("La page est de nouveau un brouillon : vous pouvez la modifier.")


def _give_up_edit(request: HttpRequest, structure: Structure) -> str:
    moderation.drop_revision(structure, by=request.user)
    return _("Votre modification est abandonnée : la page publiée reste comme elle est.")


def _confirm(request: HttpRequest, structure: Structure) -> str:
    if structure.status != Status.PUBLISHED:
        raise Impossible(_("Seule une page publiée se confirme."))
    moderation.confirm(structure)
    return _("Merci : la page est confirmée d’aujourd’hui.")


def _archive(request: HttpRequest, structure: Structure) -> str:
    moderation.archive(structure, by=request.user)
    return _("La page n’est plus dans le répertoire. Vous pourrez l’envoyer de nouveau.")


def _erase(request: HttpRequest, structure: Structure) -> str:
    moderation.delete_draft(structure)
    return _("Le brouillon est effacé.")


VERBS = {
    "reprendre": _take_back,
    "abandonner": _give_up_edit,
    "confirmer": _confirm,
    "retirer": _archive,
    "effacer": _erase,
}


def _editable(request: HttpRequest, slug: str) -> Structure:
    kept = Structure.objects.editable_by(request.user).select_related("commune", "category")
    return get_object_or_404(kept, slug=slug)


def _beginning(form: NameForm) -> dict[str, object]:
    names = ("name", "acronym", "category", "commune")
    return {name: form.cleaned_data[name] for name in names}


def _written(request: HttpRequest, structure: Structure, form: StructureForm) -> HttpResponseRedirect:
    """Keep what was written; send it where that is asked; say what becomes of it."""
    revision = moderation.revise(structure, form.merged_changes(), by=request.user)
    tell_what_was_kept(request, form, structure)
    if structure.status == Status.PUBLISHED:
        if revision:
            said = _("C’est envoyé. %(rule)s : la page publiée ne change pas encore pour cela.") % {
                "rule": str(revision.get_rule_display()).capitalize()
            }
        else:
            said = _("C’est enregistré : la page est à jour.")
        messages.success(request, said)
        return redirect("structure_edit", structure.slug)
    if "envoyer" not in request.POST:
        messages.success(request, _("Le brouillon est gardé : vous pouvez revenir quand vous voulez."))
        return redirect("structure_edit", structure.slug)
    held_by = moderation.submit(structure, by=request.user)
    if held_by:
        said = _("C’est envoyé. L’équipe relit la page avant qu’elle paraisse : %(rule)s.") % {
            "rule": held_by.label
        }
    else:
        said = _("C’est publié : la page est dans le répertoire.")
    messages.success(request, said)
    return redirect("structure_edit" if held_by else "structure", structure.slug)
