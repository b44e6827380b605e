"""Giving the open cases of whoever a town no longer has to whoever follows them."""

from __future__ import annotations

from collections.abc import Mapping

from services.routing import events
from services.routing.domain import (
    Action,
    Actor,
    Case,
    CaseFile,
    Decision,
    Holder,
    TownConfiguration,
    apply,
    decide_succession,
)
from services.routing.store import repository
from shared import clock, db
from shared.contracts.envelope import Cause
from shared.unit import Unit


def stranded(conn: db.Connection, configuration: TownConfiguration) -> dict[Holder, int]:
    """Whoever has open cases and is not in the configuration, with how many."""
    found = repository.open_cases_held(conn, configuration.slug)
    known = configuration.holders()
    return {holder: cases for holder, cases in found.items() if holder not in known}


def hand_over(unit: Unit, configuration: TownConfiguration, successors: Mapping[Holder, Holder]) -> int:
    """Give the open cases of each to its successor and publish it; returns how many.

    `configuration`: the one that is stored in this unit, with its version.
    """
    given = [
        _give(unit, configuration, file, successor)
        for holder, successor in sorted(successors.items())
        for file in repository.lock_held(unit.conn, configuration.slug, holder)
    ]
    repository.save_decided(unit.conn, given, clock.timestamp())
    return len(given)


def _give(
    unit: Unit, town: TownConfiguration, file: CaseFile, successor: Holder
) -> tuple[CaseFile, Decision]:
    decision = decide_succession(town, file, successor, clock.now())
    case = apply(file.case, Actor(file.town), Action.decided(decision))
    assert isinstance(case, Case)
    after = file.after(case)
    events.publish(unit, events.decided(after, decision, Cause()), case.department)
    return after, decision
