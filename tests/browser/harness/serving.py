"""Serves a Flask application for as long as tests look at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

from deploy.local import ports


@contextmanager
def served(app: Flask, port: int | None = None) -> Iterator[str]:
    """The address at which it answers."""
    port = port or ports.pick(set())
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
