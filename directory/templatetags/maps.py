"""The map of results, for any page: `{% results_map … %}`, with `_map_head.html` and `_map_scripts.html`."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from territories.models import Level, Territory

from ..frames import FRANCE, frame_of, written

register = template.Library()

#: Guadeloupe, Martinique, Guyane, La Réunion, Mayotte: régions a map of the mainland never shows.
OVERSEAS = ("01", "02", "03", "04", "06")


@register.inclusion_tag("directory/_map.html", takes_context=True)
def results_map(
    context: template.Context,
    label: str,
    *,
    territory: Territory | None = None,
    query: str = "",
    frame: str = "",
    outline: Territory | None = None,
    embedded: bool = False,
    full: bool = False,
) -> dict[str, object]:
    """A map of what the filters `query` give, read as `label`.

    With `territory`, its results, its frame and its border; else it opens on `frame`, and without one on the
    région of this site, and `outline` is the territory whose border shows. `full` gives it the height of the
    screen and the mouse wheel; `embedded` asks for what everyone may see, and opens links in another tab.
    """
    region = getattr(context.get("instance"), "region", None)
    if territory is not None:
        outline, query = territory, query or f"territoire={territory.ref}"
        frame = frame or written(frame_of(territory))
    return {
        "label": label,
        "query": query.removeprefix("?"),
        "frame": frame or (written(frame_of(region)) if region else written(FRANCE)),
        "outline": outline.ref if outline else "",
        "embedded": embedded,
        "full": full,
        "mainland": _mainland(region),
        "overseas": _overseas(),
        "tiles": settings.MAP_TILE_URL,
        "tiles_attribution": settings.MAP_TILE_ATTRIBUTION,
    }


def _mainland(region: Territory | None) -> list[tuple[str, str]]:
    own = [(region.name, written(frame_of(region)))] if region else []
    return [*own, (_("France"), written(FRANCE))]


def _overseas() -> list[tuple[str, str]]:
    regions = Territory.objects.filter(level=Level.REGION, code__in=OVERSEAS).order_by("code")
    return [(region.name, written(frame_of(region))) for region in regions]
