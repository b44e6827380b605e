"""Deciding who gets each new report: its case is opened, and the decision published."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from services.routing import events
from services.routing.domain import (
    Action,
    Actor,
    Case,
    CaseFile,
    Decision,
    Report,
    TownConfiguration,
    apply,
    decide,
)
from services.routing.store import repository
from services.routing.store.repository import CaseKey
from shared import clock, ids
from shared.contracts.envelope import Cause
from shared.unit import Unit

log = logging.getLogger(__name__)

Outcome = Literal["has_case", "unknown_town"]


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report that intake has taken.

    `content` is the `report` block of its event, kept whole and published again as it came; `front_end` is
    the RabbitMQ user that sent it, or empty.
    """

    town: str
    content: Mapping[str, Any]
    front_end: str = ""
    cause: Cause = field(default_factory=Cause)

    @property
    def key(self) -> CaseKey:
        """By which its case is known: the town, and the report's id."""
        return self.town, self.content["id"]


def open_cases(
    unit: Unit, towns: Mapping[str, TownConfiguration], reports: Sequence[NewReport]
) -> list[Outcome]:
    """Decide on each report that has no case yet; returns what became of each, in the same order.

    `towns`: the configurations of those that are set up. A report of another town gets no case.
    """
    known = repository.known_cases(unit.conn, {report.key for report in reports})
    new = {report.key: report for report in reports if report.key not in known and report.town in towns}
    opened = [_open(unit, towns[report.town], report) for report in new.values()]
    repository.open_cases(unit.conn, opened, clock.timestamp())
    return ["has_case" if r.key in known or r.key in new else "unknown_town" for r in reports]


def _open(unit: Unit, town: TownConfiguration, report: NewReport) -> tuple[CaseFile, Decision]:
    decision = decide(town, Report.from_data(report.content, report.front_end), clock.now())
    if decision.alert:
        which = {"town": town.slug, "report": report.content["id"]}
        log.error("no rule decides", extra=which | {"correlation_id": ids.shown(report.cause.correlationid)})
    file = case_file(report, decision)
    events.publish(unit, events.decided(file, decision, report.cause), file.case.department)
    return file, decision


def case_file(report: NewReport, decision: Decision) -> CaseFile:
    """The case of a new report, once it is decided on."""
    case = apply(Case(report.content["id"]), Actor(report.town), Action.decided(decision))
    assert isinstance(case, Case)
    return CaseFile(report.town, report.content["reference"], report.content, sequence=1, case=case)
