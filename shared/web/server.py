"""Serves a WSGI application with eventlet, in green threads of its own, as a nameko extension.

eventlet's server leaves some things open that are closed here: deadlines for the headers and the body as a
whole (its own timeout is per read), a bounded wait on a client that goes on sending after the answer, an
accept loop that survives an error, errors and logs without the client's address, and a port of one's own.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import eventlet
from eventlet import wsgi
from nameko.extensions import DependencyProvider

from shared.settings import service_settings
from shared.web.problems import Problem

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

logger = logging.getLogger(__name__)

CONNECTIONS = 256
IDLE_SECONDS = 15.0
HEADER_SECONDS = 10.0
BODY_SECONDS = 120.0
STOP_SECONDS = 10.0
_LINGER_BYTES = 64 << 20
_LINGER_SECONDS = 5.0


class _Body(wsgi.Input):  # type: ignore[misc]
    """A request's body of known length, to be read before a deadline; Problem 408 after it."""

    def __init__(self, raw: wsgi.Input) -> None:
        super().__init__(raw.rfile, raw.content_length or 0, raw.get_socket(), raw.wfile, raw.wfile_line)
        self._deadline = time.monotonic() + BODY_SECONDS

    @property
    def is_read(self) -> bool:
        return bool(self.position >= self.content_length)

    def _do_read(self, reader: Callable[..., bytes], length: int | None = None) -> bytes:
        try:
            with eventlet.Timeout(max(0.0, self._deadline - time.monotonic()), TimeoutError()):
                data: bytes = super()._do_read(reader, length)
        except TimeoutError:
            raise Problem(408) from None
        return data

    def discard(self, buffer_size: int = 0) -> None:
        """Nothing: what was not read is dealt with when the connection closes."""


class _Protocol(wsgi.HttpProtocol):  # type: ignore[misc]
    """eventlet's HTTP with deadlines, strict framing, and errors without a word about the client."""

    close_connection: bool
    _deadline: Any = None
    _body: _Body | None = None
    _lingers = False

    def _read_request_line(self) -> bytes:
        self._deadline = eventlet.Timeout(IDLE_SECONDS + HEADER_SECONDS, TimeoutError())
        line: bytes = super()._read_request_line()
        return line

    def handle_one_request(self) -> None:
        self._body = None
        try:
            super().handle_one_request()
        finally:
            self._deadline.cancel()
        if self._body and not self._body.is_read:
            self._lingers = self.close_connection = True

    def parse_request(self) -> bool:
        if not super().parse_request():
            return False
        lengths = self.headers.get_all("Content-Length", [])
        if len(lengths) > 1 or not all(n.isascii() and n.isdigit() for n in lengths):
            self.send_error(400)
            return False
        return True

    def get_environ(self) -> dict[str, Any]:
        self._deadline.cancel()
        environ: dict[str, Any] = super().get_environ()
        self._body = environ["wsgi.input"] = environ["eventlet.input"] = _Body(environ["wsgi.input"])
        if "HTTP_TRANSFER_ENCODING" in environ:
            # Its body is not read (the application answers 411), so nothing after it can be trusted.
            self._lingers = self.close_connection = True
        return environ

    def finish(self) -> None:
        if self._lingers:
            self._linger()
        super().finish()

    def _linger(self) -> None:
        """Read on for a while after the answer: closing at once would reset it on its way to the client."""
        left = _LINGER_BYTES
        with eventlet.Timeout(_LINGER_SECONDS, False):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)
            while left > 0 and (data := self.connection.recv(64 << 10)):
                left -= len(data)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        reason = self.responses.get(code, ("Bad Request",))[0]
        self.wfile.write(
            f"HTTP/1.1 {int(code)} {reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
        )
        self.close_connection = True


class Server:
    """Serves `app` on `listen` (host, port) until stopped; port 0 takes a free one (see `address`)."""

    def __init__(self, app: WSGIApplication, listen: tuple[str, int]) -> None:
        family = socket.AF_INET6 if ":" in listen[0] else socket.AF_INET
        # By default eventlet shares the port: a second process would quietly take half of the requests.
        self._socket = eventlet.listen(listen, family=family, backlog=128, reuse_port=False)
        self.address: tuple[str, int] = self._socket.getsockname()[:2]
        self._wsgi = wsgi.Server(
            self._socket,
            self.address,
            app,
            protocol=_Protocol,
            socket_timeout=IDLE_SECONDS,
            keepalive=IDLE_SECONDS,
            log_output=False,
            debug=False,
        )
        self._pool = eventlet.GreenPool(CONNECTIONS)
        self._open: dict[int, list[Any]] = {}
        self._thread: Any = None

    def start(self) -> None:
        """Begin to serve, in the background."""
        self._thread = eventlet.spawn(self._accept)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Take no more connections, let running requests end for `seconds`, then close."""
        if self._thread:
            self._thread.kill()
        self._socket.close()
        for connection in list(self._open.values()):
            self._ask_to_end(connection)
        with eventlet.Timeout(seconds, False):
            self._pool.waitall()
        for running in list(self._pool.coroutines_running):
            running.kill()

    def _accept(self) -> None:
        while True:
            try:
                client, address = self._socket.accept()
            except OSError:
                logger.warning("connection not accepted", exc_info=True)
                eventlet.sleep(0.1)
                continue
            client.settimeout(IDLE_SECONDS)
            self._pool.spawn(self._serve, [address, client, wsgi.STATE_IDLE])

    def _serve(self, connection: list[Any]) -> None:
        self._open[id(connection)] = connection
        try:
            self._wsgi.process_request(connection)
        except Exception:
            logger.warning("connection lost", exc_info=True)
        finally:
            del self._open[id(connection)]
            connection[1].close()

    @staticmethod
    def _ask_to_end(connection: list[Any]) -> None:
        was, connection[2] = connection[2], wsgi.STATE_CLOSE
        if was == wsgi.STATE_IDLE:
            eventlet.greenio.shutdown_safe(connection[1])


Providers = Mapping[str, DependencyProvider]


class HttpServer(DependencyProvider):  # type: ignore[misc]
    """The HTTP face of a nameko service, on the host and port of its settings.

    `build(providers)` makes the application from the service's other providers by attribute name:
    `http = HttpServer("intake", lambda providers: intake_app(providers["backbone"]))`.
    The port is taken at set-up, so that a service whose port is in use says so before it consumes.
    """

    def __init__(self, service: str, build: Callable[[Providers], WSGIApplication]) -> None:
        self._service = service
        self._build = build
        self._server: Server | None = None

    def setup(self) -> None:
        """Take the port."""
        self._server = Server(self._call, service_settings(self._service).listen)

    def start(self) -> None:
        """Make the application and serve it."""
        assert self._server
        self._app = self._build({p.attr_name: p for p in self.container.dependencies})
        self._server.start()
        logger.info("listening", extra={"port": self._server.address[1]})

    def stop(self) -> None:
        """Let running requests end, then close."""
        if self._server:
            self._server.stop()

    def kill(self) -> None:
        """Close at once."""
        if self._server:
            self._server.stop(0)

    def _call(self, environ: Any, start_response: Any) -> Any:
        return self._app(environ, start_response)
