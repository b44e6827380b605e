"""The path one message at a time, as statements of one transaction and what is published after it.

Each function is a generator: it yields a statement with its parameters, is sent the rows found, and returns
the messages to publish. So a peer that blocks and one that awaits run the same steps.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, LiteralString

import orjson

from services.analytics.store.repository import QUERIES as ANALYTICS
from shared import ids
from shared.amqp import Outgoing
from shared.contracts.envelope import Event
from shared.db import Connection, Pool
from tests.load.peers import rows

Found = list[tuple[Any, ...]]
Steps = Generator[tuple[LiteralString, dict[str, Any]], Found, list[Outgoing]]

_CITIZEN: LiteralString = """
insert into citizen (town, id, email_key, email, first_name, last_name, language)
values (%(town)s, %(id)s, %(email_key)s, %(email)s, %(first_name)s, %(last_name)s, %(language)s)
on conflict on constraint citizen_email_taken do update set email_key = excluded.email_key
returning id::text"""
_REMEMBER: LiteralString = """
insert into inbox (town, consumer, sender, event_id, fingerprint, reply)
values (%(town)s, %(consumer)s, %(sender)s, %(event_id)s, decode(%(fingerprint)s, 'hex'), %(reply)s)
on conflict do nothing returning true"""
_REPORT: LiteralString = """
insert into report (town, id, reference, kind, category, language, description, latitude, longitude, address,
                    answers, citizen_id, share_contact, sender, submitted_at)
values (%(town)s, %(id)s, %(reference)s, %(kind)s, %(category)s, %(language)s, %(description)s, %(latitude)s,
        %(longitude)s, %(address)s, %(answers)s, %(citizen_id)s, %(share_contact)s, %(sender)s,
        %(submitted_at)s)"""
_AUTHOR: LiteralString = """
insert into author (town, report_id, first_name, last_name)
values (%(town)s, %(id)s, %(first_name)s, %(last_name)s)"""
_CASE: LiteralString = """
insert into case_file (town, report_id, reference, report, state, target_kind, target, rule, rule_set, reason,
                       acknowledge_by, resolve_by, sequence, opened_at, changed_at)
values (%(town)s, %(report_id)s, %(reference)s, %(report)s, %(state)s, %(target_kind)s, %(target)s, %(rule)s,
        %(rule_set)s, %(reason)s, %(acknowledge_by)s, %(resolve_by)s, %(sequence)s, %(changed_at)s,
        %(changed_at)s)
on conflict do nothing returning true"""
_STEP: LiteralString = """
insert into follow_up (town, report_id, sequence, state, holder_kind, holder, until, happened_at)
values (%(town)s, %(report_id)s, %(sequence)s, %(state)s, %(holder_kind)s, %(holder)s, %(until)s,
        %(happened_at)s)
on conflict do nothing"""
_DELIVERY: LiteralString = """
insert into delivery (town, id, event_id, report_id, reference, recipient_kind, recipient_id, channel,
                      template, template_version, language, data, correlation_id)
values (%(town)s, %(id)s, %(event_id)s, %(report_id)s, %(reference)s, %(recipient_kind)s, %(recipient_id)s,
        %(channel)s, %(template)s, %(template_version)s, %(language)s, %(data)s, %(correlation_id)s)
on conflict do nothing"""


def take_submission(event: Event, sender: str, reply_to: str) -> Steps:
    """Store a report, register its author, tell."""
    sent = rows.submission(event, sender)
    [(citizen_id,)] = yield _CITIZEN, rows.person(sent)
    stored = rows.stored(sent, citizen_id)
    report = rows.report_row(stored)
    answer, messages = rows.accepted(event, stored, reply_to)
    if not (yield _REMEMBER, {**answer, "reply": _json(answer["reply"])}):
        return []
    yield _REPORT, {**report, "answers": _json(report["answers"])}
    yield _AUTHOR, report
    return messages


def take_step(event: Event, _sender: str, _reply_to: str) -> Steps:
    """Note for the author what routing has told."""
    yield _STEP, rows.step(event)
    return []


def take_report(event: Event, _sender: str, _reply_to: str) -> Steps:
    """Decide who gets a report, and tell."""
    case, messages = rows.case(event)
    new = yield _CASE, {**case, "report": _json(case["report"]), "reason": _json(case["reason"])}
    return messages if new else []


def take_fact(event: Event, _sender: str, _reply_to: str) -> Steps:
    """Write down whom a fact is told to."""
    for row in rows.deliveries(event):
        yield _DELIVERY, {**row, "data": _json(row["data"])}
    return []


def take_counting(event: Event, _sender: str, _reply_to: str) -> Steps:
    """Count a fact, and tell the analysts."""
    fact, fact_id = rows.fact(event), ids.random_id()
    town, cell, category, month = fact.locality
    [(_, last)] = yield ANALYTICS["sequence_take"], {"rows": _json([{"town": town, "n": 1}])}
    row = rows.fact_row(fact, fact_id, last)
    if not (yield ANALYTICS["fact_count"], {"rows": _json([row])}):
        return []
    asked = [{"town": town, "cell": cell, "category": category, "month": month}]
    [(*_, seen)] = yield ANALYTICS["cells_seen"], {"rows": _json(asked)}
    return [rows.published(fact, fact_id, last, seen)]


HANDLERS = {
    "intake.submissions": take_submission,
    "intake.events": take_step,
    "routing.events": take_report,
    "notification.events": take_fact,
    "analytics.events": take_counting,
}


def queues_of(service: str) -> list[str]:
    """The queues that a service's process consumes from."""
    return [queue for queue in HANDLERS if queue.startswith(f"{service}.")]


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def run(pool: Pool, steps: Steps) -> list[Outgoing]:
    """One transaction, for a peer that blocks."""
    with pool.connection() as conn, conn.transaction():
        found: Found | None = None
        try:
            while True:
                statement, parameters = next(steps) if found is None else steps.send(found)
                found = _execute(conn, statement, parameters)
        except StopIteration as end:
            messages: list[Outgoing] = end.value
            return messages


def _execute(conn: Connection, statement: LiteralString, parameters: dict[str, Any]) -> Found:
    cursor = conn.execute(statement, parameters)
    return cursor.fetchall() if cursor.description else []
