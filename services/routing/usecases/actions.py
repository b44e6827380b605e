"""Acting on reports, as agents ask for it through their department's tool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from services.routing import events
from services.routing.domain import (
    NOT_ALLOWED,
    UNKNOWN_REPORT,
    Action,
    Actor,
    Calendar,
    CaseFile,
    Refusal,
    TownConfiguration,
    apply,
    why_returned,
)
from services.routing.store import repository
from services.routing.store.repository import CaseKey
from shared import clock
from shared.contracts.envelope import Cause
from shared.unit import Unit

Outcome = CaseFile | Refusal


@dataclass(frozen=True, slots=True)
class Request:
    """What an agent asks of a report of the agent's town. No `actor`: it comes from nobody who may act."""

    actor: Actor | None
    report_id: str
    action: Action
    cause: Cause = field(default_factory=Cause)

    @property
    def key(self) -> CaseKey:
        """Whose case it is about: the town, and the report's id."""
        return self.actor.town if self.actor else "", self.report_id


def act(unit: Unit, towns: Mapping[str, TownConfiguration], requests: Sequence[Request]) -> list[Outcome]:
    """Do what is asked, in this order; returns for each its case as it then stands, or why it is not done.

    `towns`: the configurations of the actors' towns.
    """
    files = repository.lock_cases(unit.conn, {request.key for request in requests})
    moved: dict[CaseKey, CaseFile] = {}
    returned: dict[CaseKey, Mapping[str, str]] = {}
    outcomes = []
    for request in requests:
        outcome = _act(unit, towns, moved.get(request.key) or files.get(request.key), request)
        outcomes.append(outcome)
        if isinstance(outcome, CaseFile):
            moved[request.key] = outcome
            if request.action.move == "return":
                returned[request.key] = why_returned(request.action.text or "")
    repository.save_cases(unit.conn, moved.values(), clock.timestamp())
    repository.save_returned(unit.conn, returned)
    return outcomes


def _act(
    unit: Unit, towns: Mapping[str, TownConfiguration], file: CaseFile | None, request: Request
) -> Outcome:
    if request.actor is None:
        return NOT_ALLOWED
    if file is None:
        return UNKNOWN_REPORT
    action = _in_town(towns[request.actor.town], request.action)
    case = apply(file.case, request.actor, action)
    if isinstance(case, Refusal):
        return case
    after = file.after(case)
    event = events.acted(after, request.actor, action, request.cause)
    events.publish(unit, event, request.actor.department)
    return after


def _in_town(town: TownConfiguration, action: Action) -> Action:
    """The action on the town's present day; nothing waits in triage without a clock."""
    now = clock.now()
    dated = replace(action, today=now.astimezone(ZoneInfo(town.time_zone)).date())
    if action.move != "return":
        return dated
    calendar = Calendar(town.time_zone, town.working_time)
    return replace(dated, clocks=calendar.clocks(now, town.delays.triage))
