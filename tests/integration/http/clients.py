"""Clients of a server under test: good ones, slow ones, and many that say nothing."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

ALIVE = b'{"alive":true}'


def exchange(port: int, sent: bytes, whole: bool = True) -> bytes:
    """All that the server answers to `sent` until it closes. Not `whole`: nothing more will come from us."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(sent)
        if not whole:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while data := connection.recv(65536):
            received += data
        return received


def connect(port: int, seconds: float = 60) -> closing[http.client.HTTPConnection]:
    """A client's connection, to be closed; it waits so long for an answer."""
    return closing(http.client.HTTPConnection("127.0.0.1", port, timeout=seconds))


def get(port: int, path: str, seconds: float = 60) -> tuple[int, bytes]:
    """Status and body, of a client that waits so long for an answer."""
    with connect(port, seconds) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()


def post(port: int, path: str, body: bytes) -> tuple[int, bytes]:
    """Status and body."""
    with connect(port) as connection:
        connection.request("POST", path, body)
        response = connection.getresponse()
        return response.status, response.read()


@contextmanager
def open_many(port: int, number: int, sent: bytes = b"") -> Iterator[list[socket.socket]]:
    """So many connections that say no more than `sent`, and stay."""
    with ExitStack() as opened:
        made = []
        for _ in range(number):
            connection = opened.enter_context(socket.create_connection(("127.0.0.1", port), 10))
            connection.sendall(sent)
            made.append(connection)
        yield made


def drip(port: int, head: bytes, slow: bytes) -> bytes:
    """Send `head`, then `slow` byte by byte, one every fifth of a second; what is answered before its end."""
    with socket.create_connection(("127.0.0.1", port), 0.2) as connection:
        connection.sendall(head)
        for byte in slow:
            try:
                return connection.recv(65536)
            except TimeoutError:
                connection.sendall(bytes([byte]))
    raise AssertionError("never cut off")
