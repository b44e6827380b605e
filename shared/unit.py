"""The unit of work: one transaction, and the events that are published once it is committed.

Every use case works on a unit, whichever door it was called through. Nothing is published any
other way; notification's question to intake is asked, not published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shared import db, outbox
from shared.contracts import registry
from shared.contracts.envelope import Event
from shared.outbox import Publication, Route


class Unit:
    """An open transaction on `conn`, and what it publishes. Its owner commits it; a use case never does."""

    def __init__(self, conn: db.Connection) -> None:
        self.conn = conn
        self._publications: list[Publication] = []

    @property
    def publishes(self) -> bool:
        """Whether something is to be published after the commit."""
        return bool(self._publications)

    def publish(self, event: Event, *routes: Route) -> None:
        """Publish `event` after the commit: on exchange `events`, unless `routes` say otherwise.

        Raises marshmallow.ValidationError where the event breaks its contract. Whoever publishes about a
        report holds its row's lock, so that the outbox has each report's events in order.
        """
        registry.check(event)
        self._publications.append(Publication(event, routes or (outbox.events_route(event),)))

    def write(self) -> None:
        """Write what is to be published, in the transaction. Called once, by the unit's owner."""
        outbox.write(self.conn, self._publications)


@contextmanager
def unit_of_work(conn: db.Connection, wake: Callable[[], None] | None = None) -> Iterator[Unit]:
    """A unit in a transaction of its own on `conn`, rolled back where an exception ends it.

    `wake` wakes the relay of this process after the commit; without it, the commit wakes the worker's.
    """
    with conn.transaction():
        unit = Unit(conn)
        yield unit
        unit.write()
        if unit.publishes and not wake:
            outbox.notify(conn)
    if unit.publishes and wake:
        wake()


class Units:
    """Opens units of work on a pool.

    `wake` wakes the relay of this process; without it, the relay runs in another one.
    """

    def __init__(self, pool: db.Pool, wake: Callable[[], None] | None = None) -> None:
        self._pool = pool
        self._wake = wake

    @contextmanager
    def open(self) -> Iterator[Unit]:
        """A unit that is committed at the end, and rolled back where an exception ends it."""
        with self._pool.connection() as conn, unit_of_work(conn, self._wake) as unit:
            yield unit
