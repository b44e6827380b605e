"""A small application on the real server, for the tests: prints its port, ends at SIGTERM."""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import signal  # noqa: E402
import time  # noqa: E402

from werkzeug import Response  # noqa: E402

from shared.web import Request, Route, make_app, server  # noqa: E402

server.IDLE_SECONDS = 1.0
server.HEADER_SECONDS = 0.5
server.BODY_SECONDS = 1.5
server.CONNECTIONS = 20


def size(request: Request) -> Response:
    """The number of bytes received."""
    return Response(str(len(request.get_data())))


def slow(request: Request) -> Response:
    """Takes a second."""
    print("slow", flush=True)
    time.sleep(1)
    return Response("done")


def main() -> None:
    """Serve until SIGTERM, then stop cleanly."""
    app = make_app([Route("/size", size, ("POST",), 1_000_000), Route("/slow", slow)])
    running = server.Server(app, ("127.0.0.1", 0))
    running.start()
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number))
    print(running.address[1], flush=True)
    while not asked:
        time.sleep(0.05)
    running.stop(5)


if __name__ == "__main__":
    main()
