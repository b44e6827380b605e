"""The real server on a real socket: deadlines, limits, framing, many clients, and a clean stop."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

Served = tuple[subprocess.Popen[str], int]


@pytest.fixture
def served() -> Iterator[Served]:
    """The process that serves, and its port."""
    command = [sys.executable, "-m", "tests.integration.http.serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process, int(process.stdout.readline())
        process.kill()


def _exchange(port: int, sent: bytes) -> bytes:
    """All that the server answers to `sent` until it closes."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(sent)
        received = b""
        while data := connection.recv(65536):
            received += data
        return received


def _post(port: int, body: bytes, **headers: str) -> tuple[int, bytes]:
    with _connection(port) as connection:
        connection.request("POST", "/size", body, headers)
        response = connection.getresponse()
        return response.status, response.read()


def _connection(port: int) -> closing[http.client.HTTPConnection]:
    return closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10))


class TestBodies:
    def test_body_arrives_whole(self, served: Served) -> None:
        assert _post(served[1], b"x" * 1_000_000) == (200, b"1000000")

    def test_50_megabytes_are_refused_and_the_client_can_read_why(self, served: Served) -> None:
        status, body = _post(served[1], b"x" * 50_000_000)
        assert (status, b"too_large" in body) == (413, True)

    @pytest.mark.parametrize("framing", [b"%x\r\n%s\r\n0\r\n\r\n", b"%.0s%s"], ids=["chunk", "no chunk"])
    def test_chunked_is_refused_and_nothing_after_it_is_taken_for_a_request(
        self, served: Served, framing: bytes
    ) -> None:
        hidden = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        sent = b"POST /size HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        size = len(hidden) if framing.startswith(b"%x") else b""
        answer = _exchange(served[1], sent + framing % (size, hidden))
        assert answer.startswith(b"HTTP/1.1 411")
        assert b"Connection: close" in answer
        assert b"alive" not in answer

    def test_kept_connection_serves_again(self, served: Served) -> None:
        with _connection(served[1]) as connection:
            for _ in range(3):
                connection.request("POST", "/size", b"abc")
                assert connection.getresponse().read() == b"3"

    def test_client_that_waits_for_continue_is_told_to_go_on(self, served: Served) -> None:
        sent = b"POST /size HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n"
        with socket.create_connection(("127.0.0.1", served[1]), 10) as connection:
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
    ],
    ids=["two lengths", "negative", "underscore", "plus", "both", "long", "large", "many"],
)
def test_unclear_framing_is_refused(served: Served, headers: bytes) -> None:
    answer = _exchange(served[1], b"POST /size HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n\r\nabc")
    assert answer.split(b" ")[1][:1] == b"4"
    assert b"Connection: close" in answer
    assert b"Python" not in answer


class TestDeadlines:
    def test_headers_that_drip_are_cut_off(self, served: Served) -> None:
        began = time.monotonic()
        with socket.create_connection(("127.0.0.1", served[1]), 10) as connection:
            connection.settimeout(0.2)
            assert _drip(connection, b"GET /healthz HTTP/1.1\r\n" + b"X: y\r\n" * 1000) == b""
        assert 1 <= time.monotonic() - began < 6

    def test_body_that_drips_is_answered_408(self, served: Served) -> None:
        with socket.create_connection(("127.0.0.1", served[1]), 10) as connection:
            connection.settimeout(0.2)
            answer = _drip(connection, b"POST /size HTTP/1.1\r\nContent-Length: 9000\r\n\r\n" + b"z" * 9000)
        assert answer.startswith(b"HTTP/1.1 408")

    def test_health_is_answered_while_connections_drip(self, served: Served) -> None:
        idle = [socket.create_connection(("127.0.0.1", served[1])) for _ in range(40)]
        with _connection(served[1]) as connection:
            connection.request("GET", "/healthz")
            assert connection.getresponse().read() == b'{"alive":true}'
        for one in idle:
            one.close()


def _drip(connection: socket.socket, sent: bytes) -> bytes:
    """Send byte by byte, one every time that nothing is heard for the socket's timeout."""
    head, slow = sent[: sent.find(b"\n") + 1], sent[sent.find(b"\n") + 1 :]
    if b"\r\n\r\n" in sent:
        head, _, slow = sent.partition(b"\r\n\r\n")
        head += b"\r\n\r\n"
    connection.sendall(head)
    for byte in slow:
        try:
            return connection.recv(65536)
        except TimeoutError:
            connection.sendall(bytes([byte]))
    raise AssertionError("never cut off")


def test_many_at_once_are_all_answered(served: Served) -> None:
    with ThreadPoolExecutor(30) as many:
        answers = list(many.map(lambda n: _post(served[1], b"x" * n), range(300)))
    assert answers == [(200, str(n).encode()) for n in range(300)]


def test_sigterm_lets_the_running_request_end(served: Served) -> None:
    process, port = served
    assert process.stdout
    with socket.create_connection(("127.0.0.1", port)), _connection(port) as connection:
        connection.request("GET", "/slow")
        assert process.stdout.readline() == "slow\n"
        process.send_signal(signal.SIGTERM)
        assert connection.getresponse().read() == b"done"
        assert process.wait(10) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_nothing_is_written_about_clients(served: Served) -> None:
    process, port = served
    _exchange(port, b"GARBAGE\r\n\r\n")
    _exchange(port, b"GET /secret?token=1 HTTP/1.1\r\nConnection: close\r\n\r\n")
    process.terminate()
    assert process.stderr
    assert process.stderr.read() == ""


def test_port_in_use_is_said_and_not_shared(served: Served) -> None:
    command = [sys.executable, "-m", "tests.integration.http.serve", str(served[1])]
    taken = subprocess.run(command, capture_output=True, text=True, check=False)
    assert taken.returncode == 1
    assert "Connection in use" in taken.stderr
    assert _post(served[1], b"abc") == (200, b"3")
