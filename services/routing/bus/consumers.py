"""What routing does with what comes in: new reports, agents' actions; and with clocks that run out."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from services.routing import events
from services.routing.bus import fields as schemas
from services.routing.domain import (
    MOVE_OF_EVENT,
    Action,
    Calendar,
    Case,
    CaseFile,
    Decision,
    Refusal,
    Report,
    TownConfiguration,
    apply,
    decide,
    from_document,
    waiting_anew,
)
from services.routing.store import repository
from services.routing.store.repository import CaseKey
from shared import clock, db, ids
from shared.contracts import errors
from shared.messaging.batch import Batch
from shared.messaging.events import EventConsumer, On
from shared.messaging.message import Message
from shared.messaging.processor import Consumer
from shared.messaging.requests import Errors, RequestConsumer, language
from shared.messaging.resources import ConsumerFactory, Resources
from shared.towns import Towns

log = logging.getLogger(__name__)
STATES = {"department": "routed", "authority": "forwarded", "triage": "triage"}


def new_reports(_resources: Resources) -> Consumer:
    """Decides on new reports."""
    towns = Towns(_configuration, repository.current_town)
    return EventConsumer({"report.submitted.v1": On(schemas.ReportSubmitted, Reports(towns).take)})


def actions(_resources: Resources) -> Consumer:
    """Does what agent tools ask for."""
    return RequestConsumer(
        reads=schemas.ACTIONS,
        handler=Actions(Towns(_configuration, repository.current_town)).take,
        reject=events.action_rejected,
        secret=b"",  # nothing in an action is secret from whoever may read the inbox
    )


CONSUMERS: Mapping[str, ConsumerFactory] = {"routing.events": new_reports, "routing.actions": actions}


def _configuration(version: int, document: Mapping[str, Any]) -> TownConfiguration:
    return from_document(document, version)


@dataclass(frozen=True, slots=True)
class Reports:
    """Decides who gets each new report, opens its case, and tells."""

    towns: Towns[TownConfiguration]

    def take(self, batch: Batch, messages: list[Message]) -> None:
        """Decide on all whose town is known; the others wait for its configuration.

        A report that has its case comes again when it is told again after the inbox has forgotten it:
        nothing is decided anew, and nothing told.
        """
        new = _without_case(batch.conn, messages)
        towns = self.towns.current(batch.conn, {m.event.town for m in new})
        rows = [self._decide(batch, towns[m.event.town], m) for m in new if m.event.town in towns]
        for message in new:
            if message.event.town not in towns:
                batch.retry(message, f"the town {message.event.town} is not configured")
        repository.open_cases(batch.conn, rows)

    def _decide(self, batch: Batch, town: TownConfiguration, message: Message) -> repository.Row:
        report = Report.from_data(message.data["report"], message.data["front_end"] or "")
        decision = decide(town, report, clock.now())
        if decision.alert:
            which = {"town": town.slug, "report": report.id}
            correlation = ids.shown(message.event.correlationid)
            log.error("no rule decides", extra={**which, "correlation_id": correlation})
        event = events.decided(message, decision)
        department = decision.target if decision.target_kind == "department" else None
        batch.publish(event, *events.routes(event, department))
        return _case_row(message, decision, event.time)


def _without_case(conn: db.Connection, messages: list[Message]) -> list[Message]:
    known = repository.known_cases(conn, {_report(m) for m in messages})
    return [m for m in messages if _report(m) not in known]


def _report(message: Message) -> CaseKey:
    return message.event.town, message.data["report"]["id"]


def _case_row(message: Message, decision: Decision, now: str) -> dict[str, Any]:
    report = message.data["report"]
    return {
        "town": message.event.town,
        "report_id": report["id"],
        "reference": report["reference"],
        "report": report,
        "state": STATES[decision.target_kind],
        "target_kind": decision.target_kind,
        "target": decision.target,
        "rule": decision.rule,
        "rule_set": decision.rule_set,
        "reason": dict(decision.reason),
        "acknowledge_by": decision.clocks.acknowledge_by,
        "resolve_by": decision.clocks.resolve_by,
        "sequence": 1,
        "changed_at": now,
    }


@dataclass(frozen=True, slots=True)
class Actions:
    """Does what agent tools ask for, where the tool may, and the case allows it."""

    towns: Towns[TownConfiguration]

    def take(self, batch: Batch, messages: list[Message]) -> list[tuple[Message, Errors]]:
        """Do the actions in the order in which they came; returns those refused, each with why."""
        towns = self.towns.current(batch.conn, {m.event.town for m in messages})
        files = repository.lock_cases(batch.conn, {_key(m) for m in messages})
        moved: dict[CaseKey, CaseFile] = {}
        refused = []
        for message in messages:
            problems = self._act(batch, towns.get(message.event.town), files, message)
            if problems:
                refused.append((message, problems))
            else:
                moved[_key(message)] = files[_key(message)]
        repository.save_cases(batch.conn, moved.values(), clock.timestamp())
        return refused

    def _act(
        self,
        batch: Batch,
        town: TownConfiguration | None,
        files: Mapping[CaseKey, CaseFile],
        message: Message,
    ) -> Errors:
        department = _department(town, message.raw.sender)
        if town is None or department is None:
            return [errors.error("/town", "not_allowed.town", language(message.event))]
        file = files.get(_key(message))
        if file is None:
            return [errors.error("/data/report", "unknown_report", language(message.event))]
        action = _action(message, department, _today(town))
        moved = apply(file.case, action)
        if isinstance(moved, Refusal):
            return [events.refusal_error(moved, language(message.event))]
        file.case, file.sequence = _timed(town, moved, action), file.sequence + 1
        _tell(batch, message, file, department, action)
        return []


def _tell(batch: Batch, message: Message, file: CaseFile, department: str, action: Action) -> None:
    event = events.done(message, file, department, action)
    batch.publish(event, *events.routes(event, department))
    batch.accept(message, events.action_accepted(message, file))


def _key(message: Message) -> CaseKey:
    return message.event.town, message.data["report"]


def _department(town: TownConfiguration | None, user: str) -> str | None:
    """The department for which this RabbitMQ user may act."""
    tools = town.tools if town else ()
    return next((t.department for t in tools if t.user == user and t.role == "agent"), None)


def _action(message: Message, department: str, today: date) -> Action:
    data = message.data
    planned_for = data.get("planned_for")
    return Action(
        move=MOVE_OF_EVENT[message.event.type],
        department=department,
        text=data.get("text"),
        outcome=data.get("outcome"),
        planned_for=date.fromisoformat(planned_for) if planned_for else None,
        today=today,
    )


def _timed(town: TownConfiguration, case: Case, action: Action) -> Case:
    """Nothing waits in triage without a clock, nor what a department gave back."""
    if action.move != "return":
        return case
    calendar = Calendar(town.time_zone, town.working_time)
    return waiting_anew(case, calendar.clocks(clock.now(), town.delays.triage))


def _today(town: TownConfiguration) -> date:
    return clock.now().astimezone(ZoneInfo(town.time_zone)).date()
