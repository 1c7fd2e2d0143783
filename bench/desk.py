"""`python -m bench.desk`: the desk with ten cases that wait, then with ten thousand. Everything is undone."""

from __future__ import annotations

import os
import time

ROUNDS = 30
SIZES = (10, 10_000)


def main() -> None:
    """Print the least time of each page of the desk at both sizes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    import django

    django.setup()
    from django.db import connection, transaction

    with transaction.atomic():
        client, pages = prepare()
        for size in SIZES:
            fill(size)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE moderation_case")
            for name, url in pages(client):
                print(f"  {size:>6} cases  {name:<28} {fastest(client, url):7.1f} ms")
        transaction.set_rollback(True)


def prepare():
    from django.http import QueryDict
    from django.test import Client

    from accounts.models import User
    from moderation.models import Case
    from moderation.queue import Queue
    from territories.models import Territory

    Case.objects.all().delete()
    user = User.objects.create_user("bench-desk@example.org", is_team=True)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    place = Territory.objects.filter(level="dep").order_by("pk").first()

    def pages(client):
        yield "first page", "/moderation/"
        yield "one nature", "/moderation/?nature=report"
        yield "a territory", f"/moderation/?territoire={place.pk}"
        yield "waiting for 30 days", "/moderation/?depuis=30"
        if following := Queue(user, QueryDict()).next_url:
            yield "second page", f"/moderation/{following}"

    return client, pages


def fill(size: int) -> None:
    """Bring the queue to `size` open cases of every nature, a third of them urgent, all over France."""
    import datetime

    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone

    from accounts.models import User
    from moderation.models import Case
    from territories.models import Territory

    places = list(Territory.objects.filter(level="dep").values_list("pk", flat=True))
    natures, now, about = Case.Nature.values, timezone.now(), ContentType.objects.get_for_model(User)
    first = Case.objects.count()
    Case.objects.bulk_create(
        Case(
            nature=natures[number % len(natures)],
            content_type=about,
            object_id=-number - 1,
            label=f"Page n° {number}",
            places=[places[number % len(places)]],
            urgent=number % 3 == 0,
            opened_at=now - datetime.timedelta(minutes=number * 7),
        )
        for number in range(first, size)
    )


def fastest(client, url: str) -> float:
    """Milliseconds of the quickest of many visits: what the page costs when nothing else runs."""
    times = []
    for number in range(ROUNDS + 3):
        started = time.perf_counter()
        response = client.get(url)
        assert response.status_code == 200, (url, response.status_code)
        if number >= 3:
            times.append((time.perf_counter() - started) * 1000)
    return min(times)


if __name__ == "__main__":
    main()
