"""Analytics' consumer at work in the tests' process, and what its database then says."""

from __future__ import annotations

from collections import Counter as Multiset
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, LiteralString

import orjson
import psycopg
from psycopg.rows import dict_row

from services.analytics.bus import consumers
from shared import db
from shared.amqp import Answers
from shared.contracts.envelope import Event
from shared.messaging import Processor, RawMessage

QUEUE = "analytics.events"
OWN = ("fact", "tally", "cell_month", "fact_sequence")
TABLES = (*OWN, "event", "outbox", "inbox", "retry", "parked", "town")


class Counter:
    """One replica of analytics on the database `url`; several may work on one."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pool = db.open_pool(url, "test", 2)
        # Analytics answers nobody, so this address is never opened.
        nobody = Answers("amqp://nobody@127.0.0.1:1/", "nobody")
        self.processor = Processor(QUEUE, consumers.report_events(), self.pool, nobody, (60.0,), lambda: None)

    def close(self) -> None:
        """Let go of the database."""
        self.pool.close()

    def take(self, events: Iterable[Event], size: int = 500) -> None:
        """Take these events in batches of `size`."""
        deliveries = [delivery(event) for event in events]
        for start in range(0, len(deliveries), size):
            self.processor.process(deliveries[start : start + size])

    def rows(self, statement: LiteralString, *values: Any) -> list[dict[str, Any]]:
        """What a statement returns."""
        with self.pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(statement, values).fetchall()

    def run(self, statement: LiteralString, *values: Any) -> None:
        """Execute a statement that returns nothing."""
        with self.pool.connection() as conn:
            conn.execute(statement, values)

    def told(self) -> list[dict[str, Any]]:
        """What it has to publish, in the order of publication."""
        rows = self.rows(
            "select e.body from outbox o join event e on (e.town, e.id) = (o.town, o.event_id) order by o.id"
        )
        return [row["body"] for row in rows]

    def tallied(self) -> Multiset[tuple[Any, ...]]:
        """The counts, by all that they are counted by, less the hour."""
        counts: Multiset[tuple[Any, ...]] = Multiset()
        for t in self.rows("select * from tally"):
            counts[
                t["town"],
                t["kind"],
                t["category"],
                t["target_kind"],
                t["target"],
                t["happened"],
                t["delay"],
            ] += t["n"]
        return counts

    def dump(self, *tables: str) -> str:
        """All rows of all tables, as text."""
        with psycopg.connect(self.url) as conn:
            found = [
                conn.execute(f"select row_to_json(t)::text from {table} t").fetchall()
                for table in tables or TABLES
            ]
        return "\n".join(row[0] for rows in found for row in rows)


def delivery(event: Event) -> RawMessage:
    """The message in which `event` comes."""
    return RawMessage(QUEUE, event.encode(), {"user_id": event.source.replace("urn:vigie:", "vigie-")})


def expected(events: Sequence[Event]) -> Multiset[tuple[Any, ...]]:
    """What a recount of the events themselves gives: each once, by all that is counted but the hour."""
    once = {event.id: event for event in events}
    return Multiset(_key(event) for event in once.values())


def _key(event: Event) -> tuple[Any, ...]:
    data = event.data
    happened = event.type.split(".")[1]
    kind, target = "", ""
    if happened == "overdue":
        kind, target = data["target"]["kind"], data["target"].get("id") or ""
    elif happened == "triaged":
        kind = "triage"
    elif happened != "submitted":
        kind = next((name for name in ("authority", "department") if data.get(name)), "")
        target = data[kind] if kind else ""
    return (
        event.town,
        data["report"]["kind"],
        data["report"]["category"],
        kind,
        target,
        happened,
        _delay(event),
    )


def _delay(event: Event) -> str:
    """Written out, so as to check the product's own way."""
    took = datetime.fromisoformat(event.time) - datetime.fromisoformat(event.data["report"]["submitted_at"])
    hours = took.total_seconds() / 3600
    classes = {1: "<1h", 4: "<4h", 24: "<1d", 48: "<2d", 120: "<5d", 240: "<10d", 720: "<30d"}
    return next((name for bound, name in classes.items() if hours < bound), "more")


def town_configured(slug: str = "gentilly", version: int = 1, **changes: Any) -> Event:
    """A small town's configuration, in which the categories do not lie where their paths say."""
    label = {"fr": "Un", "en": "One"}
    leaf = {"label": label, "active": True, "kinds": ["problem"]}
    category = {
        **leaf,
        "slug": "trous",
        "children": [{**leaf, "slug": "voirie/nid-de-poule", "children": []}],
    }
    data = {
        "slug": slug,
        "name": slug,
        "version": version,
        "languages": ["fr"],
        "time_zone": "Europe/Paris",
        "kinds": ["problem"],
        "categories": [category],
        "departments": [],
        "authorities": [],
        "tools": [],
        "mail": {"from": "ville@example.org", "signature": label},
        **changes,
    }
    return Event(
        id=f"town-{slug}-{version}",
        source="urn:vigie:routing",
        type="town.configured.v1",
        town=slug,
        time="2026-11-22T08:00:00.000Z",
        data=orjson.loads(orjson.dumps(data)),
    )
