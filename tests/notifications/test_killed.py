"""The worker killed with -9 while it sends, in short; `make outbox` does it at full length."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection


def test_a_worker_killed_while_it_sends_loses_nothing_and_repeats_nothing(committed):
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    command = [sys.executable, "-m", "bench.outbox", "--mails", "100", "--kills", "2", "--only-kills"]
    done = subprocess.run(
        command,
        env={**os.environ, "DATABASE_URL": database.geturl()},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    report = dict(line.rsplit(maxsplit=1) for line in done.stdout.splitlines() if line[-1:].isdigit())
    assert done.returncode == 0, done.stdout + done.stderr
    assert (report["mails written"], report["worker killed with -9"]) == ("100", "2")
    assert report["mails received, by Message-ID"] == "100"
    assert (report["mails lost"], report["mails received twice"]) == ("0", "0")
