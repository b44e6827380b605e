"""The states of a case as one table of data, and the one function that moves a case.

A state says where the case stands, its outcome how it ended: "resolved" with `nothing_found` is not "fixed".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from services.routing.domain.clocks import Clocks
from shared.l10n import Label

State = Literal[
    "submitted", "routed", "forwarded", "triage", "acknowledged", "planned", "resolved", "declined"
]
Move = Literal["route", "forward", "triage", "acknowledge", "plan", "resolve", "decline", "return", "note"]
TargetKind = Literal["department", "authority", "triage"]

STATES: tuple[State, ...] = (
    "submitted",
    "routed",
    "forwarded",
    "triage",
    "acknowledged",
    "planned",
    "resolved",
    "declined",
)
AGENT_MOVES: tuple[Move, ...] = ("acknowledge", "plan", "resolve", "decline", "return", "note")
MOVES: tuple[Move, ...] = ("route", "forward", "triage", *AGENT_MOVES)

TRANSITIONS: Mapping[tuple[State, Move], State] = {
    ("submitted", "route"): "routed",
    ("submitted", "forward"): "forwarded",
    ("submitted", "triage"): "triage",
    ("triage", "route"): "routed",
    ("triage", "forward"): "forwarded",
    ("forwarded", "triage"): "triage",
    ("routed", "acknowledge"): "acknowledged",
    ("routed", "plan"): "planned",
    ("routed", "resolve"): "resolved",
    ("routed", "decline"): "declined",
    ("routed", "return"): "triage",
    ("routed", "note"): "routed",
    ("acknowledged", "plan"): "planned",
    ("acknowledged", "resolve"): "resolved",
    ("acknowledged", "decline"): "declined",
    ("acknowledged", "return"): "triage",
    ("acknowledged", "note"): "acknowledged",
    ("planned", "plan"): "planned",
    ("planned", "resolve"): "resolved",
    ("planned", "decline"): "declined",
    ("planned", "return"): "triage",
    ("planned", "note"): "planned",
    ("resolved", "note"): "resolved",
    ("declined", "note"): "declined",
}

OUTCOMES: Mapping[Move, tuple[str, ...]] = {
    "resolve": ("done", "nothing_found"),
    "decline": ("not_planned", "not_competent", "duplicate", "invalid"),
}
NEEDS_TEXT: frozenset[Move] = frozenset({"resolve", "decline", "return", "note"})
PLANNED_AHEAD = timedelta(days=3653)
"""How far ahead work may be planned: whoever writes more has mistyped the year."""

MOVE_OF_EVENT: Mapping[str, Move] = {
    "agent.acknowledged.v1": "acknowledge",
    "agent.planned.v1": "plan",
    "agent.resolved.v1": "resolve",
    "agent.declined.v1": "decline",
    "agent.returned.v1": "return",
    "agent.noted.v1": "note",
}
EVENT_OF_MOVE: Mapping[Move, str] = {
    "route": "report.routed.v1",
    "forward": "report.forwarded.v1",
    "triage": "report.triaged.v1",
    "acknowledge": "report.acknowledged.v1",
    "plan": "report.planned.v1",
    "resolve": "report.resolved.v1",
    "decline": "report.declined.v1",
    "return": "report.triaged.v1",
    "note": "report.noted.v1",
}

RUNNING: Mapping[str, frozenset[State]] = {
    "acknowledge": frozenset({"routed", "forwarded", "triage"}),
    "resolve": frozenset({"routed", "forwarded", "triage", "acknowledged", "planned"}),
}
"""The states in which each clock runs, so that one which has passed is overdue.

`cases_acknowledge_overdue` and `cases_resolve_overdue` of `queries.sql` and their partial indexes
list them once more: PostgreSQL is sure to take such an index only where the statement says its condition.
"""


@dataclass(frozen=True)
class Case:
    """Where a report stands, and until when somebody has to act.

    `target` is the slug of the department or authority that has it: None in triage, where `target_kind` is
    `triage`, and before anything is decided, where that is None too. `outcome` says how it ended,
    `planned_for` is the day that a department has named.

    Two clocks run from the decision: one until somebody takes the case up (`acknowledge_by`), one until it
    has ended (`resolve_by`); either may be None, where the town sets no such delay. A moment stays when its
    clock has stopped: `RUNNING` says in which states it counts.
    """

    id: str
    state: State = "submitted"
    target_kind: TargetKind | None = None
    target: str | None = None
    outcome: str | None = None
    planned_for: date | None = None
    acknowledge_by: datetime | None = None
    resolve_by: datetime | None = None


@dataclass(slots=True)
class CaseFile:
    """A case with what goes with it: the report as others are told of it, and how often they were told.

    `sequence` is that of the last fact told. The one thing here that changes: a file is worked on while its
    row is locked.
    """

    town: str
    reference: str
    report: dict[str, Any]
    sequence: int
    case: Case


@dataclass(frozen=True)
class Action:
    """What is asked of a case.

    `department` is the one that acts, None for routing itself; `target` is the department or authority that a
    `route` or `forward` gives the case to; `today` is the town's local date, for `plan`.
    """

    move: Move
    department: str | None = None
    text: str | None = None
    outcome: str | None = None
    planned_for: date | None = None
    today: date | None = None
    target: str | None = None


@dataclass(frozen=True)
class Refusal:
    """Why not. `pointer` is the place in the agent's event, as in a JSON pointer."""

    code: str
    pointer: str
    message: Label


