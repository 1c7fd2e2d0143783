"""`python -m bench.doors`: what the time of each door tells a stranger, and how many mails it lets out.

Two measures, on the bench's own database, with the hasher of production:

- time: each door is asked in turn for an address with an account and for one without; medians must lie
  within 20 ms of each other.
- flood: thousands of requests about one address, from 100 places and 20 accounts; a real mail server counts
  what it takes for that address: five in a day at most.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.outbox import server
from bench.sink import entries

PASSWORD = "a good long password"
VICTIM = "victim@example.org"
#: Milliseconds between the two medians of a door.
GAP = 20
MAILS_A_DAY = 5
LOGIN, SIGN_UP, RESET, CODE = (
    f"/compte/{door}/" for door in ("login", "signup", "password/reset", "login/code")
)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

Door = Callable[[object, str], object]
DOORS: dict[str, Door] = {
    "sign in, wrong password": lambda client, email: client.post(
        LOGIN, {"login": email, "password": "not that"}
    ),
    "sign up with a password": lambda client, email: client.post(
        SIGN_UP, {"email": email, "way": "password", "password1": PASSWORD}
    ),
    "sign up with a code": lambda client, email: client.post(SIGN_UP, {"email": email, "way": "code"}),
    "new password": lambda client, email: client.post(RESET, {"email": email}),
    "code by mail": lambda client, email: client.post(CODE, {"email": email}),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.doors", description="Time and mails at the doors.")
    parser.add_argument("--calls", type=int, default=30, help="of each kind, for each door")
    parser.add_argument("--posts", type=int, default=10_000, help="of the flood; 0 leaves it out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)):
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        settings.ALLOWED_HOSTS = ["testserver"]
        settings.CELERY_TASK_ALWAYS_EAGER = True
        call_command("migrate", verbosity=0)
        forget_everything()
        good = times(options.calls)
        forget_everything()
        return 0 if (options.posts == 0 or flood(options.posts)) and good else 1


def forget_everything() -> None:
    from django.core.cache import cache

    from accounts.models import User

    cache.clear()
    User.objects.filter(email__endswith="@example.org", email__regex="^(known|new|victim|sender)").delete()


def places() -> Iterator[str]:
    """A place of its own for each call, so that limits say nothing here."""
    for number in itertools.count():
        yield f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def times(calls: int) -> bool:
    """Print the medians of each door. True when none tells anything."""
    from allauth.account.models import EmailAddress
    from django.test import Client

    from accounts.models import User

    good, place, new = True, places(), itertools.count()
    for number in range(calls + 1):
        user = User.objects.create_user(f"known{number}@example.org", PASSWORD)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    print(f"{'door':<28}{'known':>10}{'unknown':>10}{'gap':>10}   answers")
    for name, door in DOORS.items():
        from django.core.cache import cache

        cache.clear()
        spent: dict[bool, list[float]] = {True: [], False: []}
        answers: dict[bool, Counter] = {True: Counter(), False: Counter()}
        for number in range(calls + 1):
            for known in (True, False) if number % 2 else (False, True):
                email = f"known{number}@example.org" if known else f"new{next(new)}@example.org"
                began = time.perf_counter()
                answer = door(Client(REMOTE_ADDR=next(place)), email)
                # The first call of each pays for what is loaded once.
                if number:
                    spent[known].append((time.perf_counter() - began) * 1000)
                    answers[known][answer.status_code] += 1
        medians = {known: statistics.median(each) for known, each in spent.items()}
        gap = abs(medians[True] - medians[False])
        good &= gap < GAP and answers[True] == answers[False]
        print(
            f"{name:<28}{medians[True]:>7.1f} ms{medians[False]:>7.1f} ms{gap:>7.1f} ms   "
            f"{dict(answers[True])} {dict(answers[False])}"
        )
    print(f"Within {GAP} ms." if good else "WRONG: a door tells who has an account.")
    return good


def flood(posts: int) -> bool:
    """Ask for the same address again and again. True when it got no more mails than it may."""
    from allauth.account.models import EmailAddress
    from django.test import Client

    from accounts.models import User

    user = User.objects.create_user(VICTIM, PASSWORD)
    EmailAddress.objects.create(user=user, email=VICTIM, verified=True, primary=True)
    senders = []
    for number in range(20):
        sender = User.objects.create_user(f"sender{number}@example.org", PASSWORD)
        EmailAddress.objects.create(user=sender, email=sender.email, verified=True, primary=True)
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        client.post(LOGIN, {"login": sender.email, "password": PASSWORD})
        senders.append(client)
    strangers = [Client(REMOTE_ADDR=f"198.51.100.{number}") for number in range(100)]
    doors = [DOORS["sign up with a code"], DOORS["new password"], DOORS["code by mail"]]
    answers: Counter = Counter()
    began = time.monotonic()
    for number in range(posts):
        if number % 4 == 3:
            sender = senders[number // 4 % 20]
            answer = sender.post("/compte/email/", {"action_add": "", "email": VICTIM})
        else:
            client = strangers[number % 100]
            client.cookies.clear()
            answer = doors[number % 4](client, VICTIM)
        answers[answer.status_code] += 1
    taken = Counter(to for to, _id in entries(Path(os.environ["BENCH_SINK_LOG"])))[VICTIM]
    print(f"{posts} requests about one address in {time.monotonic() - began:.0f} s: {dict(answers)}")
    print(f"{taken} mails taken for it by the mail server, {MAILS_A_DAY} allowed.")
    return taken <= MAILS_A_DAY


if __name__ == "__main__":
    sys.exit(main())
