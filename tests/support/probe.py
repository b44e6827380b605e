"""A service for tests: the plumbing of a real one around `tests.support.behaviours`.

Run as `python -m tests.support.probe`, with routing's settings. Facts come to `routing.events`, requests
to `routing.actions`.
"""

from __future__ import annotations

from shared.run.__main__ import serve  # isort: skip (patches the standard library before anything else)

import os
import threading
from collections.abc import Mapping

import psycopg

from shared.messaging import ConsumerFactory, RawMessage
from shared.outbox.relay import Relay
from shared.run import green
from shared.run.backbone import Backbone
from shared.run.consumer import consume
from tests.support import behaviours

CONSUMERS: Mapping[str, ConsumerFactory] = {
    "routing.events": lambda _: behaviours.facts(),
    "routing.actions": lambda _: behaviours.requests(),
}


class Service:
    """As any service has it."""

    name = "routing"
    backbone = Backbone(CONSUMERS)

    @consume("routing.events")
    def events(self, deliveries: list[RawMessage]) -> None:
        """Facts."""
        self.backbone.process(deliveries)

    @consume("routing.actions")
    def actions(self, deliveries: list[RawMessage]) -> None:
        """Requests."""
        self.backbone.process(deliveries)

    @consume("routing.dead")
    def dead(self, deliveries: list[RawMessage]) -> None:
        """What the broker gave up delivering."""
        self.backbone.process(deliveries)


def print_queue(number: int) -> None:
    """Let `number` green threads wait for one lock; print how many waited behind each that got it."""
    behind: list[int] = []
    threads = [threading.Thread(target=_wait_for_lock, args=(behind,)) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("behind", *behind, flush=True)


def _wait_for_lock(behind: list[int]) -> None:
    with psycopg.connect(os.environ["ROUTING_DATABASE_URL"]) as conn:
        conn.execute("select pg_advisory_xact_lock(1)")
        behind += conn.execute(behaviours.WAITING).fetchone() or ()


if __name__ == "__main__":
    if os.environ.get("RELAY_POLL"):
        Relay.run.__defaults__ = (float(os.environ["RELAY_POLL"]),)
    if not os.environ.get("NOT_GREEN"):
        green.install()
    if os.environ.get("WAITERS"):
        print_queue(int(os.environ["WAITERS"]))
    else:
        serve("routing", Service, int(os.environ.get("PATIENCE", "28")))
