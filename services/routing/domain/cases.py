"""A case: where a report stands, and until when somebody has to act.

A state says where the case stands, its outcome how it ended: "resolved" with `nothing_found` is not "fixed".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from shared.contracts.states import State, TargetKind

Clock = Literal["acknowledge", "resolve"]
CLOCKS: tuple[Clock, ...] = get_args(Clock)

RUNNING: Mapping[Clock, frozenset[State]] = {
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

    @property
    def department(self) -> str | None:
        """The department that has it, if one does."""
        return self.target if self.target_kind == "department" else None

    def due_at(self, clock: Clock) -> datetime | None:
        """When `clock` runs out."""
        return self.acknowledge_by if clock == "acknowledge" else self.resolve_by


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with the report that it is about.

    `report` is the `report` block of events, published again as it came. `sequence` is that of the last
    event about the report.
    """

    town: str
    reference: str
    report: Mapping[str, Any]
    sequence: int
    case: Case

    def after(self, case: Case) -> CaseFile:
        """The file after one more event, with the case as it then stands."""
        return replace(self, case=case, sequence=self.sequence + 1)
