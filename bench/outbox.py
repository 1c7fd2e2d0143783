"""`python -m bench.outbox [--mails N] [--kills N]`: mails sent by a worker that is killed again and again.

A real mail server keeps a log (`bench.sink`). A real Celery worker sends; it is killed with -9, children and
all, while it sends. At the end, rows left in the middle are settled by the server's log, and the log is
counted: every mail reached its reader, none twice. Then the same number without killing, to know the speed.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.sink import entries

ROOT = Path(__file__).resolve().parent.parent
SLOTS = 2
#: Seconds without any mail after which something is wrong.
PATIENCE = 120
TEXT = "Bonjour,\n\n" + "\n\n".join(["Un paragraphe de la longueur qu’ont ceux des vrais mails. " * 3] * 3)
#: Counts of the report that make the run fail unless they are 0.
MUST_BE_NONE = (
    "mails lost",
    "mails received twice",
    "rows not sent at the end",
    "more in doubt than kills × slots",
)


def took(message_id: str) -> bool:
    """The relay's log, as the outbox asks it (`OUTBOX_RELAY_LOG`)."""
    return any(found == message_id for _to, found in entries(log_path()))


def log_path() -> Path:
    return Path(os.environ["BENCH_SINK_LOG"])


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.outbox", description="Mails, and a worker killed while it sends."
    )
    parser.add_argument("--mails", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=20261125, help="the moments of the kills")
    parser.add_argument("--only-kills", action="store_true", help="leave the measure of speed out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)):
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        killed = with_kills(options.mails, options.kills, random.Random(options.seed))
        speed = [] if options.only_kills else [*undisturbed(options.mails), *beside_a_bare_loop()]
    report = [*killed, *speed]
    print("\n".join(f"{name:<52} {value}" for name, value in report))
    wrong = [name for name, value in report if name in MUST_BE_NONE and value != 0]
    print("All reached, none twice." if not wrong else f"WRONG: {', '.join(wrong)}")
    return 1 if wrong else 0


MUST_BE_NONE = (
    "mails lost",
    "mails received twice",
    "rows not sent at the end",
    "more in doubt than kills × slots",
)


def with_kills(number: int, kills: int, dice: random.Random) -> list[tuple[str, object]]:
    """Write the mails, kill the worker while it sends, settle what is in doubt, count."""
    from django.conf import settings

    from notifications import settling
    from notifications.models import Message

    write(number)
    rounds = 0
    for _kill in range(kills):
        left = number - len(entries(log_path()))
        # Always in the middle of the work, and early enough for the kills to come.
        goal = number - left + dice.randint(1, max(1, left // (kills - rounds + 1)))
        with worker() as process:
            wait_until(lambda goal=goal: len(entries(log_path())) >= goal)
            time.sleep(dice.random() / 50)
            os.killpg(process.pid, signal.SIGKILL)
        rounds += 1
    with worker() as process:
        wait_until(lambda: not Message.objects.filter(state="queued").exists())
        # Gently, this time: what it has in hand leaves.
        process.terminate()
        process.wait()
    doubtful = list(Message.objects.filter(state="sending"))
    known = sum(took(message.message_id) for message in doubtful)
    settings.OUTBOX_STUCK_AFTER = 0
    settling.reconcile()
    with worker():
        wait_until(lambda: not Message.objects.exclude(state="sent").exists())
    return [
        ("mails written", number),
        ("worker killed with -9", rounds),
        ("rows left in doubt by the kills", len(doubtful)),
        ("… that the server had taken (not sent again)", known),
        ("… that it had not (sent again)", len(doubtful) - known),
        ("more in doubt than kills × slots", max(0, len(doubtful) - kills * SLOTS)),
        *counted(),
    ]


def counted() -> list[tuple[str, object]]:
    from notifications.models import Message

    expected = {(message.address, message.message_id) for message in Message.objects.all()}
    received = Counter(entries(log_path()))
    return [
        ("mails received, by Message-ID", len(received)),
        ("mails lost", len(expected - set(received))),
        ("mails received twice", sum(times - 1 for times in received.values())),
        ("rows not sent at the end", Message.objects.exclude(state="sent").count()),
    ]


def undisturbed(number: int) -> list[tuple[str, object]]:
    """The speed of one worker with nothing in its way, once it is up."""
    from notifications.models import Message

    log_path().write_text("")
    started = time.perf_counter()
    write(number, start=False)
    written = time.perf_counter() - started
    with worker():
        # Its first mail says that it is up; the clock starts then.
        wait_until(lambda: len(entries(log_path())) > 0)
        first, started = len(entries(log_path())), time.perf_counter()
        wait_until(lambda: not Message.objects.exclude(state="sent").exists())
        sent = time.perf_counter() - started
    return [
        ("mails written per second, one by one", round(number / written)),
        (f"mails sent per second by {SLOTS} processes", round((number - first) / sent)),
    ]


def beside_a_bare_loop(batches: int = 8) -> list[tuple[str, object]]:
    """What the rows cost: batches sent by the outbox and by a loop over Django's mails, turn by turn."""
    from django.conf import settings
    from django.core.mail import EmailMultiAlternatives, get_connection

    from notifications import sending
    from notifications.dress import dressed
    from notifications.letterhead import Letterhead
    from notifications.models import Message

    write(1, start=False)
    model = dressed(Message.objects.get(), Letterhead())

    def bare() -> None:
        connection = get_connection(settings.OUTBOX_TRANSPORT)
        connection.open()
        for rank in range(sending.BATCH):
            reader = [f"reader{rank}@example.org"]
            mail = EmailMultiAlternatives(model.subject, model.body, model.from_email, reader)
            mail.attach_alternative(*model.alternatives[0])
            connection.send_messages([mail])
        connection.close()

    write(sending.BATCH * (batches + 1), start=False)
    spent: dict[str, list[tuple[float, float]]] = {"outbox": [], "bare": []}
    turns = {"outbox": sending.send, "bare": bare}
    for _turn in range(batches + 1):
        for name, turn in turns.items():
            wall, cpu = time.perf_counter(), time.process_time()
            turn()
            spent[name].append((time.perf_counter() - wall, time.process_time() - cpu))
    # The first turn of each loads templates and opens connections.
    medians = {
        name: [statistics.median(each) for each in zip(*turns[1:], strict=True)]
        for name, turns in spent.items()
    }
    return [
        ("a mail of the outbox, in mails of a bare loop", f"{medians['outbox'][0] / medians['bare'][0]:.2f}"),
        ("the same, in processor time", f"{medians['outbox'][1] / medians['bare'][1]:.2f}"),
        ("ms of processor per mail of the outbox", f"{medians['outbox'][1] / sending.BATCH * 1000:.1f}"),
    ]


def write(number: int, *, start: bool = True) -> None:
    """Put mails in the outbox as an action does, one transaction each."""
    from django.db import transaction

    from notifications import outbox
    from notifications.kinds import MailKind
    from notifications.models import Message
    from notifications.words import Words

    Message.objects.all().delete()
    kind = MailKind("bench.mail", "Essai", mandatory=True)
    for rank in range(number):
        with transaction.atomic():
            message = outbox.write(
                kind,
                key=outbox.key_of(kind.code, None, f"{rank}", secrets.token_hex(8)),
                to=None,
                address=f"reader{rank}@example.org",
                spoken=Words("Un mot pour vous", TEXT, "Voir la page", "/acteurs/"),
                language="fr",
            )
            if start:
                outbox.start(message)


@contextmanager
def server(folder: Path) -> Iterator[None]:
    """The mail server up, and the environment that leads there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "sink.log"
    log.touch()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "bench.outbox_settings",
        "BENCH_SMTP_PORT": str(port),
        "BENCH_SINK_LOG": str(log),
        "BENCH_QUEUE": f"outbox-{os.getpid()}",
    }
    process = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port), str(log)], cwd=ROOT)
    try:
        wait_until(lambda: _answers(port))
        yield
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def worker() -> Iterator[subprocess.Popen]:
    """A Celery worker, alone in its process group. What is left of it is killed at the end."""
    command = [sys.executable, "-m", "celery", "--quiet", "--app", "partenariat", "worker"]
    command += ["--concurrency", str(SLOTS), "--loglevel", "error", "--without-gossip", "--without-mingle"]
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(command, cwd=ROOT, env=quiet, start_new_session=True)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(done: Callable[[], bool]) -> None:
    """Wait, playing beat's part: a sweep every second finds the rows whose task died with its worker."""
    moved = swept = time.monotonic()
    size = 0
    while not done():
        now = time.monotonic()
        if log_path().stat().st_size != size:
            size, moved = log_path().stat().st_size, now
        if now - moved > PATIENCE:
            raise TimeoutError("nothing comes any more")
        if now - swept > 1:
            swept = now
            _sweep()
        time.sleep(0.02)


def _sweep() -> None:
    from django.apps import apps

    if apps.ready:
        from notifications import tasks

        tasks.sweep.delay()


if __name__ == "__main__":
    sys.exit(main())
