"""How long a report takes, offered at a steady rate whatever becomes of it (an open loop).

Measured from the moment at which a report was to be sent, not from when the sender got round to it: a
system that stalls cannot hide behind a sender that waits with it (coordinated omission).
"""

from __future__ import annotations

import math
import select
import time
from collections.abc import Sequence
from dataclasses import dataclass

import amqp
import orjson

from deploy.local import wait
from tests.load import broker
from tests.load.counts import Books
from tests.load.submissions import Submission, submissions
from tests.load.world import Contender, Fleet, World, plainly

_PATIENCE = 30.0
_SETTLE = 2.0  # seconds at the same rate before those that count


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds at `rate` reports a second: from submission to the desk, and to the receipt."""

    rate: int
    reports: int
    p50: float
    p99: float
    receipt_p50: float
    receipt_p99: float


class Stopwatch:
    """Sends submissions at their times, and notes when their receipts and their desks' messages come."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._front = broker.connect(world.values["FRONT_AMQP_URL"])
        self._user = broker.user(world.values["FRONT_AMQP_URL"])
        self._channel = self._front.channel()
        self._channel.auto_decode = False
        self._channel.basic_consume(broker.REPLY_TO, no_ack=True, callback=self._receipt)
        self._desk = broker.connect(world.amqp_url)
        self.began: dict[str, float] = {}
        self.answered: dict[str, float] = {}
        self.routed: dict[str, float] = {}

    def listen(self, queues: Sequence[str]) -> None:
        """Take what comes to these desks."""
        channel = self._desk.channel()
        channel.auto_decode = False
        for queue in queues:
            channel.basic_consume(queue, no_ack=True, callback=self._on_desk)

    def send(self, made: Sequence[Submission], rate: float) -> None:
        """Send one every 1/`rate` seconds, taking what comes in between."""
        start = time.monotonic() + 0.05
        for position, submission in enumerate(made):
            due = start + position / rate
            while (left := due - time.monotonic()) > 0:
                self.take(left)
            self.began[submission.id] = due
            body, properties = plainly(submission)
            message = broker.message(body, self._user, properties)
            self._channel.basic_publish(message, "citizen.in", "gentilly.submission")

    def take(self, seconds: float) -> None:
        """Take what comes next, waiting for it so long at the most."""
        sockets = {connection.sock: connection for connection in (self._front, self._desk)}
        ready, _, _ = select.select(list(sockets), [], [], seconds)
        for socket in ready:
            sockets[socket].drain_events(timeout=5)

    def close(self) -> None:
        """Let go of the connections."""
        self._front.collect()
        self._desk.collect()

    def _receipt(self, message: amqp.Message) -> None:
        now = time.monotonic()
        if broker.ACCEPTED in message.body:
            self.answered[message.properties["correlation_id"]] = now

    def _on_desk(self, message: amqp.Message) -> None:
        now = time.monotonic()
        self.routed[orjson.loads(message.body)["correlationid"]] = now
        self._world.taken[f"desk.{message.delivery_info['routing_key']}"] += 1


def measure(contender: Contender, world: World, rate: int, seconds: float, seed: int) -> Latency:
    """Offer `rate` reports a second for `seconds`. Raises RuntimeError where some never come."""
    with Fleet(contender, world) as fleet, Books(world) as books:
        watch = Stopwatch(world)
        try:
            watch.listen(books.desks())
            return _measure(fleet, world, books, watch, rate, seconds, seed)
        finally:
            watch.close()


def _measure(
    fleet: Fleet, world: World, books: Books, watch: Stopwatch, rate: int, seconds: float, seed: int
) -> Latency:
    made = list(submissions(int(rate * (seconds + _SETTLE)), seed))
    watch.send(made, rate)
    world.sent += len(made)
    world.citizens += len({submission.email for submission in made})

    def finished() -> bool:
        watch.take(0.01)
        return len(watch.answered) == len(made) and not books.missing() and books.desks_agree()

    if not wait.until(finished, _PATIENCE):
        answered = f"{len(watch.answered)} of {len(made)} answered"
        raise RuntimeError(f"{answered}, short of {books.missing()}; {fleet.logs()}")
    world.receipts += len(watch.answered)
    counted = [submission.id for submission in made[int(rate * _SETTLE) :]]
    return _latency(rate, counted, watch)


def _latency(rate: int, counted: Sequence[str], watch: Stopwatch) -> Latency:
    routed = [watch.routed[i] - watch.began[i] for i in counted if i in watch.routed]
    answered = [watch.answered[i] - watch.began[i] for i in counted]
    return Latency(
        rate,
        len(routed),
        percentile(routed, 0.50),
        percentile(routed, 0.99),
        percentile(answered, 0.50),
        percentile(answered, 0.99),
    )


def percentile(seconds: Sequence[float], share: float) -> float:
    """In milliseconds, of values in seconds: the smallest that `share` of them do not exceed."""
    return round(1000 * sorted(seconds)[math.ceil(len(seconds) * share) - 1], 1)
