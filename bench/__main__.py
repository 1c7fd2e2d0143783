"""`python -m bench [--scale N] [--only-measure]`, with the database of `partenariat.local exec --bench`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: People composed one by one; beyond, they are copied.
COMPOSED = 100_000
DATA = "accounts_user, directory_structure, directory_listing, directory_listingchange"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench", description="What each page costs, beside a plain Django page."
    )
    parser.add_argument("--scale", type=int, default=100_000, help="how many actors to fabricate")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--only-measure", action="store_true", help="on the data of the last run")
    parser.add_argument("--pages", default="", help="only the pages whose name has this in it")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    if not options.only_measure:
        prepare(options.scale)
    text = run(options.rounds, options.pages)
    print(f"\n{text}")
    if not options.pages:
        target = ROOT / "var" / "bench" / "report.md"
        target.write_text(text, encoding="utf-8")
        print(f"→ {target.relative_to(ROOT)}")
    return 0


def prepare(scale: int) -> None:
    """Empty the bench's own database of people and fabricate new ones."""
    from django.core.cache import cache
    from django.core.management import call_command
    from django.db import connection

    from directory.taxonomies import load_taxonomies
    from territories.models import Territory

    from .multiply import multiply

    cache.clear()
    if not Territory.objects.exists():
        call_command("load_territories")
    load_taxonomies()
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {DATA} CASCADE")
    started = time.perf_counter()
    call_command("demo", scale=min(scale, COMPOSED))
    if scale > COMPOSED:
        multiply(round(scale / COMPOSED), print)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"→ Fabricated in {time.perf_counter() - started:.0f} s", flush=True)


def run(rounds: int, only: str) -> str:
    """Measure, and return the report."""
    from .measure import REFERENCE, Visitor, measure
    from .pages import Page, pages
    from .process import facts
    from .report import report

    visitor = Visitor()
    measured = [
        Page("Reference", (REFERENCE,)),
        *(page for page in pages() if only.lower() in page.name.lower()),
    ]
    results = measure(visitor, measured, rounds, print)
    return report(results, None if only else facts(visitor, pages()))


if __name__ == "__main__":
    sys.exit(main())
