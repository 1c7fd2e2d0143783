"""Health territories: CPTS, GHT, local health contracts… that staff compose from communes."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from ..models import Containment, Level, Territory
from .containment import refresh_containment

# The centre is that of the people, not of the land; a village without people still counts a little. The
# frame leaves room (5 km or so) around the centres of the communes.
_FIGURES = """
SELECT sum(lat * (population + 1)) / sum(population + 1), sum(lon * (population + 1)) / sum(population + 1),
       sum(population), min(lon) - 0.05, min(lat) - 0.05, max(lon) + 0.05, max(lat) + 0.05
FROM territories_territory WHERE id = ANY(%s)
"""
_CONTEXT = """
SELECT string_agg(name, ', ' ORDER BY people DESC, name) FROM (
    SELECT dep.name, sum(commune.population) AS people
    FROM territories_territory commune
    JOIN territories_containment link ON link.inner_id = commune.id
    JOIN territories_territory dep ON dep.id = link.outer_id AND dep.level = 'dep'
    WHERE commune.id = ANY(%s) GROUP BY dep.id
) named
"""


@transaction.atomic
def compose_health_territory(*, name: str, kind: str, code: str, communes: Iterable[Territory]) -> Territory:
    """Create a health territory made of `communes`, or of all the communes of wider territories among them.

    `code` ends its address ("sante-ght_pyrenees"): letters without accent, digits and "_". Raises
    ValidationError when a field is wrong, the code is taken, or no commune is left.
    """
    territory = Territory(level=Level.HEALTH, name=name, kind=kind, code=code)
    members = communes_of(communes)
    _set_figures(territory, members)
    territory.full_clean()
    territory.save()
    _set_members(territory, members)
    return territory


@transaction.atomic
def recompose(
    territory: Territory,
    *,
    name: str | None = None,
    kind: str | None = None,
    communes: Iterable[Territory] | None = None,
) -> Territory:
    """Rename a health territory, or change what it is made of; what is not given stays.

    Without `communes`, its figures are worked out again. Raises ValidationError as composing does, and for
    an official territory.
    """
    territory = Territory.objects.select_for_update().get(pk=territory.pk)
    if territory.level != Level.HEALTH:
        raise ValidationError(_("Un territoire officiel ne se recompose pas."))
    territory.name = territory.name if name is None else name
    territory.kind = territory.kind if kind is None else kind
    members = communes_of([territory] if communes is None else communes)
    _set_figures(territory, members)
    territory.full_clean()
    territory.save()
    _set_members(territory, members)
    return territory


def communes_of(territories: Iterable[Territory]) -> list[int]:
    """The ids of the communes among `territories` or inside them, each once, in order."""
    ids = [territory.pk for territory in territories]
    inside = Containment.objects.filter(outer__in=ids, inner=OuterRef("pk"))
    communes = Territory.objects.communes().filter(Q(pk__in=ids) | Exists(inside))
    return list(communes.order_by("pk").values_list("pk", flat=True))


def _set_figures(territory: Territory, members: list[int]) -> None:
    if not members:
        raise ValidationError(_("Un territoire de santé est fait d’au moins une commune."))
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [members])
        lat, lon, population, west, south, east, north = cursor.fetchone()
        cursor.execute(_CONTEXT, [members])
        (context,) = cursor.fetchone()
    territory.lat, territory.lon, territory.population = lat, lon, population
    territory.west, territory.south = max(round(west, 4), -180), max(round(south, 4), -90)
    territory.east, territory.north = min(round(east, 4), 180), min(round(north, 4), 90)
    territory.context = (context or "")[:500]


def _set_members(territory: Territory, members: list[int]) -> None:
    links = Containment.objects.filter(outer=territory, inner__level=Level.COMMUNE)
    links.exclude(inner__in=members).delete()
    Containment.objects.bulk_create(
        [Containment(outer=territory, inner_id=commune, whole=True) for commune in members],
        ignore_conflicts=True,
    )
    refresh_containment(territory.pk)
