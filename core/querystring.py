"""Addresses that differ from the present one by a filter or a page: the state of a list is in its address."""

from django.http import QueryDict


def with_values(params: QueryDict, **changes: str | list[str] | None) -> str:
    """The query of `params` with some names replaced, or dropped where the value is None or empty.

    What a form left blank (`q=&km=`) is dropped too: it asks nothing.
    Returns "?…", or "?" alone when nothing is left, so that it is always a link to the present path.
    """
    changed = params.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed.setlist(name, value if isinstance(value, list) else [value])
    for name, values in list(changed.lists()):
        if kept := [value for value in values if value]:
            changed.setlist(name, kept)
        else:
            del changed[name]
    return "?" + changed.urlencode()
