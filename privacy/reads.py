"""Whoever of the team reads what a person keeps from members says why, and the reading is written down."""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User

from .forms import PurposeForm
from .models import HealthRead

_SESSION_KEY = "reading_purposes"
_SALT = "privacy.reading"


def reading(request: HttpRequest, subject: User, page: str) -> HttpResponse | None:
    """To be called by a view about to show, to the team, health data of `subject` that members do not see.

    page: a short name of what is read, for the log ("page", "dossier").
    Returns None when the page may be shown: one row has then been written, or there was no need (it is hers,
    or the reader is not of the team and sees nothing more than others). Else returns the page that asks why,
    once per person read and session, to be given in place of the one asked for.
    """
    reader = request.user
    if not getattr(reader, "is_team", False) or reader.pk == subject.pk:
        return None
    said = request.session.get(_SESSION_KEY, {}).get(str(subject.pk))
    if said is None:
        form = PurposeForm(
            initial={"subject": signing.dumps(subject.pk, salt=_SALT), "next": request.get_full_path()}
        )
        return render(request, "privacy/purpose.html", {"form": form})
    purpose, explanation = said
    note_reading(reader, subject, page=page, purpose=purpose, explanation=explanation)
    return None


def note_reading(reader: User, subject: User, *, page: str, purpose: str, explanation: str = "") -> None:
    """Write down one reading whose purpose is known: stated for this session, or that of the page itself."""
    HealthRead.objects.create(
        subject=subject, reader=reader, purpose=purpose, explanation=explanation, page=page
    )


def remember_purpose(request: HttpRequest, form: PurposeForm) -> bool:
    """Keep the purpose that a valid form gives, for this session. False when it is about nobody."""
    try:
        subject = signing.loads(form.cleaned_data["subject"], salt=_SALT)
    except signing.BadSignature:
        return False
    known = request.session.get(_SESSION_KEY, {})
    said = [form.cleaned_data["purpose"], form.cleaned_data["explanation"]]
    request.session[_SESSION_KEY] = {**known, str(subject): said}
    return True
