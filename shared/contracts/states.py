"""The states of a case and how one ends: the one list, from which everything else takes them."""

from collections.abc import Mapping
from typing import Literal, get_args

from shared.l10n import Label

State = Literal[
    "submitted",
    "routed",
    "forwarded",
    "triage",
    "acknowledged",
    "planned",
    "resolved",
    "declined",
    "withdrawn",
]
TargetKind = Literal["department", "authority", "triage"]

STATES: tuple[State, ...] = get_args(State)
TARGET_KINDS: tuple[TargetKind, ...] = get_args(TargetKind)
ANSWERED: frozenset[State] = frozenset({"resolved", "declined"})
"""Ended by its department; its author may still reopen it."""
ENDED: frozenset[State] = ANSWERED | {"withdrawn"}

RESERVED = ("merged", "reopened")
"""States that the contract promises to agents' tools and in which no case can be yet."""

RESOLVED = ("done", "nothing_found")
DECLINED = ("not_planned", "not_competent", "duplicate", "invalid")
"""The outcomes: how a case was resolved, and why it was declined."""

WITHDRAWN = ("gone", "mistake", "other")
"""Why its author withdraws a report."""
RATED = SATISFIED, UNSATISFIED = ("satisfied", "unsatisfied")
"""What its author thinks of how it ended."""

STEPS: Mapping[State, str] = {state: "triaged" if state == "triage" else state for state in STATES}
"""What happened to a report that is now in a state: `routed` of `report.routed.v1`."""

Act = Literal["withdrawn", "reopened", "completed", "rated"]
ACTS: tuple[Act, ...] = get_args(Act)
"""What its author has done about a report, as intake tells it: `withdrawn` of `report.withdrawn.v1`."""

STATE_LABELS: Mapping[State, Label] = {
    "submitted": Label("reçu", "received"),
    "routed": Label("confié à un service", "given to a department"),
    "forwarded": Label("transmis", "forwarded"),
    "triage": Label("en régulation", "in triage"),
    "acknowledged": Label("pris en compte", "taken up"),
    "planned": Label("planifié", "planned"),
    "resolved": Label("traité", "resolved"),
    "declined": Label("clos sans suite", "declined"),
    "withdrawn": Label("retiré par son auteur", "withdrawn by its author"),
}
"""The words for operators and agents; citizens' pages and mails have plainer ones."""


def event_type(step: str) -> str:
    """The event that says what happened to a report: `report.routed.v1` of `routed`."""
    return f"report.{step}.v1"
