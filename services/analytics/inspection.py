"""What analytics knows of a report, for `vigie report show`: how many of its facts have been counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.analytics.store import repository
from shared import db


def collect(conn: db.Connection, known: Mapping[str, Any]) -> dict[str, Any]:
    """Of the events told of the report, how many have been counted; facts here do not know their report."""
    if "town" not in known:
        return {}
    events = [entry["id"] for entry in known["history"] if entry["service"] in ("intake", "routing")]
    return dict(repository.report_facts(conn, known["town"], events))
