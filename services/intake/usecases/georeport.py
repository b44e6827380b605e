"""Reports as clients may see them: their state for anybody, what they say for whoever sent them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.domain.georeport import Filter, Shown
from services.intake.store import georeport as store
from shared import db
from shared.l10n import Label

_PRIVATE = ("description", "address", "latitude", "longitude", "text", "photo")


@dataclass(frozen=True, slots=True)
class Update:
    """One thing that happened to a report. `text`: as in Shown."""

    reference: str
    sequence: str
    state: str
    outcome: str | None
    at: datetime
    text: str | None


def shown(conn: db.Connection, town: str, wanted: Filter, tool: str | None) -> list[Shown]:
    """The reports that are `wanted`, the newest first, as `tool` (nobody: None) may see them."""
    return [_shown(row, tool) for row in store.find(conn, town, wanted, tool)]


def updates(conn: db.Connection, town: str, references: Sequence[str], tool: str | None) -> list[Update]:
    """What happened to these reports, each in order, as `tool` may see it."""
    rows = store.steps(conn, town, references)
    kept = ("reference", "sequence", "state", "outcome")
    return [
        Update(
            **{name: row[name] for name in kept},
            at=row["happened_at"],
            text=row["text"] if row["sender"] == tool else None,
        )
        for row in rows
    ]


def _shown(row: Mapping[str, Any], tool: str | None) -> Shown:
    kept = ("id", "reference", "kind", "category", "submitted_at", "state", "outcome", "updated_at", "until")
    is_own = tool is not None and row["sender"] == tool
    return Shown(
        **{name: row[name] for name in kept},
        holder=(row["holder_kind"], row["holder"]) if row["holder"] else None,
        reason=Label.of(row["reason"]) if row["reason"] else None,
        private={name: row[name] for name in _PRIVATE} if is_own else None,
    )
