"""The relay: publishes the outbox in order, and deletes what the broker has confirmed.

It runs inside its service, woken after each commit and looking by itself once a second, which is what
counts. It reads what is there, oldest first; never "after the last id", since numbers are given out
before they are committed. A row that the broker returns or refuses holds back its own subject only.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shared import db
from shared.amqp import Outgoing, Publisher
from shared.logs import describe
from shared.metrics import OUTBOX_HELD, OUTBOX_PUBLISHED
from shared.outbox.writing import QUERIES

log = logging.getLogger(__name__)

Mandatory = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to publish: an event and one of its routes."""

    id: int
    town: str
    event_id: str
    subject: str | None
    exchange: str
    routing_key: str
    type: str
    body: str
    quiet: bool = False

    @property
    def key(self) -> tuple[str, str | None]:
        """What is published in order: all that is published of one subject."""
        return self.town, self.subject


def turns(rows: Iterable[Row]) -> list[list[Row]]:
    """`rows` in as few groups as it takes for none to hold two events of one subject."""
    groups: list[list[Row]] = []
    last: dict[tuple[str, str | None], tuple[int, str]] = {}
    for row in rows:
        turn = 0
        if row.subject is not None:
            turn, event_id = last.get(row.key, (0, row.event_id))
            turn += event_id != row.event_id
            last[row.key] = turn, row.event_id
        if turn == len(groups):
            groups.append([])
        groups[turn].append(row)
    return groups


class Relay:
    """Publishes one service's outbox. Several may run: a lock lets one work at a time.

    `mandatory(exchange, type)` says whether a message that no queue takes is an error.
    """

    def __init__(self, pool: db.Pool, publisher: Publisher, mandatory: Mandatory, window: int = 500) -> None:
        self._pool = pool
        self._publisher = publisher
        self._mandatory = mandatory
        self._window = window
        self._wake = threading.Event()
        self._stopping = False

    def wake(self) -> None:
        """Something has been committed: look now."""
        self._wake.set()

    def stop(self) -> None:
        """End `run` once what is there has been published."""
        self._stopping = True
        self._wake.set()

    def run(self, poll: float = 1.0) -> None:
        """Publish until stopped, looking at least every `poll` seconds."""
        stopping = False
        while not stopping:
            self._wake.wait(poll)
            self._wake.clear()
            # Read before looking, so that what was committed before the stop is looked at after it.
            stopping = self._stopping
            self.drain()
        self._publisher.close()

    def drain(self) -> None:
        """Publish all that can be published now; trouble is logged and left for the next look."""
        try:
            while self.publish_window() == self._window:
                pass
        except Exception as exc:
            log.warning("the outbox waits: %s", describe(exc))

    def publish_window(self) -> int:
        """Publish the next rows, at the most a window of them; returns how many were taken up."""
        with self._pool.connection() as conn, conn.transaction():
            if not self._locked(conn):
                return 0
            rows = [Row(*values) for values in self._next(conn)]
            self._publish(conn, rows)
            return len(rows)

    def _publish(self, conn: db.Connection, rows: Sequence[Row]) -> None:
        """Round by round: what follows on a row that was refused waits, in the same window too."""
        behind: set[tuple[str, str | None]] = set()
        for turn in turns(rows):
            ready = [row for row in turn if row.key not in behind]
            refused = self._publisher.publish([self._outgoing(row) for row in ready])
            behind |= {ready[position].key for position in refused if ready[position].subject is not None}
            self._settle(conn, ready, refused)

    @staticmethod
    def _locked(conn: db.Connection) -> bool:
        return bool(conn.execute(QUERIES["relay_lock"]).fetchone()[0])  # type: ignore[index]

    def _next(self, conn: db.Connection) -> list[tuple[Any, ...]]:
        return conn.execute(QUERIES["outbox_next"], {"limit": self._window}).fetchall()

    def _outgoing(self, row: Row) -> Outgoing:
        mandatory = self._mandatory(row.exchange, row.type)
        body, names = row.body.encode(), (row.event_id, row.type)
        return Outgoing(row.exchange, row.routing_key, body, *names, mandatory=mandatory, quiet=row.quiet)

    @staticmethod
    def _settle(conn: db.Connection, rows: Sequence[Row], refused: dict[int, str]) -> None:
        published = [row.id for position, row in enumerate(rows) if position not in refused]
        conn.execute(QUERIES["outbox_delete"], {"ids": published})
        OUTBOX_PUBLISHED.inc(len(published))
        if refused:
            held = [{"id": rows[position].id, "cause": cause} for position, cause in refused.items()]
            conn.execute(QUERIES["outbox_hold"], {"held": db.rows(held)})
            OUTBOX_HELD.inc(len(held))
            log.error("the broker refused %d of %d messages: %s", len(held), len(rows), held[0]["cause"])
