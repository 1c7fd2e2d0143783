"""The promises of the tokens and of the components, read from the files themselves."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parent.parent.parent
TOKENS = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
GROUNDS = ["paper", "surface", "sunken"]


def block(opening: str) -> dict[str, str]:
    start = TOKENS.index(opening) + len(opening)
    return dict(re.findall(r"--([\w-]+): ([^;]+);", TOKENS[start : TOKENS.index("}", start)]))


LIGHT = block(":root {")
CHOSEN_DARK = block(':root[data-theme="dark"] {')
DARK = LIGHT | CHOSEN_DARK


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def test_contrast_is_measured_as_wcag_says():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
def test_body_text_has_seven_to_one(theme, ground):
    assert contrast(theme["ink"], theme[ground]) >= 7
    assert contrast(theme["ink-soft"], theme[ground]) >= 7


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
def test_coloured_text_has_four_and_a_half_to_one(theme, ground):
    for name in ["primary", "primary-strong", "accent", "danger", "warning", "success", "info"]:
        assert contrast(theme[name], theme[ground]) >= 4.5, name


@THEMES
def test_text_on_tinted_and_filled_grounds_has_four_and_a_half_to_one(theme):
    kinds = ["user", "professional", "other", "structure", "project", "event"]
    softs = [f"kind-{kind}-soft" for kind in kinds] + ["primary-soft", "accent-soft"]
    softs += [f"{state}-soft" for state in ("danger", "warning", "success", "info")]
    for name in [*softs, "hover"]:
        assert contrast(theme["ink"], theme[name]) >= 7, name
    for name in [*(f"kind-{kind}" for kind in kinds), "primary", "primary-strong", "accent", "danger"]:
        assert contrast(theme["on-fill"], theme[name]) >= 4.5, name
    for ground in ("night", "night-raised"):
        for name in ("on-night", "on-night-soft", "highlight"):
            assert contrast(theme[name], theme[ground]) >= 4.5, (name, ground)


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
def test_controls_shapes_and_focus_have_three_to_one(theme, ground):
    for name in ["line-control", "focus", "kind-user", "kind-professional", "kind-other", "kind-structure"]:
        assert contrast(theme[name], theme[ground]) >= 3, name


def test_the_two_dark_themes_are_the_same():
    assert block(':root:not([data-theme="light"]) {') == CHOSEN_DARK


def test_no_colour_is_written_outside_the_tokens():
    ours = [
        *ROOT.glob("static/css/**/*.css"),
        *ROOT.glob("static/js/*.js"),
        *ROOT.glob("templates/**/*.html"),
    ]
    raw = re.compile(r"(?<!&)#(?:[0-9a-f]{6}|[0-9a-f]{3})\b(?![\w-])|\b(?:rgb|hsl)a?\(", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in ours
        if path.name != "tokens.css"
        for match in raw.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_nothing_is_inline_in_the_templates():
    inline = re.compile(r"<[^>]*\s(?:style|on[a-z]+)=|<style|<script(?![^>]*\ssrc=)(?![^>]*application/json)")
    found = [path.name for path in ROOT.glob("templates/**/*.html") if inline.search(path.read_text())]
    assert found == []


def test_every_icon_named_in_a_template_is_in_the_sprite():
    known = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons/sprite.svg").read_text()))
    for path in ROOT.glob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        names = r'(?:c-icon name|icon|icon_end)="([\w-]+)"'
        named = re.findall(names + r"""|(?:sprite \}\}|sprite.svg' %\})#([\w-]+)\"""", text)
        assert {one or other for one, other in named} - known == set(), path.name


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "429.html", "500.html"])
def test_the_last_resort_pages_need_nothing(name):
    page = render_to_string(name)
    assert page.startswith("<!DOCTYPE html>")
    assert "undefined" not in page


def test_a_facet_folds_what_is_beyond_its_limit_and_never_a_ticked_box():
    options = [
        {"value": f"v{n}", "label": f"<b>{n}", "count": 1234 * n, "selected": n == 3} for n in range(4)
    ]
    facet = Template('{% load boxes %}{% boxes "role" "Rôle" options 2 %}')
    drawn = facet.render(Context({"options": options}))
    assert drawn.count('type="checkbox"') == 4
    assert '<details class="facet-more" open>' in drawn
    assert "&lt;b&gt;3" in drawn
    assert "<b>" not in drawn
    assert "1\u202f234" in drawn
    assert drawn.count("checked") == 1


@pytest.mark.django_db
def test_the_page_of_components_shows_them_all(client):
    page = client.get("/composants/").content.decode()
    assert "<c-" not in page
    for part in [
        "card",
        "chip",
        "tag",
        "kind",
        "facet",
        "drawer",
        "combobox",
        "pagination",
        "alert",
        "empty",
    ]:
        assert f'class="{part}' in page, part
