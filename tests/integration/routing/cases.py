"""Cases as routing keeps them, written straight into its database."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from .conftest import Town

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)
INSERT = """insert into case_file
   (town, report_id, reference, report, state, target_kind, target, rule_set, reason, sequence, opened_at,
    changed_at, acknowledge_by, resolve_by)
  values (%(town)s, %(id)s, %(reference)s, %(report)s, %(state)s, %(target_kind)s, %(target)s, 1, '{}', 1,
    %(opened_at)s, %(opened_at)s, %(acknowledge_by)s, %(resolve_by)s)"""
WRITTEN = {
    "kind": "problem",
    "category": "rue/trou",
    "description": "chez Ada",
    "citizen_id": "c-1",
    "language": "fr",
}


def stored_case(
    essai: Town, number: int, state: str = "routed", holder: str = "department/voirie", **due: Any
) -> str:
    """A case opened `number` hours ago; its reference."""
    kind, _, target = holder.partition("/")
    reference = f"ESS-0000-{number:04}"
    id_, opened_at = str(uuid.uuid4()), NOW - number * HOUR
    sent = {"id": id_, "reference": reference, "submitted_at": opened_at.isoformat()}
    row = {
        "town": essai.slug,
        "id": id_,
        "reference": reference,
        "report": json.dumps(WRITTEN | sent),
        "state": state,
        "target_kind": kind,
        "target": target or None,
        "opened_at": opened_at,
        "acknowledge_by": None,
        "resolve_by": None,
        **due,
    }
    with psycopg.connect(essai.values["ROUTING_DATABASE_URL"]) as conn:
        conn.execute(INSERT, row)
    return reference
