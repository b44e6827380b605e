"""`/healthz`, `/readyz` and `/metrics` of a service's worker, and nothing else over HTTP."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from nameko.extensions import DependencyProvider

from shared import db, health
from shared.logs import describe
from shared.run.backbone import Backbone
from shared.settings import service_settings

log = logging.getLogger(__name__)

Gauge = Callable[[db.Pool], None]

CONNECTIONS = 64
SECONDS = 5.0  # for each read, and for the answer


class HealthServer:
    """Serves a worker's health on `listen` (host, port), one connection a request.

    With CONNECTIONS open, the oldest gives way to the next: however many are opened and say nothing, or
    say it slowly, whoever asks is answered.
    """

    def __init__(self, listen: tuple[str, int], answers: health.Health) -> None:
        family = socket.AF_INET6 if ":" in listen[0] else socket.AF_INET
        self._socket = socket.create_server(listen, family=family)
        self.port: int = self._socket.getsockname()[1]
        self.answers = answers
        self._open: dict[socket.socket, None] = {}
        self._stopping = False

    def start(self) -> None:
        """Begin to serve, in threads."""
        threading.Thread(target=self._accept, name="health", daemon=True).start()

    def stop(self) -> None:
        """Take no more connections, and end those that are open."""
        self._stopping = True
        self._socket.close()
        for client in list(self._open):
            _end(client)

    def _accept(self) -> None:
        while not self._stopping:
            try:
                client, address = self._socket.accept()
            except OSError as exc:
                if not self._stopping:
                    log.warning("connection not accepted: %s", describe(exc))
                    time.sleep(0.1)
                continue
            if len(self._open) >= CONNECTIONS:
                _end(next(iter(self._open)))
            self._open[client] = None
            threading.Thread(target=self._serve, args=(client, address), daemon=True).start()

    def _serve(self, client: socket.socket, address: object) -> None:
        try:
            _Request(client, address, self)  # type: ignore[arg-type]
        except OSError:
            pass  # the client is gone, or too slow
        finally:
            del self._open[client]
            client.close()


def _end(client: socket.socket) -> None:
    with suppress(OSError):
        client.shutdown(socket.SHUT_RDWR)


class _Request(BaseHTTPRequestHandler):
    """One request, answered without a word about the client or about ourselves."""

    timeout = SECONDS
    default_request_version = "HTTP/1.0"  # also to what is no request a status is said
    server: Any

    def do_GET(self) -> None:
        """One of the three, or 404."""
        began, path = time.perf_counter(), self.path.partition("?")[0]
        answer = self.server.answers.answer(path)
        if answer:
            health.REQUESTS.labels(self.command, path, str(answer.status)).inc()
            self._answer(answer.status, answer.body, answer.media_type)
            health.SECONDS.labels(path).observe(time.perf_counter() - began)
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_HEAD(self) -> None:
        """As GET."""
        self.do_GET()

    def _answer(self, status: int, body: bytes = b"", media_type: str = "text/plain") -> None:
        self.send_response_only(status)
        for name, value in (("Content-Type", media_type), ("Content-Length", len(body))):
            self.send_header(name, str(value))
        for name, value in (("Connection", "close"), ("Cache-Control", "no-store")):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body if self.command == "GET" else b"")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The status alone."""
        method = self.command if self.command in ("GET", "HEAD") else "other"
        health.REQUESTS.labels(method, health.UNMATCHED, str(int(code))).inc()
        self._answer(code)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: it would name the client."""


class WorkerHealth(DependencyProvider):  # type: ignore[misc]
    """Serves the health of the service's worker, as its Backbone sees it, at `NAME_WORKER_URL`.

    `gauges` bring the service's own gauges up to date, before the metrics are read. The port is taken at
    set-up, so that a worker whose port is in use says so before it consumes.
    """

    def __init__(self, gauges: Sequence[Gauge] = ()) -> None:
        self._gauges = gauges

    def setup(self) -> None:
        """Take the port."""
        [backbone] = [p for p in self.container.dependencies if isinstance(p, Backbone)]
        answers = health.Health(backbone.ready, lambda: self._measure(backbone))
        self._server = HealthServer(service_settings(self.container.service_name).listen, answers)

    def _measure(self, backbone: Backbone) -> None:
        backbone.measure()
        for gauge in self._gauges:
            gauge(backbone.pool)

    def start(self) -> None:
        """Serve."""
        self._server.start()
        log.info("listening", extra={"port": self._server.port})

    def stop(self) -> None:
        """Close."""
        self._server.stop()

    def kill(self) -> None:
        """Close at once."""
        self._server.stop()
