"""gunicorn's gthread worker, whose threads no slow client can hold.

gunicorn's own gives each connection to a thread, which waits there for the first byte (5 s), the rest of the
head, the body, and the client taking the answer (all without end); and it closes connections in its loop,
which stands still until the client has closed too (2 s). Here the loop itself gathers heads and sees off
connections, each until a deadline, so that a thread is held by a whole request alone; a body must come at a
certain speed, and the answer be taken in time; requests that would wait too long for a thread are answered
503 at once; health has threads of its own. This replaces methods of gunicorn's class, so that its version is
pinned exactly.
"""

from __future__ import annotations

import logging
import selectors
import socket
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors
from gunicorn.workers import gthread

from shared import health
from shared.logs import describe
from shared.web.connection import Connection

log = logging.getLogger(__name__)

HEAD_BYTES = 32 << 10
HEAD_SECONDS = 15.0  # from the connection, or the answer before, to the end of the head
LINGER_SECONDS = 5.0  # to see off a client that is still sending
QUEUE = 64  # requests that may wait for a thread; further ones are answered 503
RETRY_SECONDS = 5
WAITING = 384  # connections that may wait for their head, and as many to be closed; then the oldest goes

_HEALTH = tuple(f"GET {path} ".encode() for path in health.PATHS)
_STATUS = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}


class ThreadWorker(gthread.ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker process, as this module describes it."""

    nr_conns: int
    wsgi: Any

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._closing: deque[Connection] = deque()
        self._at_work = 0  # requests that have a thread of pages, or wait for one
        self._health_threads = ThreadPoolExecutor(4, "health")

    # In the loop: connections that hold no thread.

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, and wait for its head."""
        try:
            client, address = listener.accept()
        except OSError as exc:  # it is gone already, or we have no descriptor left
            log.warning("connection not accepted: %s", describe(exc))
            return
        self.nr_conns += 1
        self._await_head(Connection(self.cfg, client, address, listener.getsockname()))

    def _await_head(self, conn: Connection) -> None:
        self._wait(conn, self.pending_conns, HEAD_SECONDS, self._read_head)

    def _read_head(self, conn: Connection, _: object) -> None:
        data = _received(conn.sock)
        conn.hear(data or b"")
        if data is None or (data and not conn.has_head and len(conn.head) <= HEAD_BYTES):
            return
        self._leave(conn, self.pending_conns)
        if not data:
            self._close(conn)
        elif conn.has_head:
            self.enqueue_req(conn)
        else:
            self._refuse(conn, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def _refuse(self, conn: Connection, status: HTTPStatus) -> None:
        _send(conn.sock, status)
        self._see_off(conn)

    def _see_off(self, conn: Connection) -> None:
        """Read on for a while after the last answer: a reset could overtake it on its way to the client."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            return self._close(conn)
        return self._wait(conn, self._closing, LINGER_SECONDS, self._read_in_vain)

    def _read_in_vain(self, conn: Connection, _: object) -> None:
        data = _received(conn.sock)
        conn.left -= len(data or b"")
        if data == b"" or conn.left <= 0:
            self._leave(conn, self._closing)
            self._close(conn)

    def _wait(self, conn: Connection, queue: deque[Connection], seconds: float, read: Any) -> None:
        """Have `read` called when something comes; after `seconds`, or where too many wait, it is closed."""
        if len(queue) >= WAITING:
            self._give_up(queue)
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + seconds
        queue.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(read, conn))

    def _leave(self, conn: Connection, queue: deque[Connection]) -> None:
        self.poller.unregister(conn.sock)
        queue.remove(conn)

    def _give_up(self, queue: deque[Connection]) -> None:
        oldest = queue[0]
        self._leave(oldest, queue)
        self._close(oldest)

    def _close(self, conn: Connection) -> None:
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Close what has reached its deadline; called every second."""
        now = time.monotonic()
        for queue in (self.pending_conns, self._closing):
            while queue and queue[0].timeout <= now:
                self._give_up(queue)

    def _cap_keepalive(self, deadline: float) -> None:
        """The worker stops: wait for no head longer than until `deadline`."""
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)

    # To a thread, and back.

    def enqueue_req(self, conn: Connection) -> None:
        """Have the request answered; health by threads that pages cannot hold."""
        if conn.head.startswith(_HEALTH):
            self._submit(self._health_threads, conn, self.finish_request)
        elif self._at_work < self.cfg.threads + QUEUE:
            self._at_work += 1
            self._submit(self.tpool, conn, self._finish_page)
        else:
            self._refuse(conn, HTTPStatus.SERVICE_UNAVAILABLE)

    def _submit(self, pool: ThreadPoolExecutor, conn: Connection, finish: Any) -> None:
        done: Future[bool] = pool.submit(self.handle, conn)
        done.add_done_callback(lambda future: self.method_queue.defer(finish, conn, future))

    def _finish_page(self, conn: Connection, done: Future[bool]) -> None:
        self._at_work -= 1
        self.finish_request(conn, done)

    def handle(self, conn: Connection) -> bool:
        """In a thread: answer one request; True where another may follow on the connection."""
        conn.begin()
        return bool(super().handle(conn))

    def handle_request(self, req: Any, conn: Connection) -> bool:
        """In a thread: call the application, with a deadline for the client to take the answer."""
        conn.time_answer()
        req.body.request = req
        return bool(super().handle_request(req, conn))

    def load_wsgi(self) -> None:
        """Load the application, to be called so that bodies are read whole or not trusted."""
        super().load_wsgi()
        self.wsgi = partial(_call, self.wsgi)

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        return keepalive and _is_read(conn.parser.mesg.body)

    def finish_request(self, conn: Connection, done: Future[bool]) -> None:
        """In the loop: wait for the next request, or see the client off."""
        conn.sock.setblocking(False)
        if done.cancelled() or done.exception() or not done.result():
            self._see_off(conn)
            return
        conn.hear(conn.parser.unreader.take_buffered())
        if conn.has_head:
            self.enqueue_req(conn)
        else:
            self._await_head(conn)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer what cannot be read or went wrong beside the application, with no word about the client."""
        if isinstance(exc, errors.ParseException):
            return _send(client, _STATUS.get(type(exc), HTTPStatus.BAD_REQUEST))
        log.error("request failed: %s", describe(exc))
        return _send(client, HTTPStatus.INTERNAL_SERVER_ERROR)


def _call(application: Any, environ: dict[str, Any], start_response: Any) -> Any:
    body = environ["wsgi.input"]
    # Without this word of gunicorn's, a body that is cut off is an error and not a short body.
    del environ["wsgi.input_terminated"]

    def start(*answer: Any) -> Any:
        if not _is_read(body):
            body.request.force_close()  # what follows on the connection is no request
        return start_response(*answer)

    return application(environ, start)


def _is_read(body: Any) -> bool:
    """Whether it was read to its end, so that another request may follow. One in chunks never is."""
    return getattr(body.reader, "length", None) == 0 and not body.buf.tell() and not body.failed


def _received(sock: socket.socket) -> bytes | None:
    """What has come: nothing at the end of the connection, None where nothing has come after all."""
    try:
        return sock.recv(64 << 10)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _send(sock: socket.socket, status: HTTPStatus) -> None:
    again = f"Retry-After: {RETRY_SECONDS}\r\n" if status is HTTPStatus.SERVICE_UNAVAILABLE else ""
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\n{again}Connection: close\r\nContent-Length: 0"
    with suppress(OSError):
        sock.send(f"{head}\r\n\r\n".encode())
