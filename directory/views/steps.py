"""What joining and editing share: reading a topic's form, and saving what it says."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from moderation.models import Publishable, Revision
from moderation.registry import kind_of
from moderation.versions import VersionedForm

from .. import actions
from ..forms.sharing import SharingForm, ThemesForm
from ..forms.topic import TopicForm
from ..models import Actor
from ..topics import Topic

#: In the session: words of distress were read in what was just written, and the next page shows who helps.
HELP_KEY = "show_help_lines"


def own_page(user: User) -> Actor | None:
    """The page of the person signed in, whatever its state."""
    return Actor.objects.filter(user=user).select_related("commune", "user").first()


def both_versions(form: VersionedForm, page: Publishable) -> list[tuple[str, str, str]]:
    """What both the writer and someone else changed: each field in words, as it is now, as she writes it."""
    kind = kind_of(page)
    return [
        (str(kind.labels[one.name]), kind.show(one.name, one.now), kind.show(one.name, one.hers))
        for one in form.conflicts
    ]


def tell_what_was_kept(request: HttpRequest, form: VersionedForm, page: Publishable) -> None:
    """Say which changes of someone else stay beside those just made."""
    if form.kept:
        fields = ", ".join(sorted(str(kind_of(page).labels[name]) for name in form.kept))
        messages.info(
            request,
            _("Changé entre-temps par quelqu’un d’autre, et gardé aussi : %(fields)s.") % {"fields": fields},
        )


def topic_form(topic: Topic, request: HttpRequest, actor: Actor | None) -> TopicForm:
    """The form of a topic, with what was sent or what the page says."""
    values = actions.page_as_edited(actor) if actor else {}
    return topic.form(request.POST if request.method == "POST" else None, values=values, actor=actor)


def save(form: TopicForm, actor: Actor, *, by: User) -> Revision | None:
    """Save what is valid of a form. Who sees what acts at once; gives the edit that waits, if one does."""
    revision = actions.edit_page(actor, form.merged_changes(), by=by)
    choices = form.page_choices() if isinstance(form, SharingForm) else {}
    if choices or form.circles():
        actions.choose_circles(actor, fields=form.circles(), **choices)
    if isinstance(form, ThemesForm) and (purposes := form.consents()) is not None:
        actions.answer_for_themes(actor, purposes, form.cleaned_data["themes"])
    return revision


def remember_distress(request: HttpRequest, form: TopicForm) -> None:
    """Show who helps on the next page, when the words call for it."""
    if getattr(form, "distress", None):
        request.session[HELP_KEY] = True


def shows_help(request: HttpRequest, form: TopicForm | None = None) -> bool:
    """Whether this page shows who helps: words of distress were just read."""
    return bool(request.session.pop(HELP_KEY, False) or getattr(form, "distress", None))


def trail_to_my_page() -> list[tuple[str, str]]:
    """The way from my space to one part of my page."""
    return [(_("Mon espace"), reverse("my_space")), (_("Ma page"), reverse("my_page"))]
