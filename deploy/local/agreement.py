"""Do the services agree? Each one's own count of reports, from its own tables, and the stream's."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString

import psycopg
from kombu import Consumer, Queue

from shared.amqp.connections import Connection, connection_to

_COUNTS: Mapping[str, tuple[str, LiteralString]] = {
    "stored by intake": ("INTAKE", "select count(*) from report where town = %(town)s"),
    "decided by routing": ("ROUTING", "select count(*) from case_file where town = %(town)s"),
    "receipts mailed": (
        "NOTIFICATION",
        "select count(*) from delivery where town = %(town)s and template = 'receipt' and state = 'sent'",
    ),
    "submissions counted": (
        "ANALYTICS",
        "select coalesce(sum(n), 0) from tally where town = %(town)s and happened = 'submitted'",
    ),
    "decisions counted": (
        "ANALYTICS",
        "select coalesce(sum(n), 0) from tally where town = %(town)s"
        " and happened in ('routed', 'forwarded', 'triaged')",
    ),
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many reports each service knows of, by what it did with them."""

    by_name: Mapping[str, int]

    @classmethod
    def now(cls, town: str) -> Agreement:
        """The counts as they are now."""
        return cls({name: _count(service, sql, town) for name, (service, sql) in _COUNTS.items()})

    def __sub__(self, before: Agreement) -> Agreement:
        return Agreement({name: count - before.by_name[name] for name, count in self.by_name.items()})

    def all_are(self, number: int) -> bool:
        """True where every count is `number`."""
        return all(count == number for count in self.by_name.values())


def _count(service: str, sql: LiteralString, town: str) -> int:
    with psycopg.connect(os.environ[f"{service}_DATABASE_URL"]) as conn:
        row = conn.execute(sql, {"town": town}).fetchone()
    assert row is not None
    return int(row[0])


def stream_facts(since: datetime, expected: int, timeout: float = 15.0) -> dict[str, dict[str, Any]]:
    """What an analyst reads on the stream from `since` on: facts by id, each once however often it came."""
    facts: dict[str, dict[str, Any]] = {}
    with connection_to(os.environ["ANALYST_AMQP_URL"]) as connection:
        _read(connection, since.astimezone(UTC).replace(microsecond=0), facts)
        deadline = time.monotonic() + timeout
        while len(facts) < expected and time.monotonic() < deadline:
            try:
                connection.drain_events(timeout=1)
            except TimeoutError:
                continue
    return facts


def _read(connection: Connection, since: datetime, facts: dict[str, dict[str, Any]]) -> None:
    def take(message: Any) -> None:
        fact = json.loads(message.body)
        facts[fact["id"]] = fact
        message.ack()

    start = {"x-stream-offset": since.replace(tzinfo=None)}
    queue = Queue("statistics", no_declare=True, consumer_arguments=start)
    consumer = Consumer(connection.default_channel, [queue], auto_declare=False, accept=[], on_message=take)
    consumer.qos(prefetch_count=200)
    consumer.consume()
