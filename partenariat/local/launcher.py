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
#: Where `prepare` leaves the demo accounts, in words.
ACCOUNTS = ROOT / "var" / "run" / "accounts.txt"


def run() -> int:
    """Start services, database, web, worker and beat; wait; stop them all. Returns an exit status."""
    port, host = os.environ.get("PORT", "8000"), os.environ.get("HOST", "127.0.0.1")
    say("Base de données et file d’attente…")
    with services("run") as urls:
        # The warnings are for those who deploy: root, a missing static folder… say nothing here.
        quiet = {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore"}
        env = {"DEBUG": "false", **os.environ, **urls, **quiet}
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
    """Migrate, and on first run load territories, vocabularies and the demo. False when it failed."""
    (ROOT / "var" / "mails").mkdir(parents=True, exist_ok=True)
    ACCOUNTS.parent.mkdir(parents=True, exist_ok=True)
    say("Base, territoires, vocabulaires, démonstration…")
    started = time.monotonic()
    command = [sys.executable, "manage.py", "prepare", "--accounts", str(ACCOUNTS)]
    if subprocess.run(command, env=env, cwd=ROOT, check=False).returncode != 0:
        say("La préparation a échoué, voir ci-dessus.")
        return False
    say(f"Prêt en {time.monotonic() - started:.0f} s. Démarrage du site…")
    return True


def add_processes(manager: Manager, env: dict[str, str], host: str, port: str) -> None:
    bin_dir = os.path.dirname(sys.executable)
    beat_state = ROOT / "var" / "run" / "celerybeat-schedule"
    gunicorn = (
        f"{bin_dir}/gunicorn partenariat.wsgi --bind {host}:{port} --worker-class gthread --workers 1 "
        "--threads 4 --max-requests 0 --log-level warning --no-control-socket"
    )
    worker = f"{bin_dir}/celery --quiet --app partenariat worker --concurrency 1 --loglevel warning"
    beat = f"{bin_dir}/celery --quiet --app partenariat beat --schedule {beat_state} --pidfile= -l warning"
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
    sys.stdout.write(f"\n{'─' * width}\n  Le site est là :  http://{shown}:{port}/\n")
    sys.stdout.write(ACCOUNTS.read_text(encoding="utf-8"))
    sys.stdout.write(f"  Arrêter : Ctrl-C\n{'─' * width}\n\n")
    sys.stdout.flush()
    os._exit(0)


def stop(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        pass


def say(text: str) -> None:
    print(f"→ {text}", flush=True)
