"""Every address the resolver knows, so that none can be forgotten by the tests that go through them all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, get_resolver


@dataclass(frozen=True)
class Route:
    """One pattern. `key` is its name, prefixed by its namespace; its text where it has no name."""

    key: str
    pattern: str
    view: Callable

    @property
    def example(self) -> str:
        """A path that the pattern takes, whatever it then leads to."""
        return "/" + re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]+>|[\^$]", _fill, self.pattern)

    @property
    def is_inner_admin(self) -> bool:
        """The pages of the administration behind its door: one rule for all of them."""
        return self.pattern.startswith("gestion/")

    @property
    def is_open(self) -> bool:
        """Whether a visitor gets in without signing in."""
        return not getattr(self.view, "login_required", True)


def _fill(part: re.Match) -> str:
    if part[0].startswith("<uuid:"):
        return "00000000-0000-4000-8000-000000000001"
    return "1" * (len(part[0]) > 1)


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns, prefix: str, namespace: str) -> Iterator[Route]:
    for pattern in patterns:
        text = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Route(f"{namespace}{pattern.name}" if pattern.name else text, text, pattern.callback)
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, text, inner)
