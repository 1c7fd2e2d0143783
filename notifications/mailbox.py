"""The mailbox of the demonstration: mails stay on the machine, one file each, and a page shows them."""

from __future__ import annotations

import datetime
import email
import email.policy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage as ParsedMail
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

#: Mails that the page shows.
LATEST = 100


class MailboxBackend(BaseEmailBackend):
    """Keeps each mail as a file named after its Message-ID: the same mail twice is one file."""

    in_doubt = False

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder().mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            path = _path(name_of(mail.extra_headers["Message-ID"]))
            draft = path.with_suffix(".part")
            draft.write_bytes(mail.message().as_bytes())
            draft.replace(path)
        return len(email_messages)


@dataclass(frozen=True)
class Kept:
    """A mail as its reader would see it."""

    name: str
    mail: ParsedMail

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"])

    @property
    def to(self) -> str:
        return str(self.mail["To"])

    @property
    def date(self) -> datetime.datetime:
        return parsedate_to_datetime(str(self.mail["Date"])).replace(tzinfo=datetime.UTC)

    @property
    def text(self) -> str:
        return self.mail.get_body(["plain"]).get_content()

    @property
    def html(self) -> str:
        return self.mail.get_body(["html"]).get_content()

    @property
    def links(self) -> list[str]:
        """The pages of this site it leads to, as paths: they work whatever the host one came by."""
        return list(dict.fromkeys(re.findall(rf"{re.escape(settings.SITE_URL)}(/\S*)", self.text)))


def took(message_id: str) -> bool:
    """The relay's log of the demonstration: whether the mailbox holds this mail."""
    return _path(name_of(message_id)).exists()


def latest() -> list[Kept]:
    files = sorted(folder().glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [_read(path) for path in files[:LATEST]]


def find(name: str) -> Kept | None:
    """The mail of this name. None for what is no name of ours, or was not kept."""
    path = _path(name)
    return _read(path) if re.fullmatch(r"[0-9a-f]{40}", name) and path.exists() else None


def folder() -> Path:
    return Path(settings.OUTBOX_MAILBOX)


def name_of(message_id: str) -> str:
    return message_id.strip("<>").partition("@")[0]


def _path(name: str) -> Path:
    return folder() / f"{name}.eml"


def _read(path: Path) -> Kept:
    return Kept(path.stem, email.message_from_bytes(path.read_bytes(), policy=email.policy.default))
