"""What routing knows of a report, for `vigie report show` and `vigie routing explain`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.routing.store import repository
from shared import db


def collect(conn: db.Connection, known: Mapping[str, Any]) -> dict[str, Any]:
    """Where the report is, by which rule and why, and until when."""
    found = repository.find_cases(conn, known["reference"])
    if not found:
        return {}
    case = found[0]
    kept = ("state", "rule", "rule_set", "reason", "outcome", "acknowledge_by", "resolve_by")
    target = {"kind": case["target_kind"], "id": case["target"]}
    named = {"town": case["town"], "id": case["report_id"], "reference": case["reference"]}
    return {**named, "target": target, **{name: case[name] for name in kept}}
