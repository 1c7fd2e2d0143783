"""`make run`: everything up, in order, said in plain words, and everything down again."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import honcho.manager
from honcho.manager import Manager
from honcho.printer import Printer

from .services import ROOT, services

#: Seconds a Celery worker may take to finish the task in hand.
honcho.manager.KILL_WAIT = 20


def run() -> int:
    """Start services, database, web, worker and beat; wait; stop them all. Returns an exit status."""
    port, host = os.environ.get("PORT", "8000"), os.environ.get("HOST", "127.0.0.1")
    say("Base de données et file d’attente…")
    with services("run") as urls:
        env = {"DEBUG": "false", **os.environ, **urls, "PYTHONUNBUFFERED": "1"}
        env["DJANGO_SETTINGS_MODULE"] = "partenariat.settings.dev"
        if not prepare(env):
            return 1
        manager = Manager(Printer(sys.stdout, time_format="%H:%M:%S"))
        add_processes(manager, env, host, port)
        # honcho forks before it starts; a fork of its own waits for the site and prints the address.
        watcher = os.fork()
        if watcher == 0:
            announce(host, port)
        try:
            manager.loop()
        finally:
            stop(watcher)
    say("Tout est arrêté.")
    # Being asked to stop is not a failure.
    return 0 if manager.returncode in (0, 130, 143, None) else manager.returncode


def prepare(env: dict[str, str]) -> bool:
    """Migrate, and on first run load territories, taxonomies and the demo. False when a step failed."""
    (ROOT / "var" / "mails").mkdir(parents=True, exist_ok=True)
    for label, command in (
        ("Mise à jour de la base", ["migrate", "--verbosity", "0"]),
        ("Territoires, taxonomies et démonstration", ["prepare", "--verbosity", "1"]),
    ):
        say(f"{label}…")
        started = time.monotonic()
        done = subprocess.run([sys.executable, "manage.py", *command], env=env, cwd=ROOT, check=False)
        if done.returncode != 0:
            say(f"{label} : échec, voir ci-dessus.")
            return False
        say(f"  fait en {time.monotonic() - started:.1f} s")
    return True


def add_processes(manager: Manager, env: dict[str, str], host: str, port: str) -> None:
    bin_dir = os.path.dirname(sys.executable)
    beat_state = ROOT / "var" / "run" / "celerybeat-schedule"
    gunicorn = (
        f"{bin_dir}/gunicorn partenariat.wsgi --bind {host}:{port} --worker-class gthread --workers 1 "
        "--threads 4 --max-requests 0 --log-level warning --no-control-socket"
    )
    worker = f"{bin_dir}/celery --app partenariat worker --concurrency 1 --loglevel warning"
    beat = f"{bin_dir}/celery --app partenariat beat --schedule {beat_state} --pidfile= --loglevel warning"
    for name, command in (("web", gunicorn), ("worker", worker), ("beat", beat)):
        manager.add_process(name, command, env=env, cwd=str(ROOT))


def announce(host: str, port: str) -> None:
    """Wait until the site answers, then say where it is. Runs in a process of its own and ends it."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    shown = "localhost" if host in ("0.0.0.0", "127.0.0.1", "::") else host
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    width = min(shutil.get_terminal_size().columns, 78)
    accounts = (ROOT / "var" / "run" / "accounts.txt").read_text() if is_demo() else ""
    sys.stdout.write(f"\n{'─' * width}\n  Le site est là :  http://{shown}:{port}/\n{accounts}")
    sys.stdout.write(f"  Arrêter : Ctrl-C\n{'─' * width}\n\n")
    sys.stdout.flush()
    os._exit(0)


def is_demo() -> bool:
    return (ROOT / "var" / "run" / "accounts.txt").exists()


def stop(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        pass


def say(text: str) -> None:
    print(f"→ {text}", flush=True)
