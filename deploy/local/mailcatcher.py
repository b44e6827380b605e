"""`python -m deploy.local.mailcatcher PORT FOLDER`: an SMTP server that keeps each mail as one `.eml`.

A file is named by the moment it came and a counter; neither the name nor the log has an address in it.
The envelope's recipients are kept inside, in the header `X-Envelope-To`, as a real server would keep
`Delivered-To`.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import signal
import sys
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Catcher:
    """Keeps what it is given."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Write the mail whole before saying 250: who looks for `*.eml` never sees half of one."""
        name = f"{time.time_ns()}-{next(self._numbers):06d}"
        header = f"X-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n".encode()
        part = self._folder / f"{name}.part"
        part.write_bytes(header + (envelope.original_content or b""))
        part.rename(self._folder / f"{name}.eml")
        print(f"kept {name}.eml", flush=True)
        return "250 2.0.0 kept"


async def serve(port: int, folder: Path) -> None:
    """Serve until SIGTERM."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd logs what clients say: addresses
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    catcher = Catcher(folder)
    server = await loop.create_server(
        lambda: SMTP(catcher, hostname="localhost", ident="mail catcher", enable_SMTPUTF8=True),
        "127.0.0.1",
        port,
    )
    await ended.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
