"""The second way in: messages whose time to be tried again has come, and what has been parked too long."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from shared import db
from shared.errors import Unavailable
from shared.logs import describe
from shared.messaging.message import Delivery
from shared.metrics import MESSAGES
from shared.outbox import QUERIES

log = logging.getLogger(__name__)

_KEPT = {"parked_expire": "30 days", "look_expire": "1 year", "inbox_forget": "400 days"}
_CLEANING = 3600.0
_NO_QUEUE = "no such queue any longer"
_NEVER_FINISHED = "taken again and again without an end: its handler kills the process or hangs"


class Retries:
    """Gives due messages to the processor of their queue, one by one, so that none stands in another's way.

    A message counts as tried from the moment it is taken. So one that kills the process is parked as well,
    when it has been taken once more than the `attempts` that it has.
    """

    def __init__(
        self, pool: db.Pool, process: Mapping[str, Callable[[list[Delivery]], None]], attempts: int
    ) -> None:
        self._pool = pool
        self._process = process
        self._attempts = attempts
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End `run` after the message in work."""
        self._stopping.set()

    def run(self, poll: float = 0.5) -> None:
        """Look for due messages every `poll` seconds until stopped; clean up once an hour in any case."""
        cleaned = time.monotonic() - _CLEANING
        while not self._stopping.wait(poll):
            _goes(self.take_due, "retries wait")
            now = time.monotonic()
            if now - cleaned >= _CLEANING and _goes(self.clean, "what is too old waits to be deleted"):
                cleaned = now

    def take_due(self, limit: int = 100) -> int:
        """Take the due messages, at the most `limit`; returns how many there were."""
        taken = 0
        while taken < limit and not self._stopping.is_set() and (row := self._claim()):
            taken += 1
            self._take(*row)
        return taken

    def _claim(self) -> tuple[Any, ...] | None:
        with self._pool.connection() as conn:
            return conn.execute(QUERIES["retry_claim"]).fetchone()

    def _take(
        self, town: str, row_id: str, consumer: str, body: bytes, properties: dict[str, Any], attempts: int
    ) -> None:
        if consumer not in self._process:
            self._park(town, row_id, consumer, _NO_QUEUE)
        elif attempts > self._attempts:
            self._park(town, row_id, consumer, _NEVER_FINISHED)
        else:
            self._try(Delivery(consumer, body, properties, attempts, (town, row_id)))

    def _try(self, delivery: Delivery) -> None:
        try:
            self._process[delivery.queue]([delivery])
        except Unavailable:
            self._release(delivery)
            raise

    def _release(self, delivery: Delivery) -> None:
        """It has not been tried after all."""
        assert delivery.retry_id
        town, row_id = delivery.retry_id
        with self._pool.connection() as conn:
            conn.execute(QUERIES["retry_release"], {"town": town, "id": row_id})

    def _park(self, town: str, row_id: str, consumer: str, cause: str) -> None:
        with self._pool.connection() as conn:
            conn.execute(QUERIES["retry_park"], {"town": town, "id": row_id, "cause": cause})
        MESSAGES.labels(consumer, "reject").inc()
        log.error("a message of %s is parked: %s", consumer, cause)

    def clean(self) -> None:
        """Let go of parked messages, looks at them and inbox rows too old to matter, each by itself."""
        for query, age in _KEPT.items():
            with self._pool.connection() as conn:
                conn.execute(QUERIES[query], {"age": age})


def _goes(work: Callable[[], object], otherwise: str) -> bool:
    """Whether `work` could be done; if not, the log says why, and it is tried again."""
    try:
        work()
    except Exception as exc:
        log.warning("%s: %s", otherwise, describe(exc))
        return False
    return True
