"""gunicorn's gthread worker, whose threads no slow client can hold.

gunicorn's own gives each connection to a thread, which waits there for the first byte (5 s), the rest of the
head, the body, and the client taking the answer (all without end); and it closes connections in its loop,
which stands still until the client has closed too (2 s). Here the loop itself gathers heads and sees off
connections, each until a deadline, so that a thread is held by a whole request alone; a body must come at a
certain speed, and the answer be taken in time; health has threads of its own. This replaces methods of
gunicorn's class, so that its version is pinned exactly.
"""

from __future__ import annotations

import logging
import selectors
import socket
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors
from gunicorn.workers import gthread

from shared import health
from shared.logs import describe
from shared.web.problems import Problem

log = logging.getLogger(__name__)

HEAD_BYTES = 32 << 10
HEAD_SECONDS = 15.0  # from the connection, or the answer before, to the end of the head
BODY_SECONDS = 120.0
BODY_GRACE_SECONDS = 10.0  # after which a body must have come at this speed:
BODY_BYTES_PER_SECOND = 16 << 10
ANSWER_SECONDS = 30.0  # for the client to take the answer
LINGER_BYTES = 64 << 20
LINGER_SECONDS = 5.0
WAITING = (
    384  # connections that may wait for their head, and as many that may be closing; then the oldest goes
)

_HEAD_END = b"\r\n\r\n"
_HEALTH = tuple(f"GET {path} ".encode() for path in health.PATHS)
_STATUS = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}


class _Connection(gthread.TConn):  # type: ignore[misc]
    """A client's connection. `head`: what has come of the next request; `left`: bytes to be read in vain."""

    sock: socket.socket
    timeout: float  # the moment at which the loop closes it

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.head = bytearray()
        self.left = LINGER_BYTES

    def begin(self) -> None:
        """Hand the head to the parser, in a thread."""
        self.data_ready = True
        self.init()
        self.parser.unreader.unread(bytes(self.head))
        self.parser.unreader.sock = _PacedSocket(self.sock)
        self.head.clear()


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


class ThreadWorker(gthread.ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker process, as this module describes it."""

    nr_conns: int
    wsgi: Any

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._closing: deque[_Connection] = deque()
        self._health_threads = ThreadPoolExecutor(2, "health")

    # In the loop: connections that hold no thread.

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, and wait for its head."""
        try:
            client, address = listener.accept()
        except OSError as exc:  # it is gone already, or we have no descriptor left
            log.warning("connection not accepted: %s", describe(exc))
            return
        self.nr_conns += 1
        self._await_head(_Connection(self.cfg, client, address, listener.getsockname()))

    def _await_head(self, conn: _Connection) -> None:
        self._wait(conn, self.pending_conns, HEAD_SECONDS, self._read_head)

    def _read_head(self, conn: _Connection, _: object) -> None:
        data = _received(conn.sock)
        conn.head += data or b""
        if data is None or (data and _HEAD_END not in conn.head and len(conn.head) <= HEAD_BYTES):
            return
        self._leave(conn, self.pending_conns)
        if not data:
            self._close(conn)
        elif _HEAD_END in conn.head:
            self.enqueue_req(conn)
        else:
            _send(conn.sock, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            self._see_off(conn)

    def _see_off(self, conn: _Connection) -> None:
        """Read on for a while after the last answer: a reset could overtake it on its way to the client."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            return self._close(conn)
        return self._wait(conn, self._closing, LINGER_SECONDS, self._read_in_vain)

    def _read_in_vain(self, conn: _Connection, _: object) -> None:
        data = _received(conn.sock)
        conn.left -= len(data or b"")
        if data == b"" or conn.left <= 0:
            self._leave(conn, self._closing)
            self._close(conn)

    def _wait(self, conn: _Connection, queue: deque[_Connection], seconds: float, read: Any) -> None:
        """Have `read` called when something comes; after `seconds`, or where too many wait, it is closed."""
        if len(queue) >= WAITING:
            self._give_up(queue)
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + seconds
        queue.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(read, conn))

    def _leave(self, conn: _Connection, queue: deque[_Connection]) -> None:
        self.poller.unregister(conn.sock)
        queue.remove(conn)

    def _give_up(self, queue: deque[_Connection]) -> None:
        oldest = queue[0]
        self._leave(oldest, queue)
        self._close(oldest)

    def _close(self, conn: _Connection) -> None:
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

    def enqueue_req(self, conn: _Connection) -> None:
        """Have the request answered, health by threads that pages cannot hold."""
        pool = self._health_threads if conn.head.startswith(_HEALTH) else self.tpool
        done: Future[bool] = pool.submit(self.handle, conn)
        done.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))

    def handle(self, conn: _Connection) -> bool:
        """In a thread: answer one request; True where another may follow on the connection."""
        conn.begin()
        return bool(super().handle(conn))

    def handle_request(self, req: Any, conn: _Connection) -> bool:
        """In a thread: call the application, with a deadline for the client to take the answer."""
        conn.sock.settimeout(ANSWER_SECONDS)
        req.body.request = req
        return bool(super().handle_request(req, conn))

    def load_wsgi(self) -> None:
        """Load the application, to be called so that bodies are read whole or not trusted."""
        super().load_wsgi()
        self.wsgi = partial(_call, self.wsgi)

    def _keepalive_after(self, conn: _Connection, keepalive: bool) -> bool:
        return keepalive and _is_read(conn.parser.mesg.body)

    def finish_request(self, conn: _Connection, done: Future[bool]) -> None:
        """In the loop: wait for the next request, or see the client off."""
        if done.cancelled() or done.exception() or not done.result():
            conn.sock.setblocking(False)
            self._see_off(conn)
            return
        conn.head += conn.parser.unreader.take_buffered()
        if _HEAD_END in conn.head:
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
    answer = f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    with suppress(OSError):
        sock.send(answer.encode())
