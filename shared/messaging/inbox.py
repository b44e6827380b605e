"""The inbox: what has been taken, so that nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared import db
from shared.contracts.envelope import Event, decode
from shared.messaging.message import Key
from shared.outbox import QUERIES


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that was accepted before: the fingerprint of what it said, and what it was answered."""

    fingerprint: str
    reply: Event


def mark(conn: db.Connection, consumer: str, keys: Iterable[Key]) -> set[Key]:
    """Mark facts as taken, in the open transaction; returns those that had not been."""
    taken = conn.execute(QUERIES["inbox_insert"], {"rows": _rows(consumer, keys)})
    return {(town, sender, event_id) for town, sender, event_id in taken}


def find(conn: db.Connection, consumer: str, keys: Iterable[Key]) -> Mapping[Key, Answered]:
    """Those of the requests `keys` that have been accepted."""
    found = conn.execute(QUERIES["inbox_find"], {"rows": _rows(consumer, keys)})
    return {
        (town, sender, event_id): Answered(fingerprint.hex(), decode(reply.encode()))
        for town, sender, event_id, fingerprint, reply in found
    }


def _rows(consumer: str, keys: Iterable[Key]) -> str:
    rows: list[dict[str, Any]] = [
        {"town": town, "consumer": consumer, "sender": sender, "event_id": event_id}
        for town, sender, event_id in keys
    ]
    return db.rows(rows)
