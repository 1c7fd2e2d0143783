"""Pages asked through the whole handler in this process, one at a time, each beside the reference page."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client, RequestFactory

from accounts.models import User
from directory.index import current_index

from .pages import Page

REFERENCE = "/reference/"
WARM_UP, SQL_ROUNDS = 3, 5
MEMBER = "bench@example.org"


@dataclass(frozen=True)
class Visit:
    """Milliseconds until the last byte, those this process was computing, and the kilobytes received."""

    ms: float
    cpu: float
    kilobytes: float


@dataclass
class Result:
    """What a page cost, and the reference page asked just before it: one of each for every round."""

    page: Page
    visits: list[Visit] = field(default_factory=list)
    beside: list[Visit] = field(default_factory=list)
    sql: float = 0
    queries: int = 0

    def median(self, what: str) -> float:
        return statistics.median(getattr(visit, what) for visit in self.visits)

    def ratio(self, what: str = "ms") -> float:
        """The median page over the median of the reference pages."""
        return self.median(what) / statistics.median(getattr(visit, what) for visit in self.beside)

    @property
    def is_met(self) -> bool | None:
        return None if self.page.goal is None else self.ratio() <= self.page.goal


class Visitor:
    """Asks for pages as a server would pass them on: the middleware, the signals, the whole answer."""

    def __init__(self) -> None:
        self.handler = get_wsgi_application()
        self.factory = RequestFactory()
        user = User.objects.filter(email=MEMBER).first() or User.objects.create_user(MEMBER)
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())

    def environ(self, url: str, member: bool) -> dict[str, Any]:
        path, _, fragment = url.partition("#")
        environ = self.factory.get(path).environ
        if member:
            environ["HTTP_COOKIE"] = self.cookie
        if fragment == "htmx":
            environ["HTTP_HX_REQUEST"] = "true"
        return environ

    def ask(self, url: str, member: bool = False) -> Visit:
        """Ask and read it all. An answer other than 200 is an error."""
        environ, statuses = self.environ(url, member), []
        started, computing = time.perf_counter(), time.process_time()
        response = self.handler(environ, lambda status, _headers, _info=None: statuses.append(status))
        size = sum(map(len, response))
        response.close()
        spent, computed = time.perf_counter() - started, time.process_time() - computing
        if not statuses[0].startswith("200"):
            raise RuntimeError(f"{url}: {statuses[0]}")
        return Visit(spent * 1000, computed * 1000, size / 1024)


def measure(visitor: Visitor, pages: list[Page], rounds: int, say: Callable[[str], object]) -> list[Result]:
    """Ask for every page once a round, each after the reference page seen by the same viewer."""
    results = [Result(page) for page in pages]
    for result in results:
        for number in range(max(WARM_UP, len(result.page.urls))):
            _visit(visitor, result, number)
        result.visits.clear()
        result.beside.clear()
        _count_queries(visitor, result)
    say(f"  {len(pages)} pages, {rounds} rounds")
    for number in range(rounds):
        for result in results:
            if number < max(3, rounds * result.page.rounds):
                _visit(visitor, result, number)
    return results


def _visit(visitor: Visitor, result: Result, number: int) -> None:
    page = result.page
    _forget(page)
    result.beside.append(visitor.ask(REFERENCE, page.member))
    result.visits.append(visitor.ask(page.urls[number % len(page.urls)], page.member))


def _forget(page: Page) -> None:
    """Searches are kept from one visit to the next: for a first look, let them go."""
    if page.first_look:
        current_index().hits.forget()


def _count_queries(visitor: Visitor, result: Result) -> None:
    """Time and number of the queries, in visits of their own: counting has a cost."""
    times, numbers = [], []
    for number in range(max(SQL_ROUNDS, len(result.page.urls))):
        spent: list[float] = []

        def clock(execute, sql, params, many, context, spent=spent):
            started = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                spent.append((time.perf_counter() - started) * 1000)

        _forget(result.page)
        with connection.execute_wrapper(clock):
            visitor.ask(result.page.urls[number % len(result.page.urls)], result.page.member)
        times.append(sum(spent))
        numbers.append(len(spent))
    result.sql, result.queries = statistics.median(times), max(numbers)
