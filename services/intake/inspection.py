"""What intake knows of a report, for `vigie report show`: nothing that tells who sent it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.intake.store import kept, photos, repository
from shared import db


def collect(conn: db.Connection, known: Mapping[str, Any]) -> dict[str, Any]:
    """Which report it is, and what was sent."""
    found = repository.find_reports(conn, known["reference"])
    if not found:
        return kept.find(conn, known["reference"])
    town, report_id = found[0]
    report = repository.report(conn, town, report_id)
    assert report is not None
    said = {
        name: report[name] for name in ("id", "reference", "kind", "category", "language", "submitted_at")
    }
    shown = [{"id": p.id, "state": p.state} for p in photos.of_report(conn, town, report_id)]
    return {"town": town, **said, "photos": shown, "state": "submitted"}
