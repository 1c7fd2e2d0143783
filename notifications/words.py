"""The words of a message, taken from the one template of its kind."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from .kinds import MailKind
from .letterhead import letterhead


@dataclass(frozen=True)
class Words:
    """What a mail says: plain paragraphs parted by empty lines, and where its one button leads."""

    subject: str
    text: str
    button: str = ""
    link: str = ""


def words(kind: MailKind, language: str, context: dict[str, object]) -> Words:
    """Read the template of a kind in a language. `link` of the context is a path of this site."""
    # Parted by a word that nobody can guess, so that no text given by a person is taken for a part.
    part = secrets.token_hex(8)
    link = str(context.get("link", ""))
    with translation.override(language):
        said = render_to_string(
            kind.template,
            {"link": "", **context, "part": part, "site_url": settings.SITE_URL, "instance": letterhead()},
        )
    subject, text, button = (piece.strip() for piece in said.split(part))
    return Words(one_line(subject), paragraphs(text), one_line(button) if link else "", link)


def one_line(text: str) -> str:
    """No line break, no control character: what a header may hold. At most 200 characters."""
    line = " ".join(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]", " ", text).split())
    return line if len(line) <= 200 else f"{line[:199]}…"


def paragraphs(text: str) -> str:
    """The same text without spaces at the end of lines, nor more than one empty line in a row."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip().replace("\0", "")
