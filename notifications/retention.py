"""How long what was said is kept."""

from __future__ import annotations

import datetime

from .models import Message, Notice

#: Enough to answer someone who asks what she was told, and no more.
KEPT = datetime.timedelta(days=365)


def forget_old(now: datetime.datetime) -> int:
    """Delete what was said more than a year ago, mails and notices. Returns how many rows went."""
    before = now - KEPT
    notices, _by_model = Notice.objects.filter(created_at__lte=before).delete()
    mails, _by_model = Message.objects.filter(created_at__lte=before).delete()
    return notices + mails
