"""What a moderator had before her eyes: nothing that changed since is decided unread."""

from __future__ import annotations

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.crypto import salted_hmac

from .models import Case, Publishable
from .registry import kind_of


def mark_of(case: Case) -> str:
    """A mark of all that its author may still change in what `case` shows; empty where there is nothing such.

    It is keyed: from a mark, nobody guesses a field that the author does not show to moderators.
    """
    page = case.target
    if not isinstance(page, Publishable):
        return ""
    waiting = page.open_revision if case.nature == Case.Nature.EDIT else None
    shown = [kind_of(page).read(page), waiting.changes if waiting else None]
    text = json.dumps(shown, sort_keys=True, cls=DjangoJSONEncoder)
    return salted_hmac("moderation.seen", text, algorithm="sha256").hexdigest()[:32]
