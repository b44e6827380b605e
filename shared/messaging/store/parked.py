"""The table `parked`: messages that no retry can save, and who has looked at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row

from shared import db
from shared.db import queries
from shared.messaging.message import RawMessage
from shared.messaging.store import rows

QUOTA = 100
WHOLE, BEGINNING = 256 * 1024, 16 * 1024
QUERIES = queries.load(__package__, "parked.sql")


@dataclass(frozen=True, slots=True)
class Parked:
    """A parked message. `parked_at`: since when it is kept, however often it was replayed.

    `size`: of the body as it came, in bytes; of one that is refused and longer than `WHOLE`, `body` is the
    beginning.
    """

    town: str
    id: str
    queue: str
    attempts: int
    cause: str
    parked_at: datetime
    properties: dict[str, Any]
    body: bytes

    size: int


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody has read a parked message as it came. `name`: what they called themselves, or None."""

    looked_at: datetime
    os_user: str
    name: str | None
    queue: str
    town: str
    parked_id: str


def park(conn: db.Connection, raw: RawMessage, attempts: int, cause: str) -> None:
    """Keep the message whole, with its cause."""
    conn.execute(QUERIES["park"], rows.row(raw, attempts, cause))


def refuse(conn: db.Connection, refused: Sequence[tuple[RawMessage, str]]) -> int:
    """Keep messages that are refused by their senders' own fault, each with its cause.

    Of one sender the newest `QUOTA` are kept: any tool could fill the disk otherwise. Returns how many are
    kept no longer, or not at all.
    """
    by_sender: dict[str, list[tuple[RawMessage, str]]] = {}
    for raw, cause in refused:
        by_sender.setdefault(raw.sender, []).append((raw, cause))
    return sum(_refuse_of(conn, sender, messages) for sender, messages in by_sender.items())


def _refuse_of(conn: db.Connection, sender: str, messages: list[tuple[RawMessage, str]]) -> int:
    newest = messages[-QUOTA:]
    for raw, cause in newest:
        conn.execute(QUERIES["park"], rows.refused_row(raw, cause, BEGINNING, WHOLE))
    trimmed = conn.execute(QUERIES["parked_trim"], {"sender": rows.text(sender), "quota": QUOTA}).rowcount
    return len(messages) - len(newest) + trimmed


def listed(conn: db.Connection, message_id: str | None = None) -> list[Parked]:
    """What is parked, oldest first; with `message_id`, that one alone."""
    with conn.cursor(row_factory=class_row(Parked)) as cursor:
        return cursor.execute(QUERIES["parked_list"], {"id": message_id}).fetchall()


def replay(conn: db.Connection, message_id: str) -> bool:
    """Give the message to its consumer again, its attempts forgotten; False where it is not parked."""
    return conn.execute(QUERIES["parked_replay"], {"id": message_id}).rowcount == 1


def drop(conn: db.Connection, message_id: str) -> bool:
    """Delete the message; False where it is not parked."""
    return conn.execute(QUERIES["parked_drop"], {"id": message_id}).rowcount == 1


def expire(conn: db.Connection, age: str) -> None:
    """Delete what has been kept for longer than `age` (a PostgreSQL interval)."""
    conn.execute(QUERIES["parked_expire"], {"age": age})


def note_look(conn: db.Connection, message: Parked, os_user: str, name: str | None) -> None:
    """Keep that somebody is about to read the message as it came."""
    who = {"os_user": os_user, "name": name}
    seen = {"town": message.town, "parked_id": message.id, "queue": message.queue}
    conn.execute(QUERIES["look_insert"], {**seen, **who})


def looks(conn: db.Connection) -> list[Look]:
    """Who has read which message, oldest first."""
    with conn.cursor(row_factory=class_row(Look)) as cursor:
        return cursor.execute(QUERIES["look_list"]).fetchall()


def expire_looks(conn: db.Connection, age: str) -> None:
    """Delete looks older than `age` (a PostgreSQL interval)."""
    conn.execute(QUERIES["look_expire"], {"age": age})
