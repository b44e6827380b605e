"""The path a batch at a time, for FastStream batched: our own statements on many rows, one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import orjson
from psycopg import AsyncConnection

from services.analytics.store.repository import QUERIES as ANALYTICS
from services.intake.store.repository import QUERIES as INTAKE
from services.notification.store.repository import QUERIES as NOTIFICATION
from services.routing.store.repository import QUERIES as ROUTING
from shared import ids
from shared.amqp import Outgoing
from shared.contracts.envelope import Event
from shared.messaging.store.inbox import QUERIES as INBOX
from tests.load.peers import rows

Taken = tuple[Event, str, str]  # the event, who sent it, where the answer goes
Conn = AsyncConnection[Any]
Take = Callable[[Conn, Sequence[Taken]], Awaitable[list[Outgoing]]]


def _json(found: object) -> str:
    return orjson.dumps(found).decode()


async def take_submissions(conn: Conn, batch: Sequence[Taken]) -> list[Outgoing]:
    """Store reports, register their authors, tell."""
    sent = [(taken, rows.submission(*taken[:2])) for taken in batch]
    people = {(s.town, s.author.key): rows.person(s) for _, s in sent}
    await conn.execute(INTAKE["citizens_register"], {"rows": _json(list(people.values()))})
    keys = _json([{"town": town, "email_key": email} for town, email in people])
    cursor = await conn.execute(INTAKE["citizens_find"], {"rows": keys})
    found = {(town, email): citizen async for town, email, citizen in cursor}
    reports, answers, messages = [], [], []
    for (event, _, reply_to), submission in sent:
        report = rows.stored(submission, found[submission.town, submission.author.key])
        answer, following = rows.accepted(event, report, reply_to)
        reports.append(rows.report_row(report))
        answers.append(answer)
        messages += following
    await conn.execute(INTAKE["reports_insert"], {"rows": _json(reports)})
    await conn.execute(INBOX["inbox_remember"], {"rows": _json(answers)})
    return messages


async def take_steps(conn: Conn, batch: Sequence[Taken]) -> list[Outgoing]:
    """Note for the authors what routing has told."""
    await conn.execute(INTAKE["follow_up_insert"], {"rows": _json([rows.step(event) for event, *_ in batch])})
    return []


async def take_reports(conn: Conn, batch: Sequence[Taken]) -> list[Outgoing]:
    """Decide who gets reports, and tell."""
    made = [rows.case(event) for event, *_ in batch]
    await conn.execute(ROUTING["cases_insert"], {"rows": _json([row for row, _ in made])})
    return [message for _, messages in made for message in messages]


async def take_facts(conn: Conn, batch: Sequence[Taken]) -> list[Outgoing]:
    """Write down whom facts are told to."""
    made = [row for event, *_ in batch for row in rows.deliveries(event)]
    await conn.execute(NOTIFICATION["deliveries_insert"], {"rows": _json(made)})
    return []


async def take_counting(conn: Conn, batch: Sequence[Taken]) -> list[Outgoing]:
    """Count facts, and tell the analysts."""
    facts = [rows.fact(event) for event, *_ in batch]
    wanted = Counter(fact.town for fact in facts)
    asked = _json([{"town": town, "n": n} for town, n in wanted.items()])
    cursor = await conn.execute(ANALYTICS["sequence_take"], {"rows": asked})
    following = {town: last - wanted[town] async for town, last in cursor}
    numbered = []
    for fact in facts:
        following[fact.town] += 1
        numbered.append((fact, ids.random_id(), following[fact.town]))
    counted = _json([rows.fact_row(*entry) for entry in numbered])
    await conn.execute(ANALYTICS["fact_count"], {"rows": counted})
    names = ("town", "cell", "category", "month")
    places = [dict(zip(names, place, strict=True)) for place in {fact.locality for fact in facts}]
    cursor = await conn.execute(ANALYTICS["cells_seen"], {"rows": _json(places)})
    seen = {tuple(place): n async for *place, n in cursor}
    return [rows.published(*entry, seen[entry[0].locality]) for entry in numbered]


HANDLERS: dict[str, Take] = {
    "intake.submissions": take_submissions,
    "intake.events": take_steps,
    "routing.events": take_reports,
    "notification.events": take_facts,
    "analytics.events": take_counting,
}
