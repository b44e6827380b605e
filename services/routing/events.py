"""Routing's words on the bus: its decisions, what departments do, and its answers to agent tools."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.routing.domain import Action, CaseFile, Decision, Refusal
from shared import clock, ids
from shared.contracts.envelope import Event
from shared.messaging import requests, topology
from shared.messaging.answers import answer
from shared.messaging.message import Message

SOURCE = "urn:vigie:routing"
DECIDED = {"department": "routed", "authority": "forwarded", "triage": "triaged"}
DONE = {
    "acknowledge": "acknowledged",
    "plan": "planned",
    "resolve": "resolved",
    "decline": "declined",
    "return": "triaged",
    "note": "noted",
}


def decided(message: Message, decision: Decision) -> Event:
    """`report.routed.v1`, `.forwarded` or `.triaged`: who has the report, by which rule, and until when."""
    data: dict[str, Any] = {"report": message.data["report"], **_decision(decision)}
    if decision.target:
        data[decision.target_kind] = decision.target
    return _told(DECIDED[decision.target_kind], message.event, data, sequence=1)


def _decision(decision: Decision) -> dict[str, Any]:
    why: dict[str, Any] = {
        "rule": decision.rule,
        "rule_set": str(decision.rule_set),
        "reason": dict(decision.reason),
    }
    if decision.plain_reason:
        why["plain_reason"] = dict(decision.plain_reason)
    return {
        "decision": why,
        "clocks": _clocks(decision.clocks.acknowledge_by, decision.clocks.resolve_by),
    }


def _clocks(acknowledge_by: datetime | None, resolve_by: datetime | None) -> dict[str, str]:
    clocks = {"acknowledge_by": acknowledge_by, "resolve_by": resolve_by}
    return {name: clock.rfc3339(moment) for name, moment in clocks.items() if moment}


def done(message: Message, file: CaseFile, department: str, action: Action) -> Event:
    """What a department did: `report.acknowledged.v1` and its kin; `.triaged` where it gave it back."""
    did: dict[str, Any] = {"department": department, "agent_id": message.data["agent"]}
    if action.move == "return":
        did = _returned(file, action)
    optional = {"text": action.text, "outcome": action.outcome, "planned_for": _date(action)}
    wanted = {"plan": ("text", "planned_for"), "return": (), "acknowledge": ("text",), "note": ("text",)}
    names = wanted.get(action.move, ("text", "outcome"))
    did |= {name: optional[name] for name in names if optional[name] is not None}
    return _told(DONE[action.move], message.event, {"report": file.report, **did}, file.sequence)


def _returned(file: CaseFile, action: Action) -> dict[str, Any]:
    text = action.text or ""
    reason = {"fr": f"Rendu par le service : {text}", "en": f"Given back by the department: {text}"}
    clocks = _clocks(file.case.acknowledge_by, file.case.resolve_by)
    return {"decision": {"rule": "returned", "rule_set": "-", "reason": reason}, "clocks": clocks}


def _date(action: Action) -> str | None:
    return action.planned_for.isoformat() if action.planned_for else None


def overdue(file: CaseFile, which: str, due_at: datetime) -> Event:
    """`report.overdue.v1`: a clock has run out."""
    target = {"kind": file.case.target_kind, "id": file.case.target}
    data = {"report": file.report, "target": target, "clock": which, "due_at": clock.rfc3339(due_at)}
    return Event(
        id=ids.new_id(),
        source=SOURCE,
        type="report.overdue.v1",
        town=file.town,
        time=clock.timestamp(),
        subject=file.case.id,
        sequence=f"{file.sequence:010}",
        data=data,
    )


def routes(event: Event, department: str | None) -> tuple[tuple[str, str], ...]:
    """Where a fact about a report goes: to the services, and to the desk of the department that has it."""
    desk = ((topology.DESK, topology.desk_key(event.town, department)),) if department else ()
    if event.type == "report.noted.v1":
        return desk  # a note is the department's own
    return ((topology.EVENTS, f"{event.town}.{event.type}"), *desk)


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


def action_accepted(message: Message, file: CaseFile) -> Event:
    """The agent's action is done; the state in which the report is now."""
    report = {"id": file.case.id, "reference": file.reference}
    return answer(SOURCE, "action.accepted.v1", message.event, {"report": report, "state": file.case.state})


def action_rejected(refusal: requests.Rejection) -> Event:
    """Why an agent's action was not done, by field."""
    return answer(SOURCE, "action.rejected.v1", refusal.request, {"errors": refusal.errors})


def refusal_error(refusal: Refusal, language: str) -> dict[str, str]:
    """One error of the answer, in words."""
    message = refusal.message.in_language(language)
    return {"pointer": refusal.pointer, "code": refusal.code, "message": message}


def _told(what: str, cause: Event, data: dict[str, Any], sequence: int) -> Event:
    return Event(
        id=ids.new_id(),
        source=SOURCE,
        type=f"report.{what}.v1",
        town=cause.town,
        time=clock.timestamp(),
        subject=data["report"]["id"],
        sequence=f"{sequence:010}",
        correlationid=cause.correlationid or cause.id,
        causationid=cause.id,
        traceparent=cause.traceparent,
        data=data,
    )
