"""A page that takes 300 ms of processor, served as every page is: `python -m tests.load.slow_page PORT`."""

from __future__ import annotations

import sys
import time

from flask import Blueprint, Flask, Response

from shared.web import create_app, serving

SECONDS = 0.3  # of processor
PATH = "/slow"

pages = Blueprint("slow_page", __name__)


@pages.get(PATH)
def slow() -> Response:
    """Counts until its time is spent, as a page full of Python would."""
    began, counted = time.thread_time(), 0
    while time.thread_time() - began < SECONDS:
        counted += 1
    return Response(str(counted))


def make() -> Flask:
    """The application."""
    return create_app(pages)


if __name__ == "__main__":
    serving.serve(make, ("127.0.0.1", int(sys.argv[1])), "slow-page")
