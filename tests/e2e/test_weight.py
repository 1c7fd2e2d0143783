"""What a first visit downloads, compressed as in production: sizes, not times."""

from __future__ import annotations

import gzip

import brotli
import pytest

# Only so that the database is made: the site is filled once, for all the tests.
pytestmark = pytest.mark.django_db

COMPRESSED = {"document", "stylesheet", "script", "fetch", "xhr"}


def weight(page_response) -> int:
    """Bytes on the line: files go compressed with brotli, pages with gzip, fonts as they are."""
    body = page_response.body()
    if page_response.request.resource_type not in COMPRESSED and not page_response.url.endswith(".svg"):
        return len(body)
    return len(brotli.compress(body) if "/static/" in page_response.url else gzip.compress(body, 6))


@pytest.mark.parametrize(("path", "kilobytes"), [("/acteurs/", 150), ("/carte/", 260)])
def test_first_visit(path, kilobytes, visit):
    page = visit()
    weights: dict[str, int] = {}
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(path, wait_until="networkidle")
    for answer in answers:
        if answer.ok and not answer.url.startswith("data:"):
            weights[answer.url.split("/", 3)[3]] = weight(answer)
    total = sum(weights.values())
    assert len(weights) > 5
    assert total <= kilobytes * 1_000, sorted(weights.items(), key=lambda one: -one[1])[:8]
    assert len(weights) <= 30
