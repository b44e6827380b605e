"""What routing reads: reports to decide on, and what agents' tools ask for."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import Schema

from services.routing.domain import Move
from shared.contracts import agent
from shared.contracts.intake import (
    ReportCompletedV1,
    ReportReopenedV1,
    ReportSubmittedV1,
    ReportWithdrawnV1,
)
from shared.contracts.states import Act

# A case keeps the whole report, so as to publish it again: routing reads all of it.
ReportSubmitted = ReportSubmittedV1

AUTHOR_ACTS: Mapping[str, tuple[Act, type[Schema]]] = {
    "report.withdrawn.v1": ("withdrawn", ReportWithdrawnV1),
    "report.reopened.v1": ("reopened", ReportReopenedV1),
    "report.completed.v1": ("completed", ReportCompletedV1),
}

_ACTIONS: Mapping[str, tuple[Move, type[Schema]]] = {
    "agent.acknowledged.v1": ("acknowledge", agent.AgentAcknowledgedV1),
    "agent.planned.v1": ("plan", agent.AgentPlannedV1),
    "agent.resolved.v1": ("resolve", agent.AgentResolvedV1),
    "agent.declined.v1": ("decline", agent.AgentDeclinedV1),
    "agent.returned.v1": ("return", agent.AgentReturnedV1),
    "agent.noted.v1": ("note", agent.AgentNotedV1),
}
ACTIONS: Mapping[str, Schema] = {type_: schema() for type_, (_, schema) in _ACTIONS.items()}
MOVES: Mapping[str, Move] = {type_: move for type_, (move, _) in _ACTIONS.items()}
