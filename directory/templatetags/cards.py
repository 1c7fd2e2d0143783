"""The cards of a list of results: the HTML of `c-card`, drawn in one pass.

A page shows twenty of them. In a template they cost more than everything else on the page together.
`tests/directory/test_cards.py` holds the two to the same HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ..pages import Card

register = template.Library()


@register.simple_tag
def result_cards(
    cards: Iterable[Card], level: int = 3, compact: bool = False, parted: bool = False
) -> SafeString:
    """Results as items of a list, titled at this level.

    `parted`: a title already says which of them cover the place from outside. `compact`: beside a map.
    """
    sprite = escape(static("icons/sprite.svg"))
    drawn = []
    for card in cards:
        covers = card.covers and not parted
        details = _foot("", covers) if compact else _details(card, sprite, covers)
        drawn.append(f"<li>{_head(card, sprite, level, compact)}{details}</article></li>")
    return mark_safe("".join(drawn))  # noqa: S308 (every value is escaped)


def _head(card: Card, sprite: str, level: int, compact: bool) -> str:
    listing = card.listing
    distance = f"<span>{escape(card.distance)}</span>" if card.distance else ""
    return (
        f'<article class="card{" card-compact" if compact else ""}"><div class="card-head">'
        f'<svg class="mark{" mark-small" if compact else ""}" viewBox="0 0 40 40" aria-hidden="true">'
        f'<use href="{sprite}#kind-{escape(listing.mark)}"/></svg>'
        f'<div><p class="card-kind">{escape(card.words)}</p>'
        f'<h{level} class="card-title"><a href="{escape(card.url)}">{escape(listing.name)}</a></h{level}>'
        f'<p class="card-place"><span>{_icon(sprite, "geo-alt")}{escape(listing.commune.label)}</span>'
        f"{distance}</p></div></div>"
    )


def _details(card: Card, sprite: str, covers: bool) -> str:
    headline = card.listing.headline
    text = f'<p class="card-text" lang="fr">{escape(headline)}</p>' if headline else ""
    confirmed = f"<span>{escape(card.confirmed)}</span>" if card.confirmed else ""
    return text + _tags(card, sprite) + _foot(_icon(sprite, "signpost-split"), covers, confirmed)


def _tags(card: Card, sprite: str) -> str:
    tags = [f'<li class="tag">{escape(word)}</li>' for word in card.shown_domains]
    heart = _icon(sprite, "heart-pulse")
    tags += [f'<li class="tag tag-outline">{heart}{escape(word)}</li>' for word in card.shown_themes]
    if card.more:
        tags.append(f'<li class="tag">{escape(card.more)}</li>')
    label = escape(_("Domaines et thèmes"))
    return f'<ul class="tags" aria-label="{label}">{"".join(tags)}</ul>' if tags else ""


def _foot(icon: str, covers: bool, confirmed: str = "") -> str:
    # Outside the f-string, where makemessages sees it.
    words = _("Agit aussi dans ce territoire")
    said = f"<span>{icon}{escape(words)}</span>" if covers else ""
    return f'<div class="card-foot">{said}{confirmed}</div>' if said or confirmed else ""


def _icon(sprite: str, name: str) -> str:
    return f'<svg class="icon" aria-hidden="true"><use href="{sprite}#{name}"/></svg>'