def apply(case: Case, action: Action) -> Case | Refusal:
    """Move the case, or say why it cannot be. A target's change clears what the last one had planned."""
    refusal = _refusal(case, action)
    if refusal:
        return refusal
    state = TRANSITIONS[case.state, action.move]
    moved = replace(case, state=state, outcome=action.outcome if action.move in OUTCOMES else case.outcome)
    if action.move in ("route", "forward", "triage", "return"):
        return _given_to(moved, action)
    return replace(moved, planned_for=action.planned_for) if action.move == "plan" else moved


def waiting_anew(case: Case, clocks: Clocks) -> Case:
    """A case that was given back to triage, with triage's `clocks`; the end that was promised stays."""
    resolve_by = case.resolve_by or clocks.resolve_by
    return replace(case, acknowledge_by=clocks.acknowledge_by, resolve_by=resolve_by)


def _given_to(case: Case, action: Action) -> Case:
    kinds: Mapping[Move, TargetKind] = {"route": "department", "forward": "authority"}
    kind = kinds.get(action.move, "triage")
    return replace(case, target_kind=kind, target=action.target, planned_for=None)


def _refusal(case: Case, action: Action) -> Refusal | None:
    return (
        _not_theirs(case, action)
        or _impossible(case, action)
        or _text_missing(action)
        or _bad_outcome(action)
        or _bad_date(action)
    )


def _not_theirs(case: Case, action: Action) -> Refusal | None:
    if action.move not in AGENT_MOVES:
        return None
    if case.target_kind == "department" and case.target == action.department:
        return None
    return Refusal(
        "wrong_department",
        "/data/report",
        Label(
            "Ce signalement n'est pas confié à votre service.",
            "This report is not with your department.",
        ),
    )


def _impossible(case: Case, action: Action) -> Refusal | None:
    if (case.state, action.move) in TRANSITIONS:
        return None
    fr, en = STATE_LABELS[case.state].fr, STATE_LABELS[case.state].en
    what = MOVE_LABELS[action.move]
    return Refusal(
        "impossible_transition",
        "/type",
        Label(
            f"Le signalement est « {fr} » : impossible de le {what.fr}.",
            f"The report is “{en}”: you cannot {what.en}.",
        ),
    )


def _text_missing(action: Action) -> Refusal | None:
    if action.move not in NEEDS_TEXT or (action.text and action.text.strip()):
        return None
    return Refusal(
        "required", "/data/text", Label("Un texte est obligatoire ici.", "A text is mandatory here.")
    )


def _bad_outcome(action: Action) -> Refusal | None:
    allowed = OUTCOMES.get(action.move, ())
    if not allowed or action.outcome in allowed:
        return None
    listed = ", ".join(allowed)
    return Refusal(
        "not_a_choice" if action.outcome else "required",
        "/data/outcome",
        Label(f"L'issue doit être l'une de : {listed}.", f"The outcome must be one of: {listed}."),
    )


def _bad_date(action: Action) -> Refusal | None:
    if action.move != "plan":
        return None
    if action.planned_for is None:
        message = Label("La date prévue est obligatoire.", "The planned date is mandatory.")
        return Refusal("required", "/data/planned_for", message)
    if action.today and action.planned_for < action.today:
        message = Label("La date prévue est passée.", "The planned date is in the past.")
        return Refusal("out_of_range", "/data/planned_for", message)
    if action.today and action.planned_for > action.today + PLANNED_AHEAD:
        message = Label(
            "La date prévue est dans plus de dix ans : vérifiez l'année.",
            "The planned date is more than ten years ahead: check the year.",
        )
        return Refusal("out_of_range", "/data/planned_for", message)
    return None


STATE_LABELS: Mapping[State, Label] = {
    "submitted": Label("reçu", "received"),
    "routed": Label("confié à un service", "given to a department"),
    "forwarded": Label("transmis", "forwarded"),
    "triage": Label("en régulation", "in triage"),
    "acknowledged": Label("pris en compte", "taken up"),
    "planned": Label("planifié", "planned"),
    "resolved": Label("traité", "resolved"),
    "declined": Label("clos sans suite", "declined"),
}
MOVE_LABELS: Mapping[Move, Label] = {
    "route": Label("confier à un service", "give it to a department"),
    "forward": Label("transmettre", "forward it"),
    "triage": Label("mettre en régulation", "put it in triage"),
    "acknowledge": Label("prendre en compte", "take it up"),
    "plan": Label("planifier", "plan it"),
    "resolve": Label("déclarer traité", "resolve it"),
    "decline": Label("clore sans suite", "decline it"),
    "return": Label("renvoyer en régulation", "return it to triage"),
    "note": Label("annoter", "annotate it"),
}
