"""A client's connection as gunicorn's threads get it: its head whole, its body paced, its answer in time."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gunicorn.workers import gthread

from shared.web.problems import Problem

BODY_SECONDS = 120.0
BODY_GRACE_SECONDS = 10.0  # after which a body must have come at this speed:
BODY_BYTES_PER_SECOND = 16 << 10
ANSWER_SECONDS = 30.0  # for the client to take the answer
LINGER_BYTES = 64 << 20  # read in vain at the most, before the connection is closed


class Connection(gthread.TConn):  # type: ignore[misc]
    """A client's connection. `head`: what has come of the next request; `left`: bytes to be read in vain."""

    sock: socket.socket
    timeout: float  # the moment at which the loop closes it

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.head = bytearray()
        self.left = LINGER_BYTES

    def hear(self, data: bytes) -> None:
        """Something has come. Empty lines before a request are nothing."""
        self.head = (self.head + data).lstrip(b"\r\n")

    @property
    def has_head(self) -> bool:
        """Whether the next request's head has come to its end."""
        return b"\r\n\r\n" in self.head

    def begin(self) -> None:
        """Hand the head to the parser, in a thread."""
        self.data_ready = True
        self.init()
        self.parser.unreader.unread(bytes(self.head))
        self.parser.unreader.sock = _PacedSocket(self.sock)
        self.head.clear()

    def time_answer(self) -> None:
        """Give the client so long to take what is sent to it."""
        self.sock.settimeout(ANSWER_SECONDS)


class _PacedSocket:
    """Reads a body that must come at a certain speed; raises Problem 408 where it does not."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._began = time.monotonic()
        self._received = 0

    def recv(self, size: int) -> bytes:
        """As a socket's."""
        try:
            with _deadline(self._sock, self._left()):
                data = self._sock.recv(size)
        except TimeoutError:
            raise Problem(408) from None
        self._received += len(data)
        return data

    def _left(self) -> float:
        allowed = min(BODY_SECONDS, BODY_GRACE_SECONDS + self._received / BODY_BYTES_PER_SECOND)
        return allowed - (time.monotonic() - self._began)


@contextmanager
def _deadline(sock: socket.socket, seconds: float) -> Iterator[None]:
    if seconds <= 0:
        raise TimeoutError
    sock.settimeout(seconds)
    try:
        yield
    finally:
        sock.settimeout(ANSWER_SECONDS)
