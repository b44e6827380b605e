"""The loop of retries: gives due messages to their queue's processor, and deletes what is too old."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from shared import db
from shared.errors import Unavailable
from shared.logs import describe
from shared.messaging.message import RawMessage
from shared.messaging.store import inbox, parked, retry
from shared.metrics import MESSAGES

log = logging.getLogger(__name__)

# What is deleted, and from which age on.
_EXPIRIES: tuple[tuple[Callable[[db.Connection, str], None], str], ...] = (
    (parked.expire, "30 days"),
    (parked.expire_looks, "1 year"),
    (inbox.forget, "400 days"),
)
_CLEANING_EVERY = 3600.0  # seconds
_NO_QUEUE = "no such queue any longer"
_NEVER_FINISHED = "taken again and again without an end: its handler kills the process or hangs"

Process = Callable[[list[RawMessage]], None]


class Retries:
    """Gives due messages to the processor of their queue, one by one, so that none stands in another's way.

    A message counts as tried from the moment it is claimed. So one that kills the process is parked as well,
    when it has been claimed once more than the `attempts` that it has.
    """

    def __init__(self, pool: db.Pool, processors: Mapping[str, Process], attempts: int) -> None:
        self._pool = pool
        self._processors = processors
        self._attempts = attempts
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End `run` after the message in work."""
        self._stopping.set()

    def run(self, poll: float = 0.5) -> None:
        """Look for due messages every `poll` seconds until stopped; clean up once an hour in any case."""
        cleaned = time.monotonic() - _CLEANING_EVERY
        while not self._stopping.wait(poll):
            _succeeds(self.take_due, "retries wait")
            now = time.monotonic()
            if now - cleaned >= _CLEANING_EVERY and _succeeds(
                self.clean, "what is too old is not deleted yet"
            ):
                cleaned = now

    def take_due(self, limit: int = 100) -> int:
        """Process the due messages, at the most `limit`; returns how many there were."""
        taken = 0
        while taken < limit and not self._stopping.is_set() and (raw := self._claim()):
            taken += 1
            self._take(raw)
        return taken

    def _claim(self) -> RawMessage | None:
        with self._pool.connection() as conn:
            return retry.claim(conn)

    def _take(self, raw: RawMessage) -> None:
        if raw.queue not in self._processors:
            self._give_up(raw, _NO_QUEUE)
        elif raw.attempts > self._attempts:
            self._give_up(raw, _NEVER_FINISHED)
        else:
            self._process(raw)

    def _process(self, raw: RawMessage) -> None:
        try:
            self._processors[raw.queue]([raw])
        except Unavailable:
            assert raw.retry_id
            with self._pool.connection() as conn:
                retry.release(conn, raw.retry_id)
            raise

    def _give_up(self, raw: RawMessage, cause: str) -> None:
        assert raw.retry_id
        with self._pool.connection() as conn:
            retry.give_up(conn, raw.retry_id, cause)
        MESSAGES.labels(raw.queue, "reject").inc()
        log.error("a message of %s is parked: %s", raw.queue, cause)

    def clean(self) -> None:
        """Delete parked messages, looks at them and inbox rows that are too old to matter, each by itself."""
        for expire, age in _EXPIRIES:
            with self._pool.connection() as conn:
                expire(conn, age)


def _succeeds(work: Callable[[], object], otherwise: str) -> bool:
    """Whether `work` could be done; if not, the log says why, and it is tried again at the next look."""
    try:
        work()
    except Exception as exc:
        log.warning("%s: %s", otherwise, describe(exc))
        return False
    return True
