"""A small application on the real server, for the tests: prints its port, ends at SIGTERM.

Its addresses are among those that the web server in front lets through.
"""

from __future__ import annotations

import os
import sys
import threading
import time

from flask import Blueprint, Flask, Response, request

from deploy.local import ports
from shared.health import Health
from shared.web import body_limit, connection, create_app, gthread, serving

gthread.HEAD_SECONDS = 1.5
connection.BODY_SECONDS = 3.0
connection.BODY_GRACE_SECONDS = 1.5
connection.BODY_BYTES_PER_SECOND = 1 << 20
connection.ANSWER_SECONDS = 1.5
gthread.WAITING = 100

RELEASED = threading.Event()

pages = Blueprint("tests", __name__)


@pages.post("/photos/size")
@body_limit(1_000_000)
def size() -> Response:
    """The number of bytes received."""
    return Response(str(len(request.get_data())))


@pages.post("/photos/unread")
@body_limit(1_000_000)
def unread() -> Response:
    """Leaves the body where it is."""
    return Response("unread")


@pages.get("/suivi/<token>")
def show(token: str) -> Response:
    """A page."""
    return Response(f"page {token}")


@pages.get("/suivi/slow")
def slow() -> Response:
    """Takes a second."""
    _say("slow")
    time.sleep(1)
    return Response("done")


@pages.get("/suivi/held")
def held() -> Response:
    """Waits until somebody has asked for the metrics."""
    _say("held")
    RELEASED.wait(60)
    return Response("done")


@pages.get("/suivi/large")
def large() -> Response:
    """More than any buffer between the server and a client holds."""
    _say("large")
    return Response(b"x" * (64 << 20))


def _say(word: str) -> None:
    os.write(1, f"{word}\n".encode())  # at once, whichever thread says it


def main(port: int) -> None:
    """Serve until SIGTERM, then stop cleanly."""

    def make() -> Flask:
        _say(str(port))
        return create_app(pages, health=Health(measure=RELEASED.set))

    serving.serve(make, ("127.0.0.1", port), "tests")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ports.pick(set()))
