"""What a worker answers over HTTP beside its messages: its health, to whoever asks, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.http.clients import ALIVE, connect, exchange, get, open_many
from tests.integration.http.conftest import Served, serve

HEALTH = "tests.integration.http.serve_health"


@pytest.fixture(scope="module")
def worker() -> Iterator[Served]:
    """A worker's health, which tests share and must leave running."""
    with serve(HEALTH) as running:
        yield running


def test_it_says_how_it_is(worker: Served) -> None:
    assert get(worker.port, "/healthz") == (200, ALIVE)
    status, facts = get(worker.port, "/readyz?verbose")
    assert (status, json.loads(facts)) == (503, {"ready": False, "broker": "away"})
    status, metrics = get(worker.port, "/metrics")
    assert (status, b"python_info" in metrics) == (200, True)


def test_head_says_as_much_without_a_body(worker: Served) -> None:
    with connect(worker.port) as connection:
        connection.request("HEAD", "/healthz")
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, b"")
        assert response.headers["Content-Length"] == str(len(ALIVE))


@pytest.mark.parametrize("path", ["/", "/photos", "/suivi/x", "/healthz/", "/static/suivi.css"])
def test_it_answers_nothing_else(worker: Served, path: str) -> None:
    assert get(worker.port, path) == (404, b"")


@pytest.mark.parametrize(
    "sent",
    [
        b"POST /healthz HTTP/1.1\r\nContent-Length: 9\r\n\r\nx",
        b"GARBAGE\r\n\r\n",
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /healthz HTTP/9.9\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\n" + b"X: y\r\n" * 300 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01",
    ],
    ids=["method", "garbage", "long", "version", "many headers", "TLS"],
)
def test_what_is_no_good_request_is_refused_with_its_status_alone(worker: Served, sent: bytes) -> None:
    answer = exchange(worker.port, sent, whole=False)
    assert answer.split(b" ")[1][:1] in (b"4", b"5")
    assert b"Python" not in answer
    assert answer.endswith(b"\r\n\r\n")


def test_several_requests_at_once_are_one(worker: Served) -> None:
    answer = exchange(worker.port, b"GET /healthz HTTP/1.1\r\n\r\n" * 3)
    assert answer.count(ALIVE) == 1


def test_the_oldest_of_too_many_gives_way(worker: Served) -> None:
    with open_many(worker.port, 1, b"GET /healthz HTTP/1.1\r\n") as [oldest], open_many(worker.port, 64):
        assert oldest.recv(1) == b""


def test_a_client_that_says_no_more_is_left(worker: Served) -> None:
    assert exchange(worker.port, b"GET /healthz HTTP/1.1\r\n") == b""


@pytest.mark.parametrize("sent", [b"", b"GET /healthz HTTP/1.1\r\nHost"], ids=["silent", "half a head"])
def test_300_half_open_connections_hold_up_nobody(worker: Served, sent: bytes) -> None:
    with open_many(worker.port, 300, sent):
        assert get(worker.port, "/healthz", seconds=5.0) == (200, ALIVE)


def test_many_at_once_are_all_answered(worker: Served) -> None:
    with ThreadPoolExecutor(20) as many:
        answers = set(many.map(lambda _: get(worker.port, "/healthz"), range(200)))
    assert answers == {(200, ALIVE)}


def test_alive_is_said_while_readiness_waits() -> None:
    with serve(HEALTH) as worker, ThreadPoolExecutor(1) as one:
        readiness = one.submit(get, worker.port, "/readyz")
        assert worker.said() == "asked"
        assert get(worker.port, "/healthz") == (200, ALIVE)
        assert not readiness.done()
        assert readiness.result()[0] == 503


def test_it_stops_whoever_is_connected_and_says_nothing_about_clients() -> None:
    with serve(HEALTH) as worker, open_many(worker.port, 3):
        exchange(worker.port, b"GET /secret?token=1 HTTP/1.1\r\n\r\n")
        worker.process.terminate()
        assert worker.process.wait(10) == 0
        assert worker.process.stderr
        assert worker.process.stderr.read() == ""


def test_port_in_use_is_said(worker: Served) -> None:
    command = [sys.executable, "-W", "ignore", "-m", HEALTH, str(worker.port)]
    taken = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (taken.returncode, "Address already in use" in taken.stderr) == (1, True)
