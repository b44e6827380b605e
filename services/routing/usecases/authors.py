"""What authors do about their reports: withdraw, reopen, add to them. Intake tells it; cases follow."""

from __future__ import annotations

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
    Move,
    TownConfiguration,
    apply,
    decide_reopening,
)
from services.routing.store import repository
from services.routing.store.repository import CaseKey
from shared import clock
from shared.contracts.envelope import Cause
from shared.contracts.states import Act
from shared.unit import Unit

Outcome = Literal["done", "too_late", "no_case"]

_MOVES: Mapping[str, Move] = {"withdrawn": "withdraw", "reopened": "reopen", "completed": "complete"}


@dataclass(frozen=True, slots=True)
class AuthorAct:
    """What an author has done. `said`: what goes with it to the department's desk, as its event has it."""

    town: str
    report_id: str
    act: Act
    said: Mapping[str, Any]
    cause: Cause = field(default_factory=Cause)

    @property
    def key(self) -> CaseKey:
        """Whose case it is about: the town, and the report's id."""
        return self.town, self.report_id


def follow_authors(
    unit: Unit, towns: Mapping[str, TownConfiguration], acts: Sequence[AuthorAct]
) -> list[Outcome]:
    """Do what they ask, in this order; returns what became of each.

    `too_late`: the department was faster, and its answer holds. `no_case`: the report is still to come.
    """
    files = repository.lock_cases(unit.conn, {act.key for act in acts})
    outcomes: list[Outcome] = []
    for act in acts:
        file = files.get(act.key)
        after = _follow(unit, towns[act.town], file, act) if file else None
        if after:
            files[act.key] = after
        outcomes.append("done" if after else "too_late" if file else "no_case")
    return outcomes


def _follow(unit: Unit, town: TownConfiguration, file: CaseFile, act: AuthorAct) -> CaseFile | None:
    decision = decide_reopening(town, file, act.said["text"], clock.now()) if act.act == "reopened" else None
    case = apply(file.case, Actor(act.town, is_author=True), _action(act, decision))
    if not isinstance(case, Case):
        return None
    after = file.after(case)
    if decision:
        events.publish(unit, events.decided(after, decision, act.cause), None)
        repository.save_decided(unit.conn, [(after, decision)], clock.timestamp())
    else:
        repository.save_cases(unit.conn, [after], clock.timestamp())
    if file.case.department:
        told = events.told_to_desk(after, act.act, act.said, act.cause)
        events.publish(unit, told, file.case.department)
    return after


def _action(act: AuthorAct, decision: Decision | None) -> Action:
    if decision:
        return Action("reopen", target=decision.target, clocks=decision.clocks)
    return Action(_MOVES[act.act])
