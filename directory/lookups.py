"""What the database compares of a name, as a transform: `name__fr_sort_key__trigram_similar="…"`."""

from django.db.models import CharField, Transform


@CharField.register_lookup
class SortKey(Transform):
    """Lower case, without accents, single spaces: indexed for likeness."""

    lookup_name = function = "fr_sort_key"


@CharField.register_lookup
class Skeleton(Transform):
    """What the eye reads of it, whatever alphabet its letters are taken from: indexed."""

    lookup_name = function = "fr_skeleton"
