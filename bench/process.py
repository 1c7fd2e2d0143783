"""What one web process holds and how it follows: the index built here, and a real gunicorn beside."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from accounts.audience import Audience
from directory import actions
from directory.index import current_index, forget_index
from directory.models import Actor
from moderation.models import Status

from .measure import Visitor
from .pages import Page

MEGABYTE = 2**20
COUNT = "/carte/donnees.geojson?zoom=6"


@dataclass
class Facts:
    """Of the index and of a web process: seconds, megabytes, milliseconds."""

    build: float
    rss_started: float
    rss_served: float
    rss_anonymous: float
    first_request: float
    usual: float
    following: float


def index_build_seconds() -> float:
    """Time to read everything anew."""
    forget_index()
    started = time.perf_counter()
    current_index()
    return time.perf_counter() - started


def facts(visitor: Visitor, pages: list[Page]) -> Facts:
    """Serve every page with one gunicorn worker, weigh it, then change something and see it follow."""
    build = index_build_seconds()
    with _gunicorn() as (base, worker):
        started = worker.memory_info().rss / MEGABYTE
        first = _ask(f"{base}/acteurs/")
        for _ in range(3):
            for page in pages:
                for url in page.urls:
                    _ask(base + url.partition("#")[0], visitor.cookie if page.member else "")
        memory = worker.memory_full_info()
        usual = statistics.median(_ask(base + COUNT) for _ in range(10))
        following = statistics.median(_follow(base) for _ in range(5))
    return Facts(build, started, memory.rss / MEGABYTE, memory.uss / MEGABYTE, first, usual, following)


def _follow(base: str) -> float:
    """Hide a person and ask for the map's total: how long that request takes, which must know already."""
    actor = Actor.objects.filter(status=Status.PUBLISHED, audience=Audience.EVERYONE).order_by("?").first()
    before = _total(base)
    actions.set_audience(actor, Audience.TEAM)
    started = time.perf_counter()
    after = _total(base)
    spent = (time.perf_counter() - started) * 1000
    actions.set_audience(actor, Audience.EVERYONE)
    if after != before - 1:
        raise RuntimeError("The other process did not follow.")
    return spent


def _total(base: str) -> int:
    with urllib.request.urlopen(base + COUNT, timeout=60) as response:
        return json.loads(response.read())["total"]


def _ask(url: str, cookie: str = "") -> float:
    request = urllib.request.Request(url, headers={"Cookie": cookie} if cookie else {})
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=600) as response:
        response.read()
    return (time.perf_counter() - started) * 1000


@contextmanager
def _gunicorn() -> Iterator[tuple[str, psutil.Process]]:
    """One worker, as in production, on a free port of this machine; its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", "partenariat.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "4", "--timeout", "300"),
        *("--log-level", "warning", "--no-control-socket"),
    ]
    server = subprocess.Popen(command, env={**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings"})
    try:
        for _ in range(200):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        _ask(f"http://127.0.0.1:{port}/mentions-legales/")
        yield f"http://127.0.0.1:{port}", psutil.Process(server.pid).children()[0]
    finally:
        server.terminate()
        server.wait()
