"""The figures as a page of text, the same on the screen and in the file."""

from __future__ import annotations

import datetime
import platform

import django
from django.db import connection

from directory.models import Actor, Listing, Structure
from territories.models import Territory

from .measure import Result
from .process import Facts

MEMORY_GOAL = 200


def report(results: list[Result], facts: Facts | None) -> str:
    """A table of the pages, then what one process holds."""
    lines = [*_where(), "", *_table(results)]
    if facts:
        met = "met" if facts.rss_served < MEMORY_GOAL else "not met"
        lines += [
            "",
            f"- Index built in {facts.build:.2f} s.",
            f"- One gunicorn process: {facts.rss_started:.0f} MB before the index, {facts.rss_served:.0f} MB "
            f"after every page ({facts.rss_anonymous:.0f} MB its own): under {MEMORY_GOAL} MB {met}.",
            f"- Its first list, index included: {facts.first_request:.0f} ms.",
            f"- Another process follows a change at its next request: {facts.following:.1f} ms "
            f"instead of {facts.usual:.1f} ms.",
        ]
    return "\n".join(lines) + "\n"


def _where() -> list[str]:
    counts = [
        f"{model.objects.count():,} {word}" for model, word in ((Actor, "actors"), (Structure, "structures"))
    ]
    counts += [
        f"{Listing.objects.count():,} listed",
        f"{Territory.objects.filter(level='com').count():,} communes",
    ]
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0].split()[0]
    today = datetime.datetime.now(datetime.UTC).date()
    return [
        f"{today}, {', '.join(counts)}.",
        f"Python {platform.python_version()}, Django {django.get_version()}, PostgreSQL {postgres}.",
    ]


def _table(results: list[Result]) -> list[str]:
    lines = [
        "| page | × reference | goal | | × its CPU | ms | CPU ms | SQL ms | queries | KB |",
        "|---|---:|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    for result in results:
        goal = "" if result.page.goal is None else f"≤ {result.page.goal:g}"
        met = {None: "", True: "met", False: "**not met**"}[result.is_met]
        lines.append(
            f"| {result.page.name} | {result.ratio():.2f} | {goal} | {met} | {result.ratio('cpu'):.2f} "
            f"| {result.median('ms'):.1f} | {result.median('cpu'):.1f} | {result.sql:.1f} "
            f"| {result.queries} | {result.median('kilobytes'):.0f} |"
        )
    return lines
