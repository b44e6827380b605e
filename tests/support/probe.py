"""A service for tests: the plumbing of a real one around `tests.support.behaviours`.

Run as `python -m tests.support.probe`, with routing's settings. Facts come to `routing.events`, requests
to `routing.actions`.
"""

from __future__ import annotations

from shared.run.__main__ import serve  # isort: skip (patches the standard library before anything else)

import os
import threading
import time
from collections.abc import Callable, Mapping

import psycopg

from shared.messaging.backbone import Backbone
from shared.messaging.entrypoint import consume
from shared.messaging.message import Delivery
from shared.messaging.processor import Consumer
from shared.messaging.resources import Resources
from shared.run import green
from tests.support.behaviours import facts, requests


def consumers(_: Resources) -> Mapping[str, Consumer]:
    """Queue → consumer."""
    return {"routing.events": facts(), "routing.actions": requests()}


class Service:
    """As any service has it."""

    name = "routing"
    backbone = Backbone(consumers)

    @consume("routing.events")
    def events(self, deliveries: list[Delivery]) -> None:
        """Facts."""
        self.backbone.process(deliveries)

    @consume("routing.actions")
    def actions(self, deliveries: list[Delivery]) -> None:
        """Requests."""
        self.backbone.process(deliveries)

    @consume("routing.dead")
    def dead(self, deliveries: list[Delivery]) -> None:
        """What the broker gave up delivering."""
        self.backbone.process(deliveries)


def print_ratio() -> None:
    """How much longer ten green threads wait in the database than one does."""
    with psycopg.connect(os.environ["ROUTING_DATABASE_URL"]) as conn:
        serial = _seconds(lambda: conn.execute("select pg_sleep(0.2)"))
    threads = [threading.Thread(target=_sleep_there) for _ in range(10)]
    print("ratio", _seconds(lambda: _run(threads)) / serial, flush=True)


def _sleep_there() -> None:
    with psycopg.connect(os.environ["ROUTING_DATABASE_URL"]) as conn:
        conn.execute("select pg_sleep(0.2)")


def _run(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


if __name__ == "__main__":
    if not os.environ.get("NOT_GREEN"):
        green.install()
    if os.environ.get("GREEN_RATIO"):
        print_ratio()
    else:
        serve("routing", Service, int(os.environ.get("PATIENCE", "28")))
