"""Who may pass for the broker: by `amqps://`, only the host whose name is in the address."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import create_server, socket

import pytest
import trustme
from kombu.exceptions import OperationalError

from shared.amqp import Outgoing, Publisher
from shared.amqp.connections import connection_to
from shared.amqp.requests import RequestClient
from shared.errors import Unavailable
from shared.messaging.watch import lengths

_BEGIN_AMQP = b"AMQP\x00\x00\x09\x01"


class Impostor:
    """A TLS server with a trusted certificate for `name`; `heard`: what its clients said over TLS."""

    def __init__(self, listener: socket, context: ssl.SSLContext) -> None:
        self.port: int = listener.getsockname()[1]
        self.heard: list[bytes] = []
        self._listener, self._context = listener, context
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                taken, _ = self._listener.accept()
            except OSError:
                return
            with ExitStack() as stack:
                stack.enter_context(taken)
                self._listen(taken)

    def _listen(self, taken: socket) -> None:
        try:
            with self._context.wrap_socket(taken, server_side=True) as secure:
                self.heard.append(secure.recv(len(_BEGIN_AMQP)))
        except OSError:
            return


@contextmanager
def impostor(name: str, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Impostor]:
    """One that listens on 127.0.0.1, trusted like any authority's host."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    patch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    with create_server(("127.0.0.1", 0)) as listener:
        yield Impostor(listener, context)


def _publish(url: str) -> None:
    Publisher(url, "ada", timeout=5).publish([Outgoing("vigie.events", "x", b"{}", "1", "x")])


def _ask(url: str) -> None:
    RequestClient(url, "ada", timeout=5).ask(Outgoing("vigie.requests", "x", b"{}", "1", "x"))


def _look(url: str) -> None:
    lengths(url, ["intake.submissions"])


@pytest.mark.parametrize("use", [_publish, _ask, _look])
def test_a_host_with_another_name_hears_nothing(
    use: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with impostor("other.example", tmp_path, monkeypatch) as other:
        with pytest.raises((Unavailable, OperationalError)):
            use(f"amqps://ada:secret@localhost:{other.port}/vigie")
        assert other.heard == []


def test_the_host_that_is_named_is_spoken_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with impostor("localhost", tmp_path, monkeypatch) as named:
        with pytest.raises(OSError):  # noqa: PT011 - it is no broker: it closes after the first words
            connection_to(f"amqps://ada:secret@localhost:{named.port}/vigie", connect_timeout=5).connect()
        assert set(named.heard) == {_BEGIN_AMQP}
