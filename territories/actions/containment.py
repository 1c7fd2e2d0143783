"""Which territory lies in which, worked out by the database from their communes."""

from django.db import connection

# Rows whose inner territory is a commune say what each territory is made of. From them, for each pair that
# shares a commune: the one with more communes is outside; with the same number, the higher level.
_PAIRS = """
WITH member AS NOT MATERIALIZED (
    SELECT link.outer_id AS territory, link.inner_id AS commune
    FROM territories_containment link
    JOIN territories_territory inside ON inside.id = link.inner_id AND inside.level = 'com'
), met AS MATERIALIZED (
    SELECT a.territory AS a, b.territory AS b, count(*) AS communes
    FROM member a JOIN member b ON b.commune = a.commune AND b.territory <> a.territory
    WHERE %(only)s::bigint IS NULL OR a.territory = %(only)s
    GROUP BY a.territory, b.territory
), shared AS (
    SELECT a, b, communes FROM met UNION SELECT b, a, communes FROM met
), size AS MATERIALIZED (
    SELECT territory.id, count(*) AS communes,
           array_position('{epci,sante,dep,reg}', territory.level) AS height
    FROM member JOIN territories_territory territory ON territory.id = member.territory
    WHERE territory.id IN (SELECT a FROM shared)
    GROUP BY territory.id
), pair AS MATERIALIZED (
    SELECT big.id AS outer_id, small.id AS inner_id, shared.communes = small.communes AS whole
    FROM shared
    JOIN size big ON big.id = shared.a
    JOIN size small ON small.id = shared.b
    WHERE (big.communes, big.height, big.id) > (small.communes, small.height, small.id)
)
"""

_FORGET = (
    _PAIRS
    + """
DELETE FROM territories_containment link
USING territories_territory inside
WHERE inside.id = link.inner_id AND inside.level <> 'com'
  AND (%(only)s::bigint IS NULL OR %(only)s IN (link.outer_id, link.inner_id))
  AND NOT EXISTS (SELECT FROM pair WHERE pair.outer_id = link.outer_id AND pair.inner_id = link.inner_id)
"""
)

_LEARN = (
    _PAIRS
    + """
INSERT INTO territories_containment (outer_id, inner_id, whole)
SELECT outer_id, inner_id, whole FROM pair
ON CONFLICT (outer_id, inner_id) DO UPDATE SET whole = excluded.whole
WHERE territories_containment.whole <> excluded.whole
"""
)


def refresh_containment(only: int | None = None) -> None:
    """Bring inclusions between territories other than communes up to date: all, or those of the id `only`."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"only": only})
        cursor.execute(_LEARN, {"only": only})
