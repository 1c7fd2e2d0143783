from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.listed import listed_named
from directory.profiles import back_to_results
from directory.views.browse import listing
from directory.views.steps import both_versions, tell_what_was_kept
from moderation import actions as moderation
from moderation.authoring import WRITABLE, last_word, waiting
from moderation.models import Revision, Status
from moderation.registry import kind_of
from moderation.workflow import Impossible

from . import actions
from .contributions import read_project
from .forms.steps import StepForm
from .forms.topics import STEPS, BeginningForm, Step, WhoForm
from .listings import PROJECT
from .models import Project
from .pages import project_page


@login_not_required
@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    return listing(request, listed_named(PROJECT), "projects/list.html")


@login_not_required
@require_safe
def project(request: HttpRequest, slug: str) -> HttpResponse:
    visible = Project.objects.visible_to(request.user).select_related("commune", "stage", "engagement")
    found = get_object_or_404(visible, slug=slug)
    context = project_page(found, request.user) | {"back": back_to_results(request, "projects")}
    return render(request, "projects/project.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The least one must say; then a draft, and the step after."""
    form = BeginningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        said = {name: found[name] for name in ("title", "summary", "commune")}
        try:
            project = actions.start_project(by=request.user, **said)
        except Impossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Le brouillon est gardé. Complétez-le à votre rythme, puis envoyez-le.")
            )
            return redirect("project_edit", project.slug)
    return render(request, "projects/new.html", {"form": form})


@require_safe
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The steps of a project, what is missing, what waits, and what was said of it last."""
    project = _editable(request, slug)
    revision, said = project.open_revision, read_project(project)
    context = {
        "project": project,
        "trail": _trail(project)[:1],
        "steps": [(step, _is_begun(said, step)) for step in STEPS.values()],
        "missing": _missing(request, project),
        "waiting": waiting(project, revision),
        "revision": revision,
        "last_word": last_word(project, revision),
        "is_writable": project.status in WRITABLE,
        "can_be_erased": project.status == Status.DRAFT and not project.submitted_at,
        "can_be_sent": project.status in WRITABLE and project.status != Status.PUBLISHED,
    }
    return render(request, "projects/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """One step: saved, then the next one, or back to the page that holds them all."""
    project = _editable(request, slug)
    if step not in STEPS or project.status not in WRITABLE:
        raise Http404
    if request.method != "POST":
        return _step(request, project, step)
    with transaction.atomic():
        # Of two who send it at the same moment, the second is compared with what the first wrote.
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        project.refresh_from_db()
        return _step(request, project, step)


def _step(request: HttpRequest, project: Project, step: str) -> HttpResponse:
    form = _form(request, project, step)
    if request.method == "POST" and "plus" not in request.POST and form.is_valid():
        try:
            revision = moderation.revise(project, form.merged_changes(), by=request.user)
        except Impossible as refused:
            form.add_error(None, str(refused))
        else:
            _say_what_became(request, project, revision)
            tell_what_was_kept(request, form, project)
            following = _after(step)
            if following and "plus-tard" not in request.POST and project.status != Status.PUBLISHED:
                return redirect("project_step", project.slug, following)
            return redirect("project_edit", project.slug)
    context = {
        "project": project,
        "trail": _trail(project),
        "step": STEPS[step],
        "number": list(STEPS).index(step) + 1,
        "total": len(STEPS),
        "form": form,
        "is_last": _after(step) is None,
        "conflicts": both_versions(form, project),
        "revision": project.open_revision,
        "help_lines": bool(form.distress),
    }
    return render(request, "projects/step.html", context)


@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """The one-button changes: send, take back, give up an edit, confirm, take out of sight, erase a draft."""
    project = _editable(request, slug)
    verb = VERBS.get(request.POST.get("verbe", ""))
    try:
        if verb is None:
            raise Impossible(_("Ce bouton n’existe plus. Rechargez la page."))
        messages.success(request, verb(request, project))
    except Impossible as refused:
        messages.error(request, str(refused))
    is_there = Project.objects.filter(pk=project.pk).exists()
    return redirect("project_edit", project.slug) if is_there else redirect("my_space")


def _send(request: HttpRequest, project: Project) -> str:
    held_by = moderation.submit(project, by=request.user)
    if held_by:
        return _("C’est envoyé. L’équipe relit le projet avant qu’il paraisse : %(rule)s.") % {
            "rule": held_by.label
        }
    return _("C’est publié : le projet est dans la liste et sur la carte.")


def _take_back(request: HttpRequest, project: Project) -> str:
    moderation.take_back(project, by=request.user)
    return _("Le projet est de nouveau un brouillon : vous pouvez le modifier.")


def _give_up_edit(request: HttpRequest, project: Project) -> str:
    moderation.drop_revision(project, by=request.user)
    return _("Votre modification est abandonnée : la page publiée reste comme elle est.")


def _confirm(request: HttpRequest, project: Project) -> str:
    moderation.confirm(project)
    return _("Merci : la page est confirmée d’aujourd’hui.")


def _archive(request: HttpRequest, project: Project) -> str:
    moderation.archive(project, by=request.user)
    return _("Le projet n’est plus dans la liste. Vous pourrez l’envoyer de nouveau.")


def _erase(request: HttpRequest, project: Project) -> str:
    moderation.delete_draft(project)
    return _("Le brouillon est effacé.")


VERBS = {
    "envoyer": _send,
    "reprendre": _take_back,
    "abandonner": _give_up_edit,
    "confirmer": _confirm,
    "retirer": _archive,
    "effacer": _erase,
}


def _editable(request: HttpRequest, slug: str) -> Project:
    kept = Project.objects.editable_by(request.user).select_related("commune", "stage", "engagement")
    return get_object_or_404(kept, slug=slug)


def _form(request: HttpRequest, project: Project, step: str) -> StepForm:
    """The form of a step, with what was sent, or what the page says once what waits is accepted."""
    revision = project.open_revision
    form = STEPS[step].form
    known = {"project": project, "values": read_project(project) | (revision.changes if revision else {})}
    if form is WhoForm:
        known["user"] = request.user
    if request.method != "POST":
        return form(**known)
    if (table := request.POST.get("plus", "")) in form.tables:
        return form.with_more_rows(request.POST, table, **known)
    return form(request.POST, **known)


def _after(step: str) -> str | None:
    slugs = list(STEPS)
    return next(iter(slugs[slugs.index(step) + 1 :]), None)


def _is_begun(said: dict[str, object], step: Step) -> bool:
    """Whether a step holds more of what a page says than what one began with."""
    names = {*step.form.plain, *step.form.one, *step.form.others, *step.form.tables}
    return any(said[name] not in ("", None, []) for name in names - {"title", "summary", "commune"})


def _missing(request: HttpRequest, project: Project) -> str:
    """What the page lacks before it can be sent, in words; nothing when it can."""
    try:
        kind_of(project).check(project, request.user)
    except Impossible as lack:
        return str(lack)
    return ""


def _say_what_became(request: HttpRequest, project: Project, revision: Revision | None) -> None:
    if revision:
        messages.info(
            request, _("C’est envoyé. La version publiée reste en ligne jusqu’à la relecture de l’équipe.")
        )
    else:
        messages.success(request, _("C’est enregistré."))


def _trail(project: Project) -> list[tuple[str, str]]:
    return [(_("Mon espace"), reverse("my_space")), (project.title, project.edit_url)]
