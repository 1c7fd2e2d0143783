"""The boxes of the filters. A page shows two hundred of them: in a template they cost more than its rows."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()

NARROW_NO_BREAK_SPACE = "\u202f"


def box(name: str, option: Any, kind: str, separator: str) -> str:
    read = option.get if isinstance(option, Mapping) else lambda key: getattr(option, key)
    count, value = read("count"), escape(str(read("value")))
    muted = " choice-none" if count == 0 else ""
    checked = " checked" if read("selected") else ""
    shown = "" if count is None else f'<span class="count">{count:,}</span>'.replace(",", separator)
    return (
        f'<label class="choice{muted}">'
        f'<input type="{kind}" name="{name}" value="{value}" id="{name}-{value}"{checked}>'
        f'<span class="choice-words">{escape(str(read("label")))}</span>{shown}</label>'
    )


@register.simple_tag
def boxes(name: str, label: str, options: Iterable[Any], limit: int = 6, radio: bool = False) -> SafeString:
    """One box for each option (value, label, count or None, selected); those after `limit` folded away."""
    name, kind = escape(name), "radio" if radio else "checkbox"
    separator = "," if get_language() == "en" else NARROW_NO_BREAK_SPACE
    drawn = [box(name, option, kind, separator) for option in options]
    shown, folded = drawn[:limit], drawn[limit:]
    if folded:
        words = escape(_("Voir %(count)s de plus") % {"count": len(folded)})
        about = f'<span class="visually-hidden"> ({escape(str(label))})</span>'
        # A ticked box is never hidden.
        opened = " open" if any(" checked>" in one for one in folded) else ""
        shown += [
            f'<details class="facet-more"{opened}><summary>{words}{about}</summary>',
            *folded,
            "</details>",
        ]
    return mark_safe("".join(shown))  # noqa: S308 (every value above is escaped)
