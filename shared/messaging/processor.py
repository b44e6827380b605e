"""Runs batches: one transaction, then the answers, then the ack; and finds the message that breaks one."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout

from shared import db
from shared.amqp.publisher import Publisher
from shared.errors import Unavailable
from shared.logs import describe
from shared.messaging.batch import Batch, Outcome
from shared.messaging.message import Delivery
from shared.messaging.outcomes import Overtaken, Reject, Retry
from shared.metrics import BATCH_SECONDS, BATCH_SIZE, MESSAGES

log = logging.getLogger(__name__)

_AGAIN = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected, Overtaken)
_ATTEMPTS = 20


class Consumer(Protocol):
    """What a queue's messages are handed to, in the open transaction of their batch."""

    def take(self, batch: Batch, deliveries: Sequence[Delivery]) -> None:
        """Do what the messages ask for; raise Retry or Reject for a single one that cannot be done."""


class Processor:
    """Takes the batches of one queue."""

    def __init__(
        self,
        queue: str,
        consumer: Consumer,
        pool: db.Pool,
        replies: Publisher,
        delays: Sequence[float],
        committed: Callable[[], None],
    ) -> None:
        self._queue = queue
        self._consumer = consumer
        self._pool = pool
        self._replies = replies
        self._delays = delays
        self._committed = committed

    def process(self, deliveries: Sequence[Delivery]) -> None:
        """Take `deliveries`; when this returns, they may be acknowledged.

        Raises Unavailable where the database or the broker is away: then they are to be given again.
        """
        started = time.perf_counter()
        self._process(deliveries)
        BATCH_SIZE.labels(self._queue).observe(len(deliveries))
        BATCH_SECONDS.labels(self._queue).observe(time.perf_counter() - started)

    def _process(self, deliveries: Sequence[Delivery]) -> None:
        try:
            batch = self._attempt(deliveries)
        except Unavailable:
            raise
        except Exception as exc:
            if is_unavailable(exc):
                raise Unavailable(describe(exc)) from exc
            self._isolate(deliveries, exc)
        else:
            self._finish(batch, len(deliveries))

    def _attempt(self, deliveries: Sequence[Delivery]) -> Batch:
        """The batch, committed; run again where another transaction stood in its way."""
        for _ in range(_ATTEMPTS):
            try:
                return self._transaction(lambda batch: self._consumer.take(batch, deliveries), deliveries)
            except _AGAIN as exc:
                log.info("a batch of %s runs again: %s", self._queue, describe(exc))
        raise Unavailable(f"{_ATTEMPTS} attempts of a batch were overtaken")

    def _transaction(self, work: Callable[[Batch], None], deliveries: Sequence[Delivery]) -> Batch:
        with self._pool.connection() as conn, conn.transaction():
            batch = Batch(conn, self._queue, self._delays, finished=[d for d in deliveries if d.retry_id])
            work(batch)
            aside = {id(delivery) for delivery, _ in batch.set_aside}
            batch.finished = [d for d in batch.finished if id(d) not in aside]
            batch.write()
        return batch

    def _finish(self, batch: Batch, taken: int) -> None:
        if batch.tellings:
            self._committed()
        self._answer(batch)
        aside = len(batch.set_aside)
        MESSAGES.labels(self._queue, "done").inc(taken - aside)
        for delivery, outcome in batch.set_aside:
            MESSAGES.labels(self._queue, _counted(batch, delivery, outcome)).inc()
            which = {"correlation_id": delivery.correlation_id, "attempts": delivery.attempts + 1}
            log.warning("a message of %s is put aside: %s", self._queue, outcome.cause, extra=which)

    def _answer(self, batch: Batch) -> None:
        """Send the answers. Where the broker does not say that it has them, all comes again for the same."""
        for cause in self._replies.publish(batch.replies).values():
            log.warning("an answer of %s could not be sent: %s", self._queue, cause)
        if batch.replies and batch.finished:
            try:
                with self._pool.connection() as conn:
                    batch.let_go(conn)
            except psycopg.OperationalError as exc:  # a pool's PoolTimeout is one
                raise Unavailable(describe(exc)) from exc

    def _isolate(self, deliveries: Sequence[Delivery], exc: Exception) -> None:
        """Halve the batch down to the message that breaks it; the others pay nothing."""
        if len(deliveries) > 1:
            middle = len(deliveries) // 2
            self._process(deliveries[:middle])
            self._process(deliveries[middle:])
            return
        self._set_aside(deliveries[0], exc)

    def _set_aside(self, delivery: Delivery, exc: Exception) -> None:
        outcome: Outcome = exc if isinstance(exc, Retry | Reject) else Retry(describe(exc))
        try:
            batch = self._transaction(lambda batch: batch.set_aside.append((delivery, outcome)), [delivery])
        except psycopg.OperationalError as trouble:
            raise Unavailable(describe(trouble)) from trouble
        self._finish(batch, 1)


def _counted(batch: Batch, delivery: Delivery, outcome: Outcome) -> str:
    """A retry for which no attempt is left has been parked."""
    return "retry" if isinstance(outcome, Retry) and batch.may_retry(delivery) else "reject"


def is_unavailable(exc: BaseException) -> bool:
    """True where the database is away, out of resources or locked: no message is to blame."""
    if isinstance(exc, PoolTimeout | PoolClosed):
        return True
    if not isinstance(exc, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    if exc.sqlstate in (None, "55P03"):
        return True
    return exc.sqlstate[:2] in ("08", "53", "57", "58") and exc.sqlstate != "57014"
