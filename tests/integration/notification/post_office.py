"""A real SMTP server that does as the test says: refuses, breaks off, takes its time."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local import ports


class PostOffice:
    """While it is entered, it takes mail on `url`.

    `script`: what to answer to the next mails' text, then `250`; `DROP` takes the mail and hangs up without a
    word. `recipients`: what to answer to RCPT, by address. `on_mail`: called with each mail that was taken,
    before its sender is told so.
    """

    DROP = "drop"

    def __init__(self, *script: str) -> None:
        self.script = list(script)
        self.recipients: dict[str, str] = {}
        self.mails: list[EmailMessage] = []
        self.connections = 0
        self.on_mail: Callable[[EmailMessage], None] = lambda mail: None
        self._lock = threading.Lock()
        self._port = ports.pick(besides=set())
        self._controller: Controller | None = None
        self.url = f"smtp://127.0.0.1:{self._port}"
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)

    def __enter__(self) -> Self:
        self._controller = Controller(self, hostname="127.0.0.1", port=self._port)
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._controller
        self._controller.stop()

    def message_ids(self) -> list[str]:
        """The Message-ID of each mail, in the order of arrival."""
        return [str(mail["Message-ID"]) for mail in self.mails]

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, lines: list[str]
    ) -> list[str]:
        """Count connections."""
        session.host_name = name
        self.connections += 1
        return lines

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """As `recipients` says."""
        answer = self.recipients.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """As `script` says."""
        answer = self.script.pop(0) if self.script else "250 OK"
        if answer == self.DROP or answer.startswith("250"):
            mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
            assert isinstance(mail, EmailMessage)
            with self._lock:
                self.mails.append(mail)
            await asyncio.to_thread(self.on_mail, mail)
        if answer == self.DROP:
            assert server.transport is not None
            server.transport.abort()
        return answer
