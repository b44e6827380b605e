"""What notification knows of a report, for `vigie report show`: its deliveries, without an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.notification.store import repository
from shared import db


def collect(conn: db.Connection, known: Mapping[str, Any]) -> dict[str, Any]:
    """The report's deliveries, each with its state and attempts; they know which report it is, too."""
    named = known if "id" in known else repository.report_named(conn, known["reference"])
    if named is None:
        return {}
    found = {name: named[name] for name in ("town", "id", "reference")}
    return {**found, "deliveries": repository.of_report(conn, found["town"], found["id"])}
