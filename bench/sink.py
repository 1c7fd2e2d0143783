"""A mail server that keeps a log and nothing else: `python -m bench.sink PORT LOG`.

Each mail is one line of the log, "recipient Message-ID", written and flushed before the 250 leaves: the log
is what the server took, whatever the client heard of it. Some recipients are refused on purpose, by name.
"""

from __future__ import annotations

import asyncio
import email
import os
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP

#: What the server says to a recipient whose name begins so, and at which moment.
REFUSALS = {"rcpt450": "450 try later", "rcpt550": "550 no such user"}
DATA_REFUSALS = {"data451": "451 try later", "data554": "554 not wanted"}


class Sink:
    """The part of an aiosmtpd server that decides and writes."""

    def __init__(self, log: Path) -> None:
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.partition("@")[0].split(".")[0]
        if name in REFUSALS:
            return REFUSALS[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0].partition("@")[0].split(".")[0]
        if name in DATA_REFUSALS:
            return DATA_REFUSALS[name]
        if name == "vanish":
            server.transport.abort()
            return "421 gone"
        headers = email.message_from_bytes(envelope.content)
        for address in envelope.rcpt_tos:
            os.write(self.log, f"{address} {headers['Message-ID']}\n".encode())
        if name == "mute":
            server.transport.abort()
        return "250 taken"


def entries(log: Path) -> list[tuple[str, str]]:
    """Every (recipient, Message-ID) the server took, in order. A mail taken twice is there twice."""
    if not log.exists():
        return []
    lines = log.read_text(encoding="utf-8").splitlines()
    return [tuple(line.split(" ", 1)) for line in lines]


async def serve(port: int, log: Path) -> None:
    sink = Sink(log)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(sink, enable_SMTPUTF8=True, hostname="sink", loop=loop), "127.0.0.1", port
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
