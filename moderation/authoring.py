"""What those who write a contribution are shown of where it stands."""

from __future__ import annotations

from .models import Decision, Publishable, Revision, Status
from .registry import kind_of

#: The states in which its authors write it; in the others they read what comes next.
WRITABLE = (Status.DRAFT, Status.RETURNED, Status.PUBLISHED, Status.HIDDEN, Status.ARCHIVED)


def waiting(item: Publishable, revision: Revision | None) -> list[tuple[str, str, str]]:
    """What waits beside what is published: each field in words, what it says, what it will say."""
    if revision is None:
        return []
    kind = kind_of(item)
    now = kind.read(item)
    return [
        (str(kind.labels[name]), kind.show(name, now[name]), kind.show(name, value))
        for name, value in revision.changes.items()
        if name in kind.labels
    ]


def last_word(item: Publishable, revision: Revision | None) -> Decision | None:
    """The decision that its author has something to do about, with its reason."""
    if item.status in (Status.RETURNED, Status.REFUSED, Status.HIDDEN) or (
        revision and revision.state == Revision.State.RETURNED
    ):
        return Decision.objects.of(item).exclude(reason="").first()
    return None
