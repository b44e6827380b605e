"""The web server in front by its documented file, before gunicorn: what the public can do, and how slowly."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.integration.http.clients import drip, exchange, get, open_many, post
from tests.integration.http.conftest import Served
from tests.integration.http.front import nginx, written

SIZE = "/photos/size"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where nginx has its files."""
    return tmp_path_factory.mktemp("nginx")


@pytest.fixture(scope="module")
def front(served: Served, folder: Path) -> Iterator[int]:
    """The port of the web server in front."""
    with nginx(served.port, folder) as port:
        yield port


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nothing", "/suiviz"])
def test_nothing_but_pages_and_photos_is_public(front: int, path: str) -> None:
    status, body = get(front, path)
    assert (status, b"nginx" in body) == (404, True)


def test_pages_and_photos_go_through(front: int, folder: Path) -> None:
    assert get(front, "/suivi/1") == (200, b"page 1")
    assert post(front, SIZE, b"x" * 1_000_000) == (200, b"1000000")
    assert written(folder) == [], "neither a body nor an answer is written to the disk"


def test_answer_larger_than_its_buffers_goes_through(front: int, folder: Path) -> None:
    status, body = get(front, "/suivi/large")
    assert (status, len(body)) == (200, 64 << 20)
    assert written(folder) == []


def test_50_megabytes_are_refused_and_the_client_can_read_why(front: int) -> None:
    status, body = post(front, SIZE, b"x" * 50_000_000)
    assert (status, b"too_large" in body) == (413, True)


@pytest.mark.parametrize("path", ["/suivi/1", "/static/x.css"])
def test_pages_take_no_body(front: int, path: str) -> None:
    assert post(front, path, b"x" * 100_000)[0] in (405, 413)


@pytest.mark.parametrize("framing", [b"%x\r\n%s\r\n0\r\n\r\n", b"%.0s%s"], ids=["chunk", "no chunk"])
def test_chunked_is_refused_and_nothing_after_it_is_taken_for_a_request(front: int, framing: bytes) -> None:
    hidden = b"GET /suivi/hidden HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    sent = b"POST /photos/size HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    size = len(hidden) if framing.startswith(b"%x") else b""
    answer = exchange(front, sent + framing % (size, hidden))
    # A body in chunks that has come whole with its head is handed on with its length.
    assert answer.startswith(b"HTTP/1.1 4") or answer.endswith(b"\r\n\r\n%d" % len(hidden))
    assert b"page hidden" not in answer


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
def test_unclear_framing_is_refused(front: int, headers: bytes) -> None:
    head = b"POST /photos/size HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers
    answer = exchange(front, head + b"\r\n\r\nabc")
    assert answer.split(b" ")[1][:1] == b"4"
    assert b"Python" not in answer


def test_headers_that_drip_are_cut_off(front: int) -> None:
    assert drip(front, b"GET /suivi/1 HTTP/1.1\r\n", b"X: y\r\n" * 1000) == b""


def test_body_that_drips_is_cut_off(front: int) -> None:
    head = b"POST /photos/size HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n"
    assert drip(front, head, b"z" * 9000).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(
    "sent", [b"", b"GET /suivi/1 HTTP/1.1\r\nHost: x\r\n"], ids=["silent", "half a head"]
)
def test_300_half_open_connections_hold_up_nobody(front: int, sent: bytes) -> None:
    with open_many(front, 300, sent):
        assert get(front, "/suivi/1", seconds=5.0) == (200, b"page 1")


def test_one_address_has_so_many_requests_at_once_and_no_more(front: int) -> None:
    with ThreadPoolExecutor(60) as many:
        answers = list(many.map(lambda _: get(front, "/suivi/slow", 30)[0], range(60)))
    assert set(answers) == {200, 429}
    assert answers.count(429) <= 20
    assert get(front, "/suivi/1") == (200, b"page 1")


def test_nothing_is_written_about_clients(front: int, folder: Path) -> None:
    exchange(front, b"GARBAGE\r\n\r\n")
    assert get(front, "/suivi/secret?token=1")[0] == 200
    assert written(folder) == []
