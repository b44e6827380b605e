"""Clocks that have run out are told, so that no report waits in silence."""

from __future__ import annotations

from services.routing import events
from services.routing.domain import CaseFile
from services.routing.store import repository
from shared import clock, db, outbox
from shared.outbox import Telling


def tell_overdue(conn: db.Connection, which: str, limit: int = 200) -> int:
    """Tell of cases whose clock `which` has run out, in the open transaction; returns how many."""
    files = repository.lock_overdue(conn, which, clock.now(), limit)
    tellings = [_overdue(file, which) for file in files]
    outbox.tell(conn, tellings)
    repository.save_overdue(conn, which, files)
    return len(files)


def _overdue(file: CaseFile, which: str) -> Telling:
    file.sequence += 1
    due_at = file.case.acknowledge_by if which == "acknowledge" else file.case.resolve_by
    assert due_at is not None
    event = events.overdue(file, which, due_at)
    department = file.case.target if file.case.target_kind == "department" else None
    return Telling(event, events.routes(event, department))
