"""The plumbing without a process around it: batches of real messages, processed in the test itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kombu import Connection

from shared import db
from shared.amqp import Answers, Publisher, properties
from shared.contracts.envelope import Event
from shared.messaging import Batch, Consumer, Message, Processor, RawMessage
from tests.support import behaviours
from tests.support.probing import Probe
from tests.support.system import wait_until

DELAYS = (1.0, 3.0, 9.0)


class Lab:
    """Works on the vhost and the database of a probe that is not running."""

    def __init__(self, probe: Probe) -> None:
        properties.install()
        self.probe = probe
        self.pool = db.open_pool(probe.url, "lab")
        self.pool.wait()
        self._publishers: list[Publisher] = []
        self.answers = Answers(probe.values["ROUTING_AMQP_URL"], "vigie-routing")
        self.woken = 0

    def close(self) -> None:
        """Let go of everything."""
        self.answers.close()
        for publisher in self._publishers:
            publisher.close()
        self.pool.close()

    def publisher(self, timeout: float = 10) -> Publisher:
        """A connection for publishing as routing, closed with the lab."""
        self._publishers.append(Publisher(self.probe.values["ROUTING_AMQP_URL"], "vigie-routing", timeout))
        return self._publishers[-1]

    def processor(self, consumer: Consumer, queue: str = "routing.events") -> Processor:
        """A processor as the backbone makes it."""
        return Processor(queue, consumer, self.pool, self.answers, DELAYS, self._wake)

    def fetch(self, queue: str, count: int) -> list[RawMessage]:
        """Take messages from a queue as a service's consumer sees them, once so many have come."""
        wait_until(lambda: self.probe.depth(queue) >= count, what=f"{queue} holds {count}")
        with Connection(self.probe.values["ADMIN_AMQP_URL"]) as connection:
            channel = connection.default_channel
            channel.auto_decode = False
            found = [channel.basic_get(queue, no_ack=True) for _ in range(count)]
        assert all(found), f"{queue} held fewer than {count} messages"
        return [RawMessage(queue, m.body or b"", m.properties) for m in found]

    def take_requests(self, count: int) -> None:
        """Answer what has come to `routing.actions`, in one batch."""
        deliveries = self.fetch("routing.actions", count)
        self.processor(behaviours.requests(), "routing.actions").process(deliveries)

    def take_facts(self, deliveries: Sequence[RawMessage]) -> None:
        """Take facts in one batch, as the probe would."""
        self.processor(behaviours.facts()).process(deliveries)

    def table(self, name: str) -> list[dict[str, Any]]:
        """All rows of a table, as the columns are named."""
        rows = self.probe.rows(f"select row_to_json(t) from {name} t")
        return [row for (row,) in rows]

    def _wake(self) -> None:
        self.woken += 1


class Calls:
    """A consumer that hands the whole batch to a function."""

    def __init__(self, work: Callable[[Batch, Sequence[RawMessage]], object]) -> None:
        self._work = work

    def take(self, batch: Batch, deliveries: Sequence[RawMessage]) -> None:
        """Call the function."""
        self._work(batch, deliveries)


def delivery(event: Event, sender: str = "vigie-intake", **more: Any) -> RawMessage:
    """An event as it comes to `routing.events`."""
    return RawMessage("routing.events", event.encode(), {"user_id": sender, "type": event.type} | more)


def note(batch: Batch, messages: Sequence[Message]) -> None:
    """An effect for each message."""
    behaviours.take(batch, list(messages))


@contextmanager
def lab(probe: Probe) -> Iterator[Lab]:
    """A lab; it is closed in the end."""
    own = Lab(probe)
    try:
        yield own
    finally:
        own.close()
