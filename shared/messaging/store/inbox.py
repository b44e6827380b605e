"""The inbox: what has been taken, so that nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from shared import db
from shared.contracts.envelope import Event, decode
from shared.db import queries
from shared.messaging.message import Key, Message
from shared.messaging.outcome import Overtaken

QUERIES = queries.load(__package__, "inbox.sql")


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that was accepted before: the fingerprint of its content, and its answer."""

    fingerprint: str
    answer: Event


def mark(conn: db.Connection, queue: str, keys: Iterable[Key]) -> set[Key]:
    """Mark events as taken, in the open transaction; returns those that had not been."""
    taken = conn.execute(QUERIES["inbox_insert"], {"rows": _rows(queue, keys)})
    return {(town, sender, event_id) for town, sender, event_id in taken}


def unmark(conn: db.Connection, queue: str, key: Key) -> None:
    """Undo `mark` in its transaction: the message has not been taken after all."""
    conn.execute(QUERIES["inbox_unmark"], _row(queue, key))


def find(conn: db.Connection, queue: str, keys: Iterable[Key]) -> Mapping[Key, Answered]:
    """Those of the requests `keys` that have been accepted."""
    found = conn.execute(QUERIES["inbox_find"], {"rows": _rows(queue, keys)})
    return {
        (town, sender, event_id): Answered(fingerprint.hex(), decode(answer.encode()))
        for town, sender, event_id, fingerprint, answer in found
    }


def remember(conn: db.Connection, queue: str, accepted: Sequence[tuple[Message, Event]]) -> None:
    """Keep accepted requests with their answers; raises Overtaken where another replica has one already."""
    rows = [_answered_row(queue, message, answer) for message, answer in accepted]
    if rows and conn.execute(QUERIES["inbox_remember"], {"rows": db.rows(rows)}).rowcount != len(rows):
        raise Overtaken


def forget(conn: db.Connection, age: str) -> None:
    """Delete what was taken longer ago than `age` (a PostgreSQL interval)."""
    conn.execute(QUERIES["inbox_forget"], {"age": age})


def _rows(queue: str, keys: Iterable[Key]) -> str:
    return db.rows(_row(queue, key) for key in keys)


def _row(queue: str, key: Key) -> dict[str, Any]:
    town, sender, event_id = key
    return {"town": town, "consumer": queue, "sender": sender, "event_id": event_id}


def _answered_row(queue: str, message: Message, answer: Event) -> dict[str, Any]:
    reply = orjson.Fragment(answer.encode())
    return {**_row(queue, message.key), "fingerprint": message.fingerprint, "reply": reply}
