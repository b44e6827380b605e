"""The table `retry`: messages that are tried again when they are due."""

from __future__ import annotations

from shared import db
from shared.db import queries
from shared.messaging.message import RawMessage
from shared.messaging.store import rows

QUERIES = queries.load(__package__, "retry.sql")

RetryId = tuple[str, str]  # town, row


def postpone(conn: db.Connection, raw: RawMessage, attempts: int, cause: str, after: float) -> None:
    """Have the message tried again in `after` seconds; `attempts` counts those that failed."""
    conn.execute(QUERIES["retry_insert"], {**rows.row(raw, attempts, cause), "after": after})


def claim(conn: db.Connection) -> RawMessage | None:
    """The message that has been due longest, counted as tried from now on; None where none is due."""
    found = conn.execute(QUERIES["retry_claim"]).fetchone()
    if found is None:
        return None
    town, row_id, queue, body, properties, attempts = found
    return RawMessage(queue, body, properties, attempts, (town, row_id))


def release(conn: db.Connection, retry_id: RetryId) -> None:
    """The claimed message could not be tried after all: that attempt does not count."""
    conn.execute(QUERIES["retry_release"], _key(retry_id))


def give_up(conn: db.Connection, retry_id: RetryId, cause: str) -> None:
    """Move the message to `parked` with `cause`."""
    conn.execute(QUERIES["retry_park"], {**_key(retry_id), "cause": cause})


def delete(conn: db.Connection, raw: RawMessage) -> None:
    """Try the message no more, if it came from here."""
    if raw.retry_id:
        conn.execute(QUERIES["retry_delete"], _key(raw.retry_id))


def waiting(conn: db.Connection) -> tuple[int, int]:
    """How many messages are tried again, and how many are parked."""
    retried, parked = conn.execute(QUERIES["waiting_count"]).fetchone() or (0, 0)
    return retried, parked


def _key(retry_id: RetryId) -> dict[str, str]:
    town, row_id = retry_id
    return {"town": town, "id": row_id}
