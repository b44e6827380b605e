"""What each message becomes, for all peers alike: our contract's readers and rules, the same rows."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from typing import Any

import orjson

from services.analytics import domain as counting
from services.analytics import events as statistics
from services.analytics.bus.consumers import report_event as counted_of
from services.analytics.bus.fields import READS
from services.intake import events as intake_events
from services.intake.bus import answers, reading
from services.intake.bus.fields import STEPS, SUBMISSIONS
from services.intake.domain import reports as intake
from services.intake.domain.links import Links
from services.intake.domain.submissions import Submission
from services.intake.store.repository import citizen_row
from services.intake.store.repository import report_row as intake_row
from services.intake.usecases.submissions import Accepted
from services.notification import domain as notices
from services.notification.bus.consumers import report_event as notified
from services.notification.bus.fields import EVENTS
from services.routing import events as routing_events
from services.routing.bus import reading as routing_reading
from services.routing.bus.fields import ReportSubmitted
from services.routing.domain import Report, TownConfiguration, decide, to_event_data
from services.routing.store.repository import case_row
from services.routing.townfiles import load
from services.routing.usecases.decisions import case_file
from shared import clock, ids
from shared.amqp import Outgoing
from shared.contracts import errors, registry
from shared.contracts.envelope import Event
from shared.messaging import Message, RawMessage
from tests.support.system import GENTILLY

Row = dict[str, Any]


@cache
def town() -> TownConfiguration:
    """Gentilly, as its files have it."""
    return load(GENTILLY)


@cache
def _intake_town() -> intake.Town:
    return intake.town(1, to_event_data(town(), 1))


@cache
def _parents() -> counting.Parents:
    return counting.parents(to_event_data(town(), 1))


def _message(event: Event, data: dict[str, Any], sender: str = "") -> Message:
    return Message(RawMessage("", b"", {"user_id": sender}), event, data)


def _outgoing(event: Event, exchange: str, key: str) -> Outgoing:
    registry.check(event)
    return Outgoing(exchange, key, event.encode(), event.id, event.type, event.correlationid)


def submission(event: Event, sender: str) -> Submission:
    """What was sent, as a town takes it."""
    sent = reading.submission(_message(event, errors.load_data(SUBMISSIONS[event.type], event.data), sender))
    wrong = intake.errors_for(_intake_town(), sender, sent.kind, sent.category)
    if wrong:
        raise ValueError(wrong)
    return sent


def person(sent: Submission) -> Row:
    """Its author as a row."""
    return dict(citizen_row((sent.town, sent.author.key), sent))


def stored(sent: Submission, citizen_id: str) -> intake.Report:
    """The report, once its author is registered."""
    reference = intake.new_reference(sent.town)
    return intake.Report(ids.new_id(), reference, citizen_id, clock.timestamp(), sent)


def report_row(report: intake.Report) -> Row:
    """The report as a row."""
    return dict(intake_row(report))


def accepted(event: Event, report: intake.Report, reply_to: str) -> tuple[Row, list[Outgoing]]:
    """What is remembered of a submission; the event for the others, and the receipt."""
    links = Links(os.environ["INTAKE_URL"], os.environ["INTAKE_SECRET"])
    told = intake_events.report_submitted(report, links)
    taken = Accepted(report, links.tracking(report.town, report.id))
    receipt = answers.submission_accepted(event, taken, [])
    said = orjson.dumps([event.type, event.data], option=orjson.OPT_SORT_KEYS)
    key = os.environ["INTAKE_SECRET"].encode()[:64]
    row = {
        "town": event.town,
        "consumer": "intake.submissions",
        "sender": report.submission.sender,
        "event_id": event.id,
        "fingerprint": hashlib.blake2b(said, key=key, digest_size=16).hexdigest(),
        "reply": receipt.document(),
    }
    return row, [_outgoing(told, "events", f"{told.town}.{told.type}"), _outgoing(receipt, "", reply_to)]


def case(event: Event) -> tuple[Row, list[Outgoing]]:
    """The case of a new report, and the event that says so."""
    new = routing_reading.new_report(_message(event, registry.read(event, ReportSubmitted)))
    decision = decide(town(), Report.from_data(new.content, new.front_end), clock.now())
    file = case_file(new, decision)
    told = routing_events.decided(file, decision, new.cause)
    row = {**case_row(file, decision, told.time), "rule_set": 1}
    return row, [_outgoing(told, *route) for route in routing_events.routes(told, file.case.department)]


def step(event: Event) -> Row:
    """What the report's author may see of it."""
    data = registry.read(event, STEPS[event.type])
    kind = next((k for k in ("department", "authority") if data.get(k)), None)
    return {
        "town": event.town,
        "report_id": data["report"]["id"],
        "sequence": event.sequence,
        "state": event.type.split(".")[1],
        "holder_kind": kind,
        "holder": data.get(kind) if kind else None,
        "until": (data["clocks"] or {}).get("resolve_by"),
        "happened_at": event.time,
    }


def deliveries(event: Event) -> list[Row]:
    """Whom the event is told to."""
    read = notified(_message(event, registry.read(event, EVENTS[event.type])))
    return [_delivery(read, notice) for notice in notices.notices(event.type)]


def _delivery(event: notices.ReportEvent, notice: notices.Notice) -> Row:
    recipient = notices.recipient_id(notice, event)
    key = (event.town, event.id, notice.recipient, recipient, notices.CHANNEL)
    return {
        "town": event.town,
        "id": ids.derived_id(*key),
        "event_id": event.id,
        "report_id": event.report["id"],
        "reference": event.report["reference"],
        "recipient_kind": notice.recipient,
        "recipient_id": recipient,
        "channel": notices.CHANNEL,
        "template": notice.template,
        "template_version": notice.version,
        "language": event.report.get("language", "fr"),
        "data": notices.template_data(notice, event),
        "correlation_id": event.correlation_id,
    }


def fact(event: Event) -> counting.Fact:
    """What is counted."""
    happened = counting.HAPPENED[event.type]
    data = registry.read(event, READS[happened])
    return counting.fact(counted_of(_message(event, data)))


def fact_row(counted: counting.Fact, fact_id: str, sequence: int) -> Row:
    """A fact's columns."""
    columns = {name: getattr(counted, name) for name in counting.Fact.__slots__}
    return {"id": fact_id, "sequence": sequence, **columns}


def published(counted: counting.Fact, fact_id: str, sequence: int, seen: int) -> Outgoing:
    """The fact as analysts see it."""
    category, cell = counting.published(counted, seen, _parents())
    told = statistics.statistics_fact(counted, fact_id, sequence, category, cell)
    return _outgoing(told, "statistics", counted.town)
