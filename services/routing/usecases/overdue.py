"""Publishes that a clock has run out, so that no report waits in silence."""

from __future__ import annotations

from services.routing import events
from services.routing.domain import CaseFile
from services.routing.store import repository
from shared import clock
from shared.unit import Unit


def publish_overdue(unit: Unit, which: str, limit: int = 200) -> int:
    """Publish cases whose clock `which` (acknowledge, resolve) has run out, each once; returns how many."""
    files = repository.lock_overdue(unit.conn, which, clock.now(), limit)
    for file in files:
        _publish(unit, file, which)
    repository.save_overdue(unit.conn, which, files)
    return len(files)


def _publish(unit: Unit, file: CaseFile, which: str) -> None:
    file.sequence += 1
    due_at = file.case.acknowledge_by if which == "acknowledge" else file.case.resolve_by
    assert due_at is not None
    event = events.overdue(file, which, due_at)
    department = file.case.target if file.case.target_kind == "department" else None
    unit.publish(event, *events.routes(event, department))
