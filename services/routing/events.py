"""The events that routing publishes: its decisions, what departments do, clocks that run out, towns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.routing.domain import RETURNED, Action, Actor, Case, CaseFile, Clock, Decision, why_returned
from shared import clock, ids
from shared.contracts.envelope import Cause, Event
from shared.contracts.exchanges import DESK, EVENTS, desk_key
from shared.contracts.states import ACTS, STEPS, Act, event_type
from shared.outbox import Route
from shared.unit import Unit

SOURCE = "urn:vigie:routing"
# A note is the department's own; what its author does, intake has told everybody else.
_DESK_ALONE = {"report.noted.v1", *map(event_type, ACTS)}


def decided(file: CaseFile, decision: Decision, cause: Cause) -> Event:
    """`report.routed.v1`, `.forwarded` or `.triaged`: who has the report, by which rule, and until when."""
    data: dict[str, Any] = {"report": file.report, "decision": _why(decision), "clocks": _clocks(file.case)}
    if decision.target:
        data[decision.target_kind] = decision.target
    return _of_report(file, STEPS[file.case.state], data, cause)


def _why(decision: Decision) -> dict[str, Any]:
    why = {"rule": decision.rule, "rule_set": decision.rule_set, "reason": dict(decision.reason)}
    return {**why, "plain_reason": dict(decision.plain_reason)} if decision.plain_reason else why


def _clocks(case: Case) -> dict[str, str]:
    clocks = {"acknowledge_by": case.acknowledge_by, "resolve_by": case.resolve_by}
    return {name: clock.rfc3339(due_at) for name, due_at in clocks.items() if due_at}


def acted(file: CaseFile, actor: Actor, action: Action, cause: Cause) -> Event:
    """What an agent did: `report.acknowledged.v1`, `.planned` …; `.triaged` where the report was returned."""
    step = "noted" if action.move == "note" else STEPS[file.case.state]
    said = _returned(file, action) if action.move == "return" else _done(actor, action)
    return _of_report(file, step, {"report": file.report, **said}, cause)


def _done(actor: Actor, action: Action) -> dict[str, Any]:
    day = action.planned_for.isoformat() if action.planned_for else None
    said = {"text": action.text, "outcome": action.outcome, "planned_for": day}
    who = {"department": actor.department, "agent_id": actor.name}
    return who | {name: value for name, value in said.items() if value is not None}


def _returned(file: CaseFile, action: Action) -> dict[str, Any]:
    decision = {"rule": RETURNED, "rule_set": "-", "reason": why_returned(action.text or "")}
    return {"decision": decision, "clocks": _clocks(file.case)}


def told_to_desk(file: CaseFile, act: Act, said: Mapping[str, Any], cause: Cause) -> Event:
    """What its author has done, for the desk of the department that has the report: `report.reopened.v1` …"""
    clocks = {"clocks": _clocks(file.case)} if act == "reopened" else {}
    data = {"report": file.report, **said, **clocks, "department": file.case.department}
    return _of_report(file, act, data, cause)


def overdue(file: CaseFile, which: Clock) -> Event:
    """`report.overdue.v1`: the clock `which` of the case has run out."""
    due_at = file.case.due_at(which)
    assert due_at is not None
    target = {"kind": file.case.target_kind, "id": file.case.target}
    data = {"report": file.report, "target": target, "clock": which, "due_at": clock.rfc3339(due_at)}
    return _of_report(file, "overdue", data, Cause())


def town_configured(town: str, configuration: Mapping[str, Any]) -> Event:
    """`town.configured.v1`: a town's set-up, for every service to keep."""
    return Event(
        id=ids.new_id(),
        source=SOURCE,
        type="town.configured.v1",
        town=town,
        time=clock.timestamp(),
        data=dict(configuration),
    )


def publish(unit: Unit, event: Event, department: str | None) -> None:
    """Publish an event about a report to whom it concerns; `department`: whose desk gets it, too."""
    unit.publish(event, *routes(event, department))


def routes(event: Event, department: str | None) -> tuple[Route, ...]:
    """Where an event about a report goes: to the services, and to the desk of `department`, if it has one."""
    desk = ((DESK, desk_key(event.town, department)),) if department else ()
    if event.type in _DESK_ALONE:
        return desk
    return ((EVENTS, f"{event.town}.{event.type}"), *desk)


def _of_report(file: CaseFile, step: str, data: dict[str, Any], cause: Cause) -> Event:
    return Event(
        id=ids.new_id(),
        source=SOURCE,
        type=event_type(step),
        town=file.town,
        time=clock.timestamp(),
        subject=file.case.id,
        sequence=f"{file.sequence:010}",
        **cause.attributes(),
        data=data,
    )
