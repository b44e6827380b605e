"""The dependency that every service has: its database, its consumers, its relay and its readiness."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nameko.extensions import DependencyProvider

from shared import db, metrics
from shared.amqp import Answers, Publisher
from shared.logs import describe
from shared.messaging import Consumer, ConsumerFactory, Loop, Processor, RawMessage, Resources, topology
from shared.messaging.dead import DeadLetters
from shared.messaging.retries import Retries
from shared.messaging.watch import Watch
from shared.outbox.listener import Listener
from shared.outbox.relay import Relay
from shared.settings import service_settings
from shared.unit import Units

log = logging.getLogger(__name__)


class Backbone(DependencyProvider):  # type: ignore[misc]
    """Runs what is the same in all services.

    `consumers`: queue → what makes its consumer. `loops` are the service's own, each in a thread that ends
    soon after its event is set.
    """

    def __init__(self, consumers: Mapping[str, ConsumerFactory], loops: Sequence[Loop] = ()) -> None:
        self._factories = consumers
        self._loops = loops

    def setup(self) -> None:
        """Open the database, and make the processors."""
        name = self.container.service_name
        self.settings = service_settings(name)
        self.pool = db.open_pool(self.settings.database_url, name)
        self.relay = Relay(self.pool, self._publisher(), topology.is_mandatory)
        self.resources = Resources(self.settings, self.pool, Units(self.pool, self.relay.wake))
        consumers = {queue: make(self.resources) for queue, make in self._factories.items()}
        consumers[topology.dead_queue(name)] = DeadLetters()
        metrics.begin(consumers)
        # Two processors a queue, as each serves one thread: the consumer's own, and the one that retries.
        self._processors = {queue: self._processor(queue, c) for queue, c in consumers.items()}
        again = {queue: self._processor(queue, c).process for queue, c in consumers.items()}
        self.retries = Retries(self.pool, again, len(self.settings.retry_delays))
        self._stopping = threading.Event()
        self._watch = Watch(self.settings, self.pool, tuple(consumers))
        self._listener = Listener(self.settings.database_url, self.relay.wake)

    def start(self) -> None:
        """Start the relay, the retries and the service's own loops."""
        self._relaying = self._start(self.relay.run)
        loops = (self.retries.run, self._listen, *map(self._loop, self._loops))
        self._working = [self._start(body) for body in loops]

    def _start(self, body: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=lambda: self._keep_going(body), daemon=True)
        thread.start()
        return thread

    def _keep_going(self, body: Callable[[], None]) -> None:
        """Run a loop to its end, again after whatever it did not expect: nobody would notice its death."""
        while True:
            try:
                return body()
            except Exception as exc:
                log.error("a loop of this service begins again: %s", describe(exc))
                if self._stopping.wait(1):
                    return None

    def stop(self) -> None:
        """Let whoever still publishes end, publish it, then let go of everything."""
        self._stopping.set()
        self.retries.stop()
        for thread in self._working:
            thread.join(timeout=10)
        self.relay.stop()
        self._relaying.join(timeout=15)
        self.pool.close()

    def get_dependency(self, _worker_ctx: Any) -> Backbone:
        """The worker sees the backbone itself."""
        return self

    def process(self, messages: list[RawMessage]) -> None:
        """Process one batch, all of one queue."""
        self._processors[messages[0].queue].process(messages)

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Whether this service does its work, as its database and the broker see it; and the facts."""
        return self._watch.ready()

    def measure(self) -> None:
        """Bring the gauges up to date, for whoever reads the metrics."""
        self._watch.measure()

    def _publisher(self) -> Publisher:
        return Publisher(self.settings.amqp_url, self.settings.user)

    def _processor(self, queue: str, consumer: Consumer) -> Processor:
        delays, wake = self.settings.retry_delays, self.relay.wake
        answers = Answers(self.settings.amqp_url, self.settings.user)
        return Processor(queue, consumer, self.pool, answers, delays, wake)

    def _listen(self) -> None:
        self._listener.run(self._stopping)

    def _loop(self, loop: Loop) -> Callable[[], None]:
        return lambda: loop(self.resources, self._stopping)
