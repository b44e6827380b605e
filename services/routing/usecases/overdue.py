"""Publishes that a clock has run out, so that no report waits in silence."""

from __future__ import annotations

from services.routing import events
from services.routing.domain import CaseFile, Clock
from services.routing.store import repository
from shared import clock
from shared.unit import Unit

LIMIT = 200
"""How many cases are locked and published in one unit of work, at the most."""


def publish_overdue(unit: Unit, which: Clock, limit: int = LIMIT) -> int:
    """Publish cases whose clock `which` has run out, each once; returns how many, `limit` at the most."""
    late = repository.lock_overdue(unit.conn, which, clock.now(), limit)
    published = [_publish(unit, file.after(file.case), which) for file in late]
    repository.save_overdue(unit.conn, which, published)
    return len(published)


def _publish(unit: Unit, file: CaseFile, which: Clock) -> CaseFile:
    events.publish(unit, events.overdue(file, which), file.case.department)
    return file
