"""What routing reads: reports to decide on, and what agent tools ask for."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import Schema

from shared.contracts import agent
from shared.contracts.intake import ReportSubmittedV1

# A case keeps the whole report, so as to tell it again: routing reads all of it.
ReportSubmitted = ReportSubmittedV1

ACTIONS: Mapping[str, Schema] = {
    "agent.acknowledged.v1": agent.AgentAcknowledgedV1(),
    "agent.planned.v1": agent.AgentPlannedV1(),
    "agent.resolved.v1": agent.AgentResolvedV1(),
    "agent.declined.v1": agent.AgentDeclinedV1(),
    "agent.returned.v1": agent.AgentReturnedV1(),
    "agent.noted.v1": agent.AgentNotedV1(),
}
