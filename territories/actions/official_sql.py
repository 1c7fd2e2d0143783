"""The statements of the official loading, in the order they run. Temporary tables are called new_*."""

STAGING = """
CREATE TEMP TABLE new_commune (
    code text, name text, lat double precision, lon double precision, population integer,
    postal_codes text, epci text, dep text, search_key text
) ON COMMIT DROP;
CREATE TEMP TABLE new_territory (level text, code text, name text, reg text, search_key text) ON COMMIT DROP;
CREATE TEMP TABLE new_contour (level text, code text, geometry jsonb) ON COMMIT DROP;
"""

COMMUNES = """
INSERT INTO territories_territory (level, code, name, kind, context, lat, lon, population, search_key)
SELECT 'com', c.code, c.name, '', dep.name, c.lat, c.lon, c.population, c.search_key
FROM new_commune c JOIN new_territory dep ON dep.level = 'dep' AND dep.code = c.dep
ORDER BY c.code
ON CONFLICT (level, code) DO UPDATE SET
    name = excluded.name, context = excluded.context, lat = excluded.lat, lon = excluded.lon,
    population = excluded.population, search_key = excluded.search_key
WHERE (territories_territory.name, territories_territory.context, territories_territory.lat,
       territories_territory.lon, territories_territory.population, territories_territory.search_key)
   IS DISTINCT FROM (excluded.name, excluded.context, excluded.lat, excluded.lon, excluded.population,
                     excluded.search_key);
ANALYZE new_commune;
"""

_WANTED_POSTAL_CODES = """
WITH wanted AS (
    SELECT t.id AS commune_id, string_to_table(c.postal_codes, ' ') AS code
    FROM new_commune c JOIN territories_territory t ON t.level = 'com' AND t.code = c.code
    WHERE c.postal_codes <> ''
)
"""
FORGET_POSTAL_CODES = f"""
{_WANTED_POSTAL_CODES}
DELETE FROM territories_postalcode old
WHERE old.commune_id IN (SELECT commune_id FROM wanted)
  AND NOT EXISTS (SELECT FROM wanted w WHERE w.commune_id = old.commune_id AND w.code = old.code)
"""  # noqa: S608
POSTAL_CODES = f"""
{_WANTED_POSTAL_CODES}
INSERT INTO territories_postalcode (code, commune_id)
SELECT code, commune_id FROM wanted ORDER BY code, commune_id
ON CONFLICT (code, commune_id) DO NOTHING
"""  # noqa: S608

# What each territory is made of; its centre is that of its people; its context, the level above.
OTHERS = """
CREATE TEMP TABLE new_member ON COMMIT DROP AS
    SELECT 'epci' AS level, epci AS code, code AS commune FROM new_commune WHERE epci <> ''
    UNION ALL SELECT 'dep', dep, code FROM new_commune
    UNION ALL
    SELECT 'reg', dep.reg, c.code FROM new_commune c
    JOIN new_territory dep ON dep.level = 'dep' AND dep.code = c.dep AND dep.reg <> '';
ANALYZE new_member;

WITH figures AS (
    SELECT m.level, m.code, sum(c.population) AS population,
           sum(c.lat * (c.population + 1)) / sum(c.population + 1) AS lat,
           sum(c.lon * (c.population + 1)) / sum(c.population + 1) AS lon,
           min(c.lon) - 0.05 AS west, min(c.lat) - 0.05 AS south,
           max(c.lon) + 0.05 AS east, max(c.lat) + 0.05 AS north
    FROM new_member m JOIN new_commune c ON c.code = m.commune
    GROUP BY m.level, m.code
), epci_dep AS (
    SELECT epci AS code, dep, sum(population) AS people FROM new_commune GROUP BY epci, dep
), context AS (
    SELECT 'epci' AS level, e.code, string_agg(d.name, ', ' ORDER BY e.people DESC, d.name) AS context
    FROM epci_dep e JOIN new_territory d ON d.level = 'dep' AND d.code = e.dep
    GROUP BY e.code
    UNION ALL
    SELECT 'dep', d.code, r.name FROM new_territory d
    JOIN new_territory r ON r.level = 'reg' AND r.code = d.reg
    WHERE d.level = 'dep'
)
INSERT INTO territories_territory (level, code, name, kind, context, lat, lon, population, search_key,
                                   west, south, east, north)
SELECT t.level, t.code, t.name, '', coalesce(context.context, ''), f.lat, f.lon, f.population, t.search_key,
       f.west, f.south, f.east, f.north
FROM new_territory t JOIN figures f USING (level, code) LEFT JOIN context USING (level, code)
ORDER BY t.level, t.code
ON CONFLICT (level, code) DO UPDATE SET
    name = excluded.name, context = excluded.context, lat = excluded.lat, lon = excluded.lon,
    population = excluded.population, search_key = excluded.search_key
"""

CONTOURS = """
INSERT INTO territories_contour (territory_id, geometry)
SELECT t.id, n.geometry FROM new_contour n JOIN territories_territory t USING (level, code)
ON CONFLICT (territory_id) DO UPDATE SET geometry = excluded.geometry
WHERE territories_contour.geometry <> excluded.geometry
"""

# The frame of a territory is that of its contour, where it has one.
BOXES = """
WITH point AS (
    SELECT n.level, n.code, (p ->> 0)::double precision AS x, (p ->> 1)::double precision AS y
    FROM new_contour n, jsonb_path_query(n.geometry, '$.coordinates[*][0][*]') AS p
), box AS (
    SELECT level, code, min(x) AS west, min(y) AS south, max(x) AS east, max(y) AS north
    FROM point GROUP BY level, code
)
UPDATE territories_territory t
SET west = box.west, south = box.south, east = box.east, north = box.north
FROM box WHERE box.level = t.level AND box.code = t.code
  AND (t.west, t.south, t.east, t.north) IS DISTINCT FROM (box.west, box.south, box.east, box.north)
"""

MEMBERS = """
CREATE TEMP TABLE wanted_link ON COMMIT DROP AS
SELECT o.id AS outer_id, i.id AS inner_id
FROM new_member m
JOIN territories_territory o ON o.level = m.level AND o.code = m.code
JOIN territories_territory i ON i.level = 'com' AND i.code = m.commune;
CREATE INDEX ON wanted_link (outer_id, inner_id);
ANALYZE wanted_link;
"""
FORGET_MEMBERS = """
DELETE FROM territories_containment link
USING territories_territory o, territories_territory i, new_commune n
WHERE o.id = link.outer_id AND o.level <> 'sante'
  AND i.id = link.inner_id AND i.level = 'com' AND n.code = i.code
  AND NOT EXISTS (
      SELECT FROM wanted_link w WHERE w.outer_id = link.outer_id AND w.inner_id = link.inner_id
  )
"""
LEARN_MEMBERS = """
INSERT INTO territories_containment (outer_id, inner_id, whole)
SELECT outer_id, inner_id, true FROM wanted_link ORDER BY inner_id, outer_id
ON CONFLICT (outer_id, inner_id) DO NOTHING
"""

CLEAN = "DROP TABLE new_commune, new_territory, new_contour, new_member, wanted_link"

_TABLES = "territories_territory, territories_containment, territories_postalcode, territories_contour"
ANALYZE = f"ANALYZE {_TABLES}"
# The search reads its index alone where the pages of the table are known to be seen by everyone.
VACUUM = f"VACUUM (ANALYZE) {_TABLES}"
