"""gunicorn as our pages have it, on a real socket: deadlines, limits, framing, many clients, a clean stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from shared.web import gthread
from shared.web.serving import THREADS
from tests.integration.http.clients import ALIVE, connect, drip, exchange, get, open_many, post
from tests.integration.http.conftest import Served
from tests.support.system import wait_until

SIZE = "/photos/size"


class TestBodies:
    def test_body_arrives_whole(self, served: Served) -> None:
        assert post(served.port, SIZE, b"x" * 1_000_000) == (200, b"1000000")

    def test_50_megabytes_are_refused_and_the_client_can_read_why(self, served: Served) -> None:
        status, body = post(served.port, SIZE, b"x" * 50_000_000)
        assert (status, b"too_large" in body) == (413, True)

    @pytest.mark.parametrize("framing", [b"%x\r\n%s\r\n0\r\n\r\n", b"%.0s%s"], ids=["chunk", "no chunk"])
    def test_chunked_is_refused_and_nothing_after_it_is_taken_for_a_request(
        self, served: Served, framing: bytes
    ) -> None:
        hidden = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        sent = b"POST /photos/size HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        size = len(hidden) if framing.startswith(b"%x") else b""
        answer = exchange(served.port, sent + framing % (size, hidden))
        assert answer.startswith(b"HTTP/1.1 411")
        assert b"Connection: close" in answer
        assert b"alive" not in answer

    def test_body_that_nobody_read_is_not_taken_for_a_request(self, served: Served) -> None:
        hidden = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        head = b"POST /photos/unread HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(hidden)
        answer = exchange(served.port, head + hidden)
        assert answer.startswith(b"HTTP/1.1 200")
        assert answer.endswith(b"unread")
        assert b"Connection: close" in answer

    def test_body_that_is_cut_off_is_no_short_body(self, served: Served) -> None:
        sent = b"POST /photos/size HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"
        assert exchange(served.port, sent, whole=False).startswith(b"HTTP/1.1 400")

    def test_kept_connection_serves_again(self, served: Served) -> None:
        with connect(served.port) as connection:
            connection.connect()
            first = connection.sock
            for _ in range(3):
                connection.request("POST", SIZE, b"abc")
                assert connection.getresponse().read() == b"3"
            assert connection.sock is first

    def test_requests_that_come_together_are_answered_in_order(self, served: Served) -> None:
        ask = b"GET /suivi/%d HTTP/1.1\r\nHost: x\r\nConnection: %s\r\n\r\n"
        sent = ask % (1, b"keep-alive") + ask % (2, b"keep-alive") + ask % (3, b"close")
        answer = exchange(served.port, sent)
        assert [answer.index(b"page %d" % number) for number in (1, 2, 3)] == sorted(
            answer.index(b"page %d" % number) for number in (1, 2, 3)
        )

    def test_client_that_waits_for_continue_is_told_to_go_on(self, served: Served) -> None:
        sent = b"POST /photos/size HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n"
        with socket.create_connection(("127.0.0.1", served.port), 10) as connection:
            connection.sendall(sent + b"Expect: 100-continue\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 100 Continue")
            connection.sendall(b"abc")
            assert connection.makefile("rb").read().startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 3\r\nContent-Length: 4",
        b"Content-Length: -3",
        b"Content-Length: 1_0",
        b"Content-Length: +3",
        b"Content-Length: 3\r\nTransfer-Encoding: chunked",
        b"X: " + b"y" * 9000,
        b"\r\n".join(b"X-%d: %s" % (n, b"y" * 4000) for n in range(30)),
        b"\r\n".join(b"X-%d: y" % n for n in range(300)),
        b"X : y",
        b"X-Forwarded-For: a\nX-Hidden: b",
    ],
    ids=[
        "two lengths",
        "negative",
        "underscore",
        "plus",
        "both",
        "long",
        "large",
        "many",
        "space in a name",
        "bare line feed",
    ],
)
def test_unclear_framing_is_refused(served: Served, headers: bytes) -> None:
    answer = exchange(served.port, b"POST /photos/size HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n\r\nabc")
    assert answer.split(b" ")[1][:1] == b"4"
    assert b"Connection: close" in answer
    assert b"Python" not in answer
    assert answer.partition(b"\r\n\r\n")[2] == b""


class TestDeadlines:
    def test_headers_that_drip_are_cut_off(self, served: Served) -> None:
        began = time.monotonic()
        assert drip(served.port, b"GET /healthz HTTP/1.1\r\n", b"X: y\r\n" * 1000) == b""
        assert 1 <= time.monotonic() - began < 60  # it drips for 20 minutes

    def test_body_that_drips_is_answered_408(self, served: Served) -> None:
        head = b"POST /photos/size HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n"
        assert drip(served.port, head, b"z" * 9000).startswith(b"HTTP/1.1 408")

    def test_answer_that_nobody_takes_holds_no_thread_for_long(self, served: Served) -> None:
        asked = b"GET /suivi/large HTTP/1.1\r\nHost: x\r\n\r\n"
        with open_many(served.port, THREADS + 4, asked):
            assert [served.said() for _ in range(THREADS)] == ["large"] * THREADS
            assert get(served.port, "/suivi/1") == (200, b"page 1")


class TestMany:
    @pytest.mark.parametrize(
        "sent",
        [b"", b"GET /suivi/1 HTTP/1.1\r\nHost: x\r\n", b"\r\n\r\n\r\n"],
        ids=["silent", "half a head", "empty lines"],
    )
    def test_300_half_open_connections_hold_up_nobody(self, served: Served, sent: bytes) -> None:
        with open_many(served.port, 300, sent):
            for path, said in (("/healthz", ALIVE), ("/suivi/1", b"page 1")):
                assert get(served.port, path, seconds=5.0) == (200, said)

    def test_clients_that_stay_after_the_answer_hold_up_nobody(self, served: Served) -> None:
        asked = b"GET /suivi/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        with open_many(served.port, 50, asked) as staying:
            assert all(one.makefile("rb").read().endswith(b"page 1") for one in staying)
            assert get(served.port, "/suivi/1", seconds=5.0) == (200, b"page 1")

    def test_health_is_answered_while_pages_hold_every_thread(self, fresh: Served) -> None:
        with ThreadPoolExecutor(THREADS + 20) as many:
            pages = [many.submit(get, fresh.port, "/suivi/held", 60) for _ in range(THREADS + 20)]
            assert [fresh.said() for _ in range(THREADS)] == ["held"] * THREADS
            assert get(fresh.port, "/healthz") == (200, ALIVE)
            assert not any(page.done() for page in pages)
            assert get(fresh.port, "/metrics")[0] == 200
            assert {page.result() for page in pages} == {(200, b"done")}

    def test_requests_that_would_wait_too_long_are_told_so_at_once(self, fresh: Served) -> None:
        asked = b"GET /suivi/held HTTP/1.1\r\nHost: x\r\n\r\n"
        with open_many(fresh.port, THREADS + gthread.QUEUE, asked):
            assert [fresh.said() for _ in range(THREADS)] == ["held"] * THREADS
            answer = wait_until(lambda: _refused(fresh.port, asked), what="the queue is full")
            assert b"Retry-After: 5\r\n" in answer
            assert get(fresh.port, "/healthz") == (200, ALIVE)
            assert get(fresh.port, "/metrics")[0] == 200
        assert get(fresh.port, "/suivi/1") == (200, b"page 1")

    def test_all_are_answered(self, served: Served) -> None:
        with ThreadPoolExecutor(30) as many:
            answers = list(many.map(lambda n: post(served.port, SIZE, b"x" * n), range(300)))
        assert answers == [(200, str(n).encode()) for n in range(300)]


def _refused(port: int, asked: bytes) -> bytes:
    """The answer that a request gets at once; nothing where it is made to wait."""
    with socket.create_connection(("127.0.0.1", port), 1) as connection:
        connection.sendall(asked)
        with suppress(TimeoutError):
            answer = connection.recv(9999)
            assert answer.startswith(b"HTTP/1.1 503")
            return answer
    return b""


def test_sigterm_lets_the_running_request_end(fresh: Served) -> None:
    with (
        socket.create_connection(("127.0.0.1", fresh.port)),
        connect(fresh.port) as connection,
    ):
        connection.request("GET", "/suivi/slow")
        assert fresh.said() == "slow"
        fresh.process.send_signal(signal.SIGTERM)
        assert connection.getresponse().read() == b"done"
        assert fresh.process.wait(30) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", fresh.port))


def test_a_process_that_is_killed_is_replaced(fresh: Served) -> None:
    children = Path(f"/proc/{fresh.process.pid}/task/{fresh.process.pid}/children").read_text().split()
    assert len(children) == 1
    os.kill(int(children[0]), signal.SIGKILL)
    assert fresh.said() == str(fresh.port)
    wait_until(lambda: get(fresh.port, "/suivi/1") == (200, b"page 1"), what="a page is shown again")


def test_nothing_is_written_about_clients(fresh: Served) -> None:
    exchange(fresh.port, b"GARBAGE\r\n\r\n")
    exchange(fresh.port, b"GET /secret?token=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    fresh.process.terminate()
    assert fresh.process.stderr
    assert fresh.process.stderr.read() == ""


def test_port_in_use_is_said_and_not_shared(served: Served) -> None:
    command = [sys.executable, "-m", "tests.integration.http.serve", str(served.port)]
    taken = subprocess.run(command, capture_output=True, text=True, check=False)
    assert taken.returncode == 1
    assert "Connection in use" in taken.stderr
    assert post(served.port, SIZE, b"abc") == (200, b"3")
