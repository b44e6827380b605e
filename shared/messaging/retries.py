"""The second way in: messages whose time to be tried again has come, and what has been parked too long."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

import psycopg

from shared import db
from shared.logs import describe
from shared.messaging.message import Delivery
from shared.messaging.outcomes import Unavailable
from shared.outbox import QUERIES

log = logging.getLogger(__name__)

PARKED_KEPT = "30 days"
INBOX_KEPT = "400 days"
_CLEANING = 3600.0


class Retries:
    """Gives due messages to the processor of their queue, one by one, so that none stands in another's way."""

    def __init__(self, pool: db.Pool, process: Mapping[str, Callable[[list[Delivery]], None]]) -> None:
        self._pool = pool
        self._process = process
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End `run` after the message in work."""
        self._stopping.set()

    def run(self, poll: float = 0.5) -> None:
        """Look for due messages every `poll` seconds until stopped; clean up once an hour."""
        looks = 0
        while not self._stopping.wait(poll):
            try:
                self.take_due()
                if looks % int(_CLEANING / poll) == 0:
                    self.clean()
            except (Unavailable, psycopg.Error) as exc:
                log.warning("retries wait: %s", describe(exc))
            looks += 1

    def take_due(self, limit: int = 100) -> int:
        """Take the due messages; returns how many there were."""
        with self._pool.connection() as conn:
            rows = conn.execute(QUERIES["retry_claim"], {"limit": limit}).fetchall()
        for row in rows:
            self._take(*row)
        return len(rows)

    def _take(
        self, town: str, row_id: str, consumer: str, body: bytes, properties: dict[str, Any], attempts: int
    ) -> None:
        if consumer in self._process:
            self._process[consumer]([Delivery(consumer, body, properties, attempts, (town, row_id))])
        else:
            log.error("a message waits for %s, which this service no longer takes", consumer)

    def clean(self) -> None:
        """Let go of parked messages and inbox rows that are too old to matter."""
        with self._pool.connection() as conn:
            conn.execute(QUERIES["parked_expire"], {"age": PARKED_KEPT})
            conn.execute(QUERIES["inbox_forget"], {"age": INBOX_KEPT})
