"""The cards of lists are drawn in Python, for speed; they are the component all the same."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test.html import parse_html
from django.utils.translation import override
from django_cotton.compiler_regex import CottonCompiler

from accounts.audience import Audience
from directory.index import Selection, current_index
from directory.models import Listing, Term
from directory.pages import Card
from directory.templatetags.cards import result_cards
from tests import makers

pytestmark = pytest.mark.django_db

SOURCE = """{% load i18n %}<li><c-card :level="level" :compact="compact" :kind="card.listing.mark"
  :word="card.words" :name="card.listing.name" :href="card.url" :place="card.listing.commune.label"
  :distance="card.distance" :text="text" :tags="tags" :themes="themes" :more="more">
{% if covers and compact %}<span>{% translate "Agit aussi dans ce territoire" %}</span>
{% elif covers %}<span><c-icon name="signpost-split" />{% translate "Agit aussi dans ce territoire" %}</span>
{% endif %}
{% if card.confirmed and not compact %}<span>{{ card.confirmed }}</span>{% endif %}</c-card></li>"""
ROLES = {
    "user": ["patient-partenaire"],
    "professional": ["professionnel-partenaire"],
    "both": ["patient-partenaire", "professionnel-partenaire", "proche-aidant"],
    "other": [],
}


@pytest.fixture(params=[*ROLES, "structure"])
def listing(request) -> Listing:
    """A thing of each kind, with what could break HTML in what people write."""
    if request.param == "structure":
        makers.structure(
            name="Maison <b>d’'ici'</b> & \"là\"", description="Un lieu <i>ouvert</i>. Et & calme."
        )
    else:
        roles = Term.objects.filter(vocabulary="role", slug__in=ROLES[request.param])
        makers.actor(
            first_name="Maëlle",
            last_name="<Rivedouce> & 'co'",
            name_style="full",
            terms=list(roles),
            texts={"headline": '« J’écoute » <em>"tout"</em> & l\'équipe'},
        )
    found = Listing.objects.select_related("commune").get()
    assert found.mark == request.param
    return found


def card(listing: Listing, domains: int, themes: int, covers: bool, km: int | None) -> Card:
    def some(vocabulary: str, number: int) -> list[Term]:
        return list(Term.objects.filter(vocabulary=vocabulary)[:number])

    terms = current_index().terms
    tags = [terms[pk] for pk in listing.tags]
    return Card(listing, [*tags, *some("domain", domains)], some("theme", themes), covers, km)


def component(shown: Card, level: int, compact: bool, covers: bool) -> str:
    context = {
        "card": shown,
        "level": level,
        "compact": compact,
        "covers": covers,
        "text": "" if compact else shown.listing.headline,
        "tags": [] if compact else shown.shown_domains,
        "themes": [] if compact else shown.shown_themes,
        "more": 0 if compact else shown.hidden,
    }
    return Template(CottonCompiler().process(SOURCE)).render(Context(context))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("compact", [False, True])
def test_a_card_of_a_list_is_the_component(listing, compact, language):
    unconfirmed = Listing.objects.select_related("commune").get()
    unconfirmed.confirmed_at, unconfirmed.headline = None, ""
    with override(language):
        for shown in (
            card(listing, 0, 0, False, None),
            card(listing, 2, 1, False, 0),
            card(listing, 5, 4, True, 12),
            card(unconfirmed, 0, 0, False, None),
            card(unconfirmed, 0, 2, True, None),
        ):
            for level, parted in ((3, False), (4, True)):
                drawn = result_cards([shown], level=level, compact=compact, parted=parted)
                expected = component(shown, level, compact, shown.covers and not parted)
                assert str(parse_html(drawn)) == str(parse_html(expected))


def test_a_card_in_a_list_is_drawn_so(listing, client):
    address = "/structures/" if listing.kind == "structure" else "/acteurs/"
    selection = Selection(current_index(), Audience.EVERYONE)
    shown = card(listing, 0, 0, False, None)
    assert len(selection) == 1
    assert result_cards([shown]) in client.get(address).text
