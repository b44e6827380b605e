"""What has been published and what still waits: the table `event` keeps every event as it was published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from psycopg.rows import class_row, dict_row

from shared import db
from shared.outbox.writing import QUERIES


@dataclass(frozen=True, slots=True)
class State:
    """The outbox now: rows that wait, the age of the oldest in seconds, rows that the broker refused."""

    rows: int
    age: float
    held: int


class Past(NamedTuple):
    """An event that was published. `total`: how many the same search found."""

    town: str
    id: str
    time: datetime
    total: int


def state(conn: db.Connection) -> State:
    """How full the outbox is."""
    with conn.cursor(row_factory=class_row(State)) as cursor:
        found = cursor.execute(QUERIES["outbox_state"]).fetchone()
    assert found is not None
    return found


def since(
    conn: db.Connection, moment: datetime, town: str | None, types: Sequence[str], step: int
) -> Iterator[list[Past]]:
    """The events of these types since `moment`, oldest first, `step` at a time; commits do not end it."""
    with conn.cursor("since", withhold=True) as cursor:
        cursor.execute(QUERIES["event_since"], {"since": moment, "town": town, "types": list(types)})
        while found := cursor.fetchmany(step):
            yield [Past(*row) for row in found]


def resend(conn: db.Connection, events: Sequence[Past], queue: str | None, quiet: bool) -> None:
    """Put events into the outbox again under their own ids: for everybody, or for `queue` alone.

    `quiet`: a replay for a rebuilt database: record it, notify nobody.
    """
    rows = [{"n": n, "town": event.town, "id": event.id} for n, event in enumerate(events)]
    conn.execute(QUERIES["event_resend"], {"rows": db.rows(rows), "queue": queue, "quiet": quiet})


def history(conn: db.Connection, town: str, subject: str) -> list[dict[str, Any]]:
    """The events of one subject, in order: id, type, time, sequence, body."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(QUERIES["event_history"], {"town": town, "subject": subject}).fetchall()
