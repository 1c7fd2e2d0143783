"""Which territories: by code, by name, inside, around."""

import re
from typing import TYPE_CHECKING

from django.db import connections, models
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    Value,
    When,
)

from .search import NUMBER, likeness, normalise, slips_between, split_generic

if TYPE_CHECKING:
    from .models import Territory

REF = re.compile(r"(com|epci|dep|reg|sante)-([0-9a-zA-Z_]{1,40})\Z")
MAX_KM = 200
#: `<@>` counts in statute miles on the mean sphere of the Earth; `earth_box` on the sphere of the equator,
#: a thousandth larger.
KM_PER_MILE = 1.609344
BOX_MARGIN = 1.002
#: Fewer hits than that by spelling, and typing mistakes are considered.
ENOUGH = 3
#: Names that look alike, compared letter by letter.
CANDIDATES = 30


class TerritoryQuerySet(models.QuerySet["Territory"]):
    def by_ref(self, ref: str) -> "Territory":
        """The territory called "dep-09". Raises `Territory.DoesNotExist` for anything else, junk included."""
        found = REF.match(ref) if isinstance(ref, str) else None
        if not found:
            raise self.model.DoesNotExist(ref)
        return self.get(level=found[1], code=found[2])

    def communes(self) -> "TerritoryQuerySet":
        return self.filter(level="com")

    def inside(self, outer: "Territory") -> "TerritoryQuerySet":
        """What lies in `outer`, itself left out, annotated `whole`: False when only a part does."""
        return self.filter(outer_links__outer=outer).annotate(whole=F("outer_links__whole"))

    def covering(self, inner: "Territory") -> "TerritoryQuerySet":
        """What `inner` lies in, itself left out, annotated `whole`: False when only a part of it does."""
        return self.filter(inner_links__inner=inner).annotate(whole=F("inner_links__whole"))

    def within_km(self, commune: "Territory", km: float) -> "TerritoryQuerySet":
        """Communes whose centre is at most `km` (capped at 200) from that of `commune`, itself included.

        Annotated `km`, nearest first. As the crow flies, on a sphere: right within half a percent.
        """
        km = max(0.0, min(float(km), MAX_KM))
        here = Func(Value(commune.lat), Value(commune.lon), function="earth_point")
        there = Func(F("lat"), F("lon"), function="earth_point")
        box = Func(here, Value(km * BOX_MARGIN * 1000), function="earth_box")
        near = Func(box, there, template="%(expressions)s", arg_joiner=" @> ", output_field=BooleanField())
        points = (
            Func(Value(commune.lon), Value(commune.lat), function="point"),
            Func("lon", "lat", function="point"),
        )
        miles = Func(*points, template="(%(expressions)s)", arg_joiner=" <@> ", output_field=FloatField())
        return self.communes().annotate(km=miles * KM_PER_MILE).filter(near, km__lte=km).order_by("km", "id")

    def search(self, text: str, limit: int = 10) -> list["Territory"]:
        """The territories a person most likely means by `text`, best first; none for an empty text.

        Understands names without accents or hyphens, "st" for "saint", slips of the keyboard, postal codes
        (also partly typed), INSEE codes, references ("dep-09"), a code or a département beside a name
        ("tarascon (09)", "tarascon ariège"). Searches among all territories, whatever the queryset.
        """
        everywhere = self.model.objects.all()
        text = text.replace("\0", "").strip()[:100]
        if found := REF.match(text):
            return list(everywhere.filter(level=found[1], code=found[2]))
        normal = normalise(text)
        if re.fullmatch(r"\d{1,9}|2[ab]\d{0,3}", normal):
            return everywhere._by_code(normal.upper(), limit)
        if number := NUMBER.search(normal):
            name = f"{normal[: number.start()]}{normal[number.end() :]}".strip()
            if found := everywhere._by_number(number[1].upper(), *split_generic(name), limit):
                return found
            return everywhere._by_name(name, limit) if name else []
        return everywhere._by_name(normal, limit) if normal else []

    def _with_postal_code(self, digits: str) -> Exists:
        codes = self.model._meta.get_field("postal_codes").related_model.objects
        return Exists(codes.filter(code__startswith=digits, commune=OuterRef("pk")).order_by())

    def _by_code(self, digits: str, limit: int) -> list["Territory"]:
        if len(digits) > 5:
            return list(self.filter(level="epci", code__startswith=digits).order_by("-weight", "id")[:limit])
        found = []
        if len(digits) in (2, 3):
            found += self.filter(level="dep", code=digits)
        found += self.filter(self._with_postal_code(digits), level="com").order_by("-weight", "id")[:limit]
        if len(digits) == 5:
            known = {territory.pk for territory in found}
            found += [t for t in self.filter(level="com", code=digits) if t.pk not in known]
        return found[:limit]

    def _by_number(self, digits: str, key: str, level: str | None, limit: int) -> list["Territory"]:
        """Communes called `key` whose postal code or INSEE code begins with `digits`.

        Failing that, what is called `key` anywhere, since the number may be an arrondissement ("paris 12")
        or come after a larger place ("haute garonne 31"); then communes of that number much like `key`.
        """
        starts = Q(search_key__startswith=key)
        communes = self.filter(self._with_postal_code(digits) | Q(code__startswith=digits), level="com")
        named = communes.filter(starts | Q(search_key__contains=f" {key}"))
        exact = Case(When(search_key=key, then=0), When(starts, then=1), default=2)
        if found := list(named.order_by(exact, "-weight", "id")[:limit]):
            return found
        if found := self._spelt(key, level, limit) if key else []:
            return sorted(found, key=lambda territory: territory.code != digits)
        return list(communes.filter(search_key__trigram_similar=key).order_by("-weight", "id")[:limit])

    def _by_name(self, normal: str, limit: int) -> list["Territory"]:
        key, level = split_generic(normal)
        found = self._spelt(key, level, limit)
        if not found and " " in key:
            found = self._placed(key, limit)
        begun = bool(found) and found[0].search_key.startswith(key)
        if len(found) < min(ENOUGH, limit) and not begun and len(key) > 3:
            known = {territory.pk for territory in found}
            found += [t for t in self._resembling(key, level, bool(found)) if t.pk not in known]
        return found[:limit]

    def _spelt(self, key: str, level: str | None, limit: int) -> list["Territory"]:
        """Exact names, then beginnings of names, then beginnings of words; the most populated first."""
        params = {"key": key, "start": f"{key}%", "word": f"% {key}%", "level": level, "limit": limit}
        return list(self.raw(_SPELT, params))

    def _placed(self, key: str, limit: int) -> list["Territory"]:
        """A name followed by where it is: "saint girons ariege"."""
        words = key.split()
        split = Q(pk__in=[])
        for i in range(max(1, len(words) - 4), len(words)):
            name, place = " ".join(words[:i]), " ".join(words[i:])
            split |= Q(search_key__startswith=name, place__startswith=place)
        place = Func(F("context"), function="fr_sort_key", output_field=CharField())
        first = self.filter(search_key__startswith=words[0]).annotate(place=place)
        return list(first.filter(split).order_by("-weight", "id")[:limit])

    def _resembling(self, key: str, level: str | None, strict: bool) -> list["Territory"]:
        """Names a slip or two away from `key`; failing that, and unless `strict`, the least unlike it."""
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT set_limit(%s)", [likeness(key)])
        found = list(self.raw(_RESEMBLING, {"key": key, "level": level, "limit": CANDIDATES}))
        slips = {t.pk: slips_between(key, t.search_key) for t in found}
        close = [t for t in found if slips[t.pk] <= max(1, len(key) // 4)]
        close.sort(key=lambda t: (slips[t.pk], -t.weight, t.pk))
        return close if close or strict else found[:ENOUGH]


# Sorting on "exact" first keeps the planner off the index on weight, a trap for rare beginnings; and the
# beginnings of words are looked for only when the beginnings of names do not fill the list.
_SPELT = """
WITH beginning AS MATERIALIZED (
    SELECT id, search_key = %(key)s AS exact, weight FROM territories_territory
    WHERE search_key LIKE %(start)s AND (%(level)s::text IS NULL OR level = %(level)s)
    ORDER BY exact DESC, weight DESC, level, id LIMIT %(limit)s
), word AS MATERIALIZED (
    SELECT id FROM territories_territory
    WHERE (SELECT count(*) FROM beginning) < %(limit)s
      AND search_key LIKE %(word)s AND search_key NOT LIKE %(start)s
      AND (%(level)s::text IS NULL OR level = %(level)s)
    ORDER BY weight + 0 DESC, level, id LIMIT %(limit)s
), hit AS (
    SELECT id, CASE WHEN exact THEN 0 ELSE 1 END AS step FROM beginning
    UNION ALL SELECT id, 2 FROM word
)
SELECT territory.* FROM hit JOIN territories_territory territory USING (id)
ORDER BY step, weight DESC, level, id LIMIT %(limit)s
"""

_RESEMBLING = """
SELECT * FROM territories_territory
WHERE search_key %% %(key)s AND (%(level)s::text IS NULL OR level = %(level)s)
ORDER BY similarity(search_key, %(key)s) DESC, weight DESC, id LIMIT %(limit)s
"""
