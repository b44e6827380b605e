"""What is known of one report, gathered from the services' databases, each for itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.metadata import entry_points
from typing import Any
from zoneinfo import ZoneInfo

from shared import db, outbox, towns
from shared.commands import DatabaseAway, database
from shared.settings import SERVICES

Known = dict[str, Any]
Collect = Callable[[db.Connection, Mapping[str, Any]], Known]


def gather(reference: str) -> Known:
    """The report's `state, target, rule, reason, photos, history, deliveries, counted`, and more.

    Each service adds its part by the entry point `vigie.inspection`: it gets a connection to its own database
    and what is known so far, and returns what it knows. `away`: service → why nothing is known of it.
    Without `id` where nobody knows the report. Moments are RFC 3339 in `time_zone`, the town's.
    """
    collectors = {entry.name: entry for entry in entry_points(group="vigie.inspection")}
    known: Known = {"reference": reference, "time_zone": None, "history": [], "away": {}}
    for service in SERVICES:
        try:
            _add(known, service, collectors[service].load())
        except DatabaseAway as exc:
            known["away"][service] = exc.cause
    known["history"].sort(key=lambda event: datetime.fromisoformat(str(event["at"])))
    known["time_zone"] = known["time_zone"] or "UTC"
    local: Known = _local(known, ZoneInfo(known["time_zone"]))
    return local


def _add(known: Known, service: str, collect: Collect) -> None:
    """Add the part of one service; all of it, or nothing."""
    with database(service) as conn:
        part = collect(conn, known)
        now = {**known, **part}
        history = _history(conn, service, now) if "id" in now else []
        zone = known["time_zone"] or (_time_zone(conn, now["town"]) if "id" in now else None)
    known |= {**part, "history": known["history"] + history, "time_zone": zone}


def _time_zone(conn: db.Connection, town: str) -> str | None:
    found = towns.stored(conn, town)
    return found[1].get("time_zone") if found else None


def _history(conn: db.Connection, service: str, known: Known) -> list[Known]:
    return [
        {
            "id": event["id"],
            "service": service,
            "event": event["type"],
            "at": event["time"],
            "sequence": event["sequence"],
            **_shown(event["body"]),
        }
        for event in outbox.history(conn, known["town"], known["id"])
    ]


def _shown(body: Mapping[str, Any]) -> Known:
    data = body["data"]
    kept = ("department", "authority", "agent_id", "outcome", "planned_for", "clock", "due_at", "template")
    return {name: data[name] for name in kept if data.get(name)}


def _local(value: Any, zone: ZoneInfo) -> Any:
    """`value` with every moment in it as RFC 3339 in `zone`."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, dict):
        return {name: _local(item, zone) for name, item in value.items()}
    return [_local(item, zone) for item in value] if isinstance(value, list) else value
