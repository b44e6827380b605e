"""Whether a service does its work, as its database and the broker see it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from amqp.exceptions import NotFound

from shared import db, metrics, outbox, towns
from shared.amqp.connections import connection_to
from shared.logs import describe
from shared.messaging.store import retry
from shared.settings import ServiceSettings

log = logging.getLogger(__name__)


@contextmanager
def closing_at_once(url: str) -> Iterator[Any]:
    """A channel for a few questions. The broker may be stuck: nothing is waited for longer than 3 s."""
    connection = connection_to(url, connect_timeout=3)
    try:
        channel = connection.default_channel
        channel.connection.transport.sock.settimeout(3)
        yield channel
    finally:
        connection.collect()


def lengths(url: str, queues: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Queue → messages ready and consumers, of those that are there.

    A passive declaration tells. Since RabbitMQ 4.3 the user must have some right on the queue.
    """
    found: dict[str, tuple[int, int]] = {}
    with closing_at_once(url) as channel:
        connection = channel.connection
        for queue in queues:
            channel = channel if channel.is_open else connection.channel()
            try:
                seen = channel.queue_declare(queue, passive=True)
            except NotFound:
                continue
            found[queue] = seen.message_count, seen.consumer_count
    return found


class Watch:
    """Looks at a service from outside: the broker knows whether its consumers are alive, they do not."""

    def __init__(self, settings: ServiceSettings, pool: db.Pool, queues: Sequence[str]) -> None:
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
            state, (retried, parked) = outbox.state(conn), retry.waiting(conn)
        metrics.OUTBOX_ROWS.set(state.rows)
        metrics.OUTBOX_AGE.set(state.age)
        metrics.OUTBOX_BACK.set(state.held)
        metrics.RETRY_ROWS.set(retried)
        metrics.PARKED_ROWS.set(parked)

    def _look(self) -> dict[str, tuple[int, int]]:
        """Queue → messages ready and consumers, as the broker counts them."""
        with self._lock, closing_at_once(self._settings.amqp_url) as channel:
            seen = {queue: channel.queue_declare(queue, passive=True) for queue in self._queues}
        return {queue: (ok.message_count, ok.consumer_count) for queue, ok in seen.items()}
