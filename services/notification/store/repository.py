"""The ledger's statements, each as a function on an open transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import class_row, dict_row

from services.notification.domain import Attempt, Delivery
from shared import db, ids
from shared.db import queries

QUERIES = queries.load(__package__)

Row = Mapping[str, Any]


def add(conn: db.Connection, rows: Sequence[Row]) -> None:
    """Put deliveries into the ledger, each once."""
    if rows:
        conn.execute(QUERIES["deliveries_insert"], {"rows": db.rows(rows)})


def due(conn: db.Connection, limit: int) -> dict[str, int]:
    """How many deliveries of each town are due, counted up to `limit`; towns without any are left out."""
    return dict(conn.execute(QUERIES["deliveries_due"], {"limit": limit}).fetchall())


def claim(conn: db.Connection, town: str, limit: int, seconds: float) -> list[Delivery]:
    """Up to `limit` deliveries of `town`, those that have been due for longest, claimed for `seconds`."""
    wanted = {"town": town, "limit": limit, "claim": seconds}
    with conn.cursor(row_factory=class_row(Delivery)) as cursor:
        return cursor.execute(QUERIES["deliveries_claim"], wanted).fetchall()


def begin(
    conn: db.Connection, delivery: Delivery, language: str, message_id: str, seconds: float
) -> tuple[int, str] | None:
    """Note that an attempt begins; returns its number and Message-ID, or None where the claim is lost."""
    said = {"language": language, "message_id": message_id}
    row = {**_key(delivery), **said, "due_at": delivery.due_at, "claim": seconds}
    return conn.execute(QUERIES["delivery_begin"], row).fetchone()


def note(conn: db.Connection, delivery: Delivery, attempt: Attempt, attempts: int, due_at: datetime) -> bool:
    """Note what came of the attempt number `attempts`; `due_at`: when the next is due, if there is one.

    False where somebody has already, or has begun another one since.
    """
    later = attempt.outcome == "later"
    row = {
        **_key(delivery),
        "attempts": attempts,
        "state": "pending" if later else attempt.outcome,
        "cause": attempt.cause,
        "next": due_at if later else None,
    }
    return conn.execute(QUERIES["delivery_note"], row).rowcount == 1


def put_back(conn: db.Connection, deliveries: Iterable[Delivery], after: float) -> None:
    """Give up the claim on `deliveries`, which are due again in `after` seconds."""
    rows = [{**_key(d), "due_at": d.due_at} for d in deliveries]
    conn.execute(QUERIES["deliveries_put_back"], {"rows": db.rows(rows), "after": after})


def waiting(conn: db.Connection) -> tuple[int, float]:
    """How many deliveries are still to be sent, and the age of the oldest in seconds."""
    count, age = conn.execute(QUERIES["deliveries_waiting"]).fetchone()  # type: ignore[misc]
    return count, age


def report_named(conn: db.Connection, reference: str) -> dict[str, Any] | None:
    """Town, id and reference of the report with this reference or id, if anybody was to be told of it."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            QUERIES["report_named"], {"reference": reference, "id": ids.uuid_or_none(reference)}
        ).fetchone()


def of_report(conn: db.Connection, town: str, report_id: str) -> list[dict[str, Any]]:
    """The deliveries of one report, oldest first."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            QUERIES["deliveries_of_report"], {"town": town, "report_id": report_id}
        ).fetchall()


def unsent(conn: db.Connection, limit: int = 200) -> list[dict[str, Any]]:
    """Deliveries that failed or have waited for more than ten minutes."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(QUERIES["deliveries_unsent"], {"limit": limit}).fetchall()


def send_again(conn: db.Connection, delivery_id: str) -> bool:
    """Let a failed delivery have one more attempt; False where there is no such failed delivery."""
    return conn.execute(QUERIES["delivery_again"], {"id": ids.uuid_or_none(delivery_id)}).rowcount == 1


def _key(delivery: Delivery) -> dict[str, str]:
    return {
        "town": delivery.town,
        "event_id": delivery.event_id,
        "recipient_kind": delivery.recipient_kind,
        "recipient_id": delivery.recipient_id,
    }
