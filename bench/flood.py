"""`python -m bench.flood`: what two addresses get when 20 members and 100 places go at them for a day.

Members write through the relay to one of them, who has a page; they invite the other, in their own name, in
that of their structures, and to keep their structures' pages; strangers give it as theirs in reports. A real
mail server counts what it takes for each: five in a day at most. Runs on the bench's own database.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.doors import MAILS_A_DAY, forget_everything
from bench.outbox import server
from bench.sink import entries

READER, INVITED = "victim.reader@example.org", "victim.invited@example.org"
MEMBERS, PLACES = 20, 100
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.flood", description="Letters and invitations by thousands.")
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=5, help="stop then, whatever was asked")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)):
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        settings.ALLOWED_HOSTS = ["testserver"]
        settings.CELERY_TASK_ALWAYS_EAGER = True
        call_command("migrate", verbosity=0)
        _forget()
        try:
            return 0 if flood(options.posts, options.minutes) else 1
        finally:
            _forget()


def _forget() -> None:
    from directory.models import Structure
    from notifications.models import Message

    Structure.objects.filter(slug__startswith="flood-").delete()
    Message.objects.filter(address__in=(READER, INVITED)).delete()
    forget_everything()


def flood(posts: int, minutes: float) -> bool:
    """Ask in turn by every way. True when neither address got more mails than it may."""
    ways = _ways()
    answers: dict[str, Counter] = {name: Counter() for name in ways}
    began, names = time.monotonic(), list(ways)
    for number in range(posts):
        name = names[number % len(names)]
        answers[name][ways[name](number // len(names))] += 1
        if time.monotonic() - began > minutes * 60:
            break
    asked = sum(sum(each.values()) for each in answers.values())
    print(f"{asked} requests in {time.monotonic() - began:.0f} s.")
    for name, each in answers.items():
        print(f"{name:<40}{dict(each)}")
    taken = Counter(to for to, _id in entries(Path(os.environ["BENCH_SINK_LOG"])))
    print(f"Mails taken by the mail server: {taken[READER]} of letters, {taken[INVITED]} of the rest;")
    print(f"{MAILS_A_DAY} allowed for each.")
    return max(taken[READER], taken[INVITED]) <= MAILS_A_DAY


def _ways() -> dict[str, Callable[[int], int]]:
    """Each way to have a mail sent, as what asks for it once more and gives the status of the answer."""
    from django.core import signing
    from django.test import Client
    from django.urls import reverse

    from moderation.forms import STAMP

    victim = _member(READER)
    members, structures = [], []
    for number in range(MEMBERS):
        user = _member(f"sender{number}@example.org")
        members.append(Client(REMOTE_ADDR=f"203.0.113.{number}"))
        members[-1].force_login(user, backend=BACKEND)
        structures.append(_structure(number, user).slug)
    strangers = [Client(REMOTE_ADDR=f"198.51.100.{number}") for number in range(PLACES)]

    def by_member(route: str, fields: dict[str, str], **whose: str) -> Callable[[int], int]:
        def ask(turn: int) -> int:
            number = turn % MEMBERS
            slug = whose.get("slug") or (structures[number] if "structure" in route else "")
            return members[number].post(reverse(route, args=[slug] if slug else []), fields).status_code

        return ask

    def by_report(turn: int) -> int:
        page = reverse("moderation_report", args=["structure", structures[turn % MEMBERS]])
        client = strangers[turn % PLACES]
        opened = signing.dumps(int(time.time()) - 60, salt=STAMP)
        said = {"ground": "spam", "mail": INVITED, "stamp": opened}
        return client.post(page, said).status_code

    return {
        "a letter": by_member("write_to_actor", {"text": "Bonjour"}, slug=victim.actor.slug),
        "an invitation by a member": by_member("invite", {"email": INVITED}),
        "an invitation by a structure": by_member("invite_for_structure", {"email": INVITED}),
        "an invitation to keep a page": by_member("structure_referents", {"email": INVITED}),
        "a report from a stranger": by_report,
    }


def _member(email: str):
    """Someone with a confirmed address and a page, for long enough to write to others."""
    from django.utils import timezone

    from accounts.models import User
    from directory import actions

    long_ago = timezone.now() - datetime.timedelta(days=30)
    user = User.objects.create_user(email, date_joined=long_ago)
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    name = email.partition("@")[0].title()
    actions.publish(actions.create_actor(user=user, first_name=name, last_name="Essai", commune=_commune()))
    return user


def _structure(number: int, referent):
    from directory import actions
    from directory.models import Term

    made = actions.create_structure(
        name=f"Flood {number}",
        slug=f"flood-{number}",
        category=Term.objects.filter(vocabulary="category").first(),
        commune=_commune(),
        referents=[referent],
    )
    actions.publish(made)
    return made


def _commune():
    from territories.models import Level, Territory

    return Territory.objects.filter(level=Level.COMMUNE).first()


if __name__ == "__main__":
    sys.exit(main())
