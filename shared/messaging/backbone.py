"""The dependency that every service has: its database, its consumers, its relay and its readiness."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from kombu import Connection
from nameko.extensions import DependencyProvider

from shared import db, metrics
from shared.amqp.publisher import Publisher
from shared.logs import describe
from shared.messaging import topology, towns
from shared.messaging.dead import Dead
from shared.messaging.message import Delivery
from shared.messaging.processor import Consumer, Processor
from shared.messaging.resources import Consumers, Resources, Task
from shared.messaging.retries import Retries
from shared.outbox import QUERIES
from shared.outbox.relay import Relay
from shared.settings import ServiceSettings, service_settings
from shared.web import App, make_app

log = logging.getLogger(__name__)


class Backbone(DependencyProvider):  # type: ignore[misc]
    """Runs what is the same in all services.

    `consumers` makes the table queue → consumer. `tasks` are the service's own loops, each a thread that
    ends soon after its event is set.
    """

    def __init__(self, consumers: Consumers, *tasks: Task) -> None:
        self._consumers = consumers
        self._tasks = tasks

    def setup(self) -> None:
        """Open the database, and make the processors."""
        name = self.container.service_name
        self.settings = service_settings(name)
        self.pool = db.open_pool(self.settings.database_url, name)
        self.relay = Relay(self.pool, self._publisher(), topology.is_mandatory)
        self.resources = Resources(self.settings, self.pool, self.relay.wake)
        consumers = {**self._consumers(self.resources), f"{name}.dead": Dead()}
        self.queues = tuple(consumers)
        self._processors = {queue: self._processor(queue, c) for queue, c in consumers.items()}
        again = {queue: self._processor(queue, c).process for queue, c in consumers.items()}
        self.retries = Retries(self.pool, again, len(self.settings.retry_delays))
        self._stopping = threading.Event()
        self._watch = Watch(self.settings, self.pool, self.queues)

    def start(self) -> None:
        """Start the relay, the retries and the service's own tasks."""
        self._relaying = self._start(self.relay.run)
        self._working = [self._start(body) for body in (self.retries.run, *map(self._task, self._tasks))]

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
        """Let whoever still tells something end, publish it, then let go of everything."""
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

    def process(self, deliveries: list[Delivery]) -> None:
        """Take one batch, all of one queue."""
        self._processors[deliveries[0].queue].process(deliveries)

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
        return Processor(queue, consumer, self.pool, self._publisher(), delays, wake)

    def _task(self, task: Task) -> Callable[[], None]:
        return lambda: task(self.resources, self._stopping)


def without_pages(*gauges: Callable[[db.Pool], None]) -> Callable[[Mapping[str, Any]], App]:
    """Makes the HTTP application of a service that has no pages: health, readiness and metrics.

    `gauges` bring the service's own gauges up to date, before the metrics are read.
    """

    def build(providers: Mapping[str, Any]) -> App:
        backbone: Backbone = providers["backbone"]

        def measure() -> None:
            backbone.measure()
            for gauge in gauges:
                gauge(backbone.pool)

        return make_app(ready=backbone.ready, measure=measure)

    return build


@contextmanager
def closing_at_once(url: str) -> Iterator[Any]:
    """A channel for a few questions. The broker may be stuck: nothing is waited for longer than 3 s."""
    connection = Connection(url, connect_timeout=3)
    try:
        channel = connection.default_channel
        channel.connection.transport.sock.settimeout(3)
        yield channel
    finally:
        connection.collect()


class Watch:
    """Looks at a service from outside: the broker knows whether its consumers are alive, they do not."""

    def __init__(self, settings: ServiceSettings, pool: db.Pool, queues: tuple[str, ...]) -> None:
        self._settings = settings
        self._pool = pool
        self._queues = queues
        self._lock = threading.Lock()

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """True where the database answers and the broker sees a consumer on each queue."""
        facts: dict[str, Any] = {"database": "away", "broker": "away", "towns": {}}
        try:
            with self._pool.connection(timeout=3) as conn:
                facts["towns"] = towns.versions(conn)
            facts["database"] = "ok"
            deaf = [queue for queue, (_, consumers) in self._look().items() if not consumers]
            facts["broker"] = f"no consumer on {', '.join(deaf)}" if deaf else "ok"
        except Exception as exc:
            log.warning("not ready: %s", describe(exc))
        if not facts["towns"]:
            facts["town"] = "no town is configured yet: vigie town apply DIR, or with --again"
        return facts["database"] == facts["broker"] == "ok" and bool(facts["towns"]), facts

    def measure(self) -> None:
        """Set the gauges; those that cannot be read keep their last value."""
        try:
            self._measure_tables()
            for queue, (depth, consumers) in self._look().items():
                metrics.QUEUE_DEPTH.labels(queue).set(depth)
                metrics.QUEUE_CONSUMERS.labels(queue).set(consumers)
        except Exception as exc:
            log.warning("gauges are not up to date: %s", describe(exc))

    def _measure_tables(self) -> None:
        with self._pool.connection(timeout=3) as conn:
            rows, age, held = conn.execute(QUERIES["outbox_state"]).fetchone()  # type: ignore[misc]
            retry, parked = conn.execute(QUERIES["waiting_count"]).fetchone()  # type: ignore[misc]
        metrics.OUTBOX_ROWS.set(rows)
        metrics.OUTBOX_AGE.set(age)
        metrics.OUTBOX_BACK.set(held)
        metrics.RETRY_ROWS.set(retry)
        metrics.PARKED_ROWS.set(parked)

    def _look(self) -> dict[str, tuple[int, int]]:
        """Queue → messages ready and consumers, as the broker counts them."""
        with self._lock, closing_at_once(self._settings.amqp_url) as channel:
            seen = {queue: channel.queue_declare(queue, passive=True) for queue in self._queues}
        return {queue: (ok.message_count, ok.consumer_count) for queue, ok in seen.items()}
