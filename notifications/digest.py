"""The mail of the day: for each person, what was said to her since the last one and that she has not read."""

from __future__ import annotations

from .models import Message, Notice

KIND = "notifications.digest"


def rewrite(message: Message, notices: list[Notice]) -> None:
    """Write the digest again from these notices only. Its row is saved by whoever sends it."""
    raise NotImplementedError
