"""A row of the outbox as a mail: plain text and its HTML twin, made from the same paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from functools import cache

import mjml
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Template
from django.template.loader import get_template
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .kinds import codes
from .letterhead import Letterhead
from .models import Message
from .stop import stop_path


@dataclass(frozen=True)
class Block:
    """A paragraph, and its form.

    "list" when every line begins with a dash, "quote" when with a chevron, "code" when there are only digits,
    else "plain".
    """

    form: str
    lines: list[SafeString]


def dressed(message: Message, sender: Letterhead) -> EmailMultiAlternatives:
    """The mail as it leaves. Needs its words: a sensitive message has them only until it left."""
    with translation.override(message.language):
        footer = _footer(message, sender)
        plain = as_text(message, footer)
        html = as_html(message, footer, sender)
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    mail = EmailMultiAlternatives(
        message.subject,
        plain,
        formataddr((sender.name, address)),
        [message.address],
        headers=_headers(message),
    )
    mail.attach_alternative(html, "text/html")
    return mail


def as_text(message: Message, footer: list[str]) -> str:
    parts = [message.text]
    if message.button:
        parts.append(f"{message.button}{_(' :')}\n{absolute(message.link)}")
    return "\n\n".join([*parts, "-- \n" + "\n".join(footer)]) + "\n"


def as_html(message: Message, footer: list[str], sender: Letterhead) -> str:
    context = {
        "language": message.language,
        "subject": message.subject,
        "instance": sender,
        "blocks": [_block(paragraph) for paragraph in message.text.split("\n\n")],
        "button": message.button,
        "link": absolute(message.link),
        "footer": [_line(line) for line in footer],
    }
    return _layout().render(Context(context))


def absolute(path: str) -> str:
    """The whole address of a path of this site, never taken from a request."""
    return f"{settings.SITE_URL}{path}" if path.startswith("/") else path


@cache
def _layout() -> Template:
    """The MJML layout made HTML, once per process; what changes is filled in at each mail."""
    return Template(mjml.mjml2html(get_template("mail/base.mjml").template.source))


def _block(paragraph: str) -> Block:
    lines = paragraph.split("\n")
    for form, mark in (("list", "- "), ("quote", "> ")):
        if all(line.startswith(mark) for line in lines):
            return Block(form, [_line(line.removeprefix(mark)) for line in lines])
    return Block("code" if re.fullmatch(r"\d{4,10}", paragraph) else "plain", [_line(line) for line in lines])


def _line(line: str) -> SafeString:
    """A line whose end, when it is the address of a page of this site, is a link. No other is."""
    own = re.escape(settings.SITE_URL)
    found = re.fullmatch(rf"(?P<words>.*?)(?P<colon>[ \xa0\u202f]?:[ \xa0])?(?P<url>{own}/\S*)", line)
    if not found:
        return format_html("{}", line)
    words, url = found["words"].strip(), found["url"]
    return format_html('<a href="{}">{}</a>', url, words if words and found["colon"] else url)


def _footer(message: Message, sender: Letterhead) -> list[str]:
    """Who sends, why, and how to stop."""
    lines = [sender.name, sender.bearer_line]
    if sender.contact_email:
        lines.append(_("Une question ? Écrivez à %s.") % sender.contact_email)
    if message.recipient_id is None:
        lines.append(_("Vous recevez ce message parce que votre adresse nous a été donnée."))
    elif message.optional:
        lines.append(_("Vous recevez ce message parce que vous avez un compte sur ce site."))
        lines.append(_("Ne plus recevoir ces mails : %s") % absolute(stop_path(message)))
    elif message.kind in codes(by_member=True):
        lines.append(_("Quelqu’un s’adresse à vous par ce site : ce premier message part toujours."))
    else:
        lines.append(_("Ce message concerne votre compte ou ce que vous avez demandé : il part toujours."))
    return [line for line in lines if line]


def _headers(message: Message) -> dict[str, str]:
    headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    if message.optional:
        headers["List-Unsubscribe"] = f"<{absolute(stop_path(message))}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
