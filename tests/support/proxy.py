"""A link between a client and a server that a test can make late: what the server says is held back."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from deploy.local import ports


class Proxy:
    """Listens on a port of its own for the server of `url`. `connections`: how many there have been."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = parts.hostname or "", parts.port or 0
        port = ports.pick(besides=set())
        login = parts.netloc.rpartition("@")[0]
        self.url = parts._replace(netloc=f"{login}@127.0.0.1:{port}").geturl()
        self.connections = 0
        self._last_word = b""
        self._flows = threading.Event()
        self._flows.set()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", port))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flows.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        for one in self._open:
            _shut(one)
        for thread in self._threads:
            thread.join(10)
        for one in [self._listener, *self._open]:
            one.close()

    def hold(self) -> None:
        """From now on nothing that the server says gets through; it is kept."""
        self._flows.clear()

    def hold_after(self, said: bytes) -> None:
        """From the moment when the client says this, nothing that the server says gets through."""
        self._last_word = said

    def release(self) -> None:
        """Let through what was kept, and all that follows."""
        self._flows.set()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(self._server)
            self._open += [client, server]
            for pump in ((client, server, False), (server, client, True)):
                self._threads.append(threading.Thread(target=self._pump, args=pump, daemon=True))
                self._threads[-1].start()

    def _pump(self, source: socket.socket, target: socket.socket, held: bool) -> None:
        try:
            while data := source.recv(65536):
                if held:
                    self._flows.wait()
                elif self._last_word and self._last_word in data:
                    self.hold()
                target.sendall(data)
        except OSError:
            pass
        _shut(source)
        _shut(target)


def _shut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
