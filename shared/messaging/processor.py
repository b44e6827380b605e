"""Processes batches: one transaction, then the answers, then the ack; and isolates a message that fails."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout

from shared import db
from shared.amqp import Answers
from shared.errors import Unavailable
from shared.logs import describe
from shared.messaging.batch import Batch
from shared.messaging.message import RawMessage
from shared.messaging.outcome import Outcome, Overtaken, Park, Retry
from shared.metrics import BATCH_SECONDS, BATCH_SIZE, MESSAGES, PARKED_DROPPED

log = logging.getLogger(__name__)

_AGAIN = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected, Overtaken)
_ATTEMPTS = 20


class Consumer(Protocol):
    """What a queue's messages are given to, in the open transaction of their batch."""

    def take(self, batch: Batch, messages: Sequence[RawMessage]) -> None:
        """Do what the messages ask for; raise Retry or Park for a single one that cannot be done."""


class Processor:
    """Processes the batches of one queue. `committed` is called when a batch has written to the outbox."""

    def __init__(
        self,
        queue: str,
        consumer: Consumer,
        pool: db.Pool,
        answers: Answers,
        delays: Sequence[float],
        committed: Callable[[], None],
    ) -> None:
        self._queue = queue
        self._consumer = consumer
        self._pool = pool
        self._answers = answers
        self._delays = delays
        self._committed = committed

    def process(self, messages: Sequence[RawMessage]) -> None:
        """Process `messages`; when this returns, they may be acknowledged.

        Raises Unavailable where the database or the broker is away: then they are to be given again.
        """
        started = time.perf_counter()
        self._process(messages)
        BATCH_SIZE.labels(self._queue).observe(len(messages))
        BATCH_SECONDS.labels(self._queue).observe(time.perf_counter() - started)

    def _process(self, messages: Sequence[RawMessage]) -> None:
        try:
            batch = self._attempt(messages)
        except Unavailable:
            raise
        except Exception as exc:
            if is_unavailable(exc):
                raise Unavailable(describe(exc)) from exc
            self._isolate(messages, exc)
        else:
            self._finish(batch, len(messages))

    def _attempt(self, messages: Sequence[RawMessage]) -> Batch:
        """The batch, committed; run again where another transaction stood in its way."""
        for _ in range(_ATTEMPTS):
            try:
                return self._transaction(lambda batch: self._consumer.take(batch, messages), messages)
            except _AGAIN as exc:
                log.info("a batch of %s runs again: %s", self._queue, describe(exc))
        raise Unavailable(f"{_ATTEMPTS} attempts of a batch were overtaken")

    def _transaction(self, work: Callable[[Batch], None], messages: Sequence[RawMessage]) -> Batch:
        retried = [raw for raw in messages if raw.retry_id]
        with self._pool.connection() as conn, conn.transaction():
            batch = Batch(conn, self._queue, self._delays, retried)
            work(batch)
            batch.write()
        return batch

    def _finish(self, batch: Batch, taken: int) -> None:
        if batch.publishes:
            self._committed()
        self._answer(batch)
        PARKED_DROPPED.labels(self._queue).inc(batch.dropped)
        MESSAGES.labels(self._queue, "done").inc(taken - len(batch.kept))
        for raw, outcome in batch.kept:
            MESSAGES.labels(self._queue, "retry" if batch.is_retried(raw, outcome) else "reject").inc()
            which = {"correlation_id": raw.correlation_id, "attempts": raw.attempts + 1}
            log.warning("a message of %s is not done: %s", self._queue, outcome.cause, extra=which)

    def _answer(self, batch: Batch) -> None:
        """Send the answers. Raises Unavailable, so that all is processed again, where the broker is away."""
        for cause, count in Counter(self._answers.publish(batch.answers).values()).items():
            log.warning("%d answers of %s could not be sent: %s", count, self._queue, cause)
        if batch.has_unfinished_retries:
            try:
                with self._pool.connection() as conn:
                    batch.finish_retried(conn)
            except psycopg.OperationalError as exc:  # a pool's PoolTimeout is one
                raise Unavailable(describe(exc)) from exc

    def _isolate(self, messages: Sequence[RawMessage], exc: Exception) -> None:
        """Halve the batch down to the message that fails; the others are done."""
        if len(messages) > 1:
            middle = len(messages) // 2
            self._process(messages[:middle])
            self._process(messages[middle:])
            return
        self._keep(messages[0], exc)

    def _keep(self, raw: RawMessage, exc: Exception) -> None:
        outcome: Outcome = exc if isinstance(exc, Retry | Park) else Retry(describe(exc))
        try:
            batch = self._transaction(lambda batch: batch.keep(raw, outcome), [raw])
        except psycopg.OperationalError as trouble:
            raise Unavailable(describe(trouble)) from trouble
        self._finish(batch, 1)


def is_unavailable(exc: BaseException) -> bool:
    """True where the database is away, out of resources or locked: no message is to blame."""
    if isinstance(exc, PoolTimeout | PoolClosed):
        return True
    if not isinstance(exc, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    if exc.sqlstate in (None, "55P03"):
        return True
    return exc.sqlstate[:2] in ("08", "53", "57", "58") and exc.sqlstate != "57014"
