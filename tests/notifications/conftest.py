"""A real mail server, in this process, that writes down what it takes."""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import partial

import pytest
from aiosmtpd.controller import Controller

from bench.sink import Sink, entries


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def took(settings, tmp_path) -> Callable[[], list[tuple[str, str]]]:
    """A server is up and mails go there; `took()` is the log of what it took."""
    log = tmp_path / "sink.log"
    server = Controller(Sink(log), hostname="127.0.0.1", port=free_port())
    server.start()
    settings.OUTBOX_TRANSPORT = "notifications.transports.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield partial(entries, log)
    server.stop()
