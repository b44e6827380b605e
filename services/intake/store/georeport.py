"""Reports as clients ask for them: their statements, as functions on an open connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row

from services.intake.domain.georeport import Filter
from shared import db
from shared.contracts.kinds import LONGEST_CONFIRMATION_DAYS
from shared.contracts.states import ENDED
from shared.db import queries

QUERIES = queries.load(__package__, "georeport.sql")

Row = Mapping[str, Any]

# A report that waited for its author has the id of when it was sent, and is submitted later.
_WAITED = timedelta(days=LONGEST_CONFIRMATION_DAYS + 1)
_LAST = UUID(int=(1 << 128) - 1)


def find(conn: db.Connection, town: str, wanted: Filter, tool: str | None) -> list[Row]:
    """The reports that are `wanted`, the newest first. `tool`: who asks; only of its own is a box known."""
    box = wanted.box
    values = {
        "town": town,
        "tool": tool,
        "references": list(wanted.references) or None,
        "begin": wanted.begin,
        "end": wanted.end,
        "categories": list(wanted.categories) or None,
        "closed": wanted.statuses == ("closed",) if len(set(wanted.statuses)) == 1 else None,
        "ended": sorted(ENDED),
        "updated_after": wanted.updated_after,
        "updated_before": wanted.updated_before,
        **{side: getattr(box, side) if box else None for side in ("south", "north", "west", "east")},
        "first": UUID(int=0) if wanted.references else _id_at(wanted.begin - _WAITED),
        "last": _LAST if wanted.references else _id_at(wanted.end + timedelta(minutes=1)),
        "size": wanted.size,
        "skipped": (wanted.page - 1) * wanted.size,
    }
    with conn.cursor(row_factory=dict_row) as cursor:
        return list(cursor.execute(QUERIES["reports_find"], values).fetchall())


def steps(conn: db.Connection, town: str, references: Sequence[str]) -> list[Row]:
    """What happened to these reports, each in order."""
    with conn.cursor(row_factory=dict_row) as cursor:
        values = {"town": town, "references": list(references)}
        return list(cursor.execute(QUERIES["reports_steps"], values).fetchall())


def _id_at(moment: datetime) -> UUID:
    """No id that was made before `moment` is greater (RFC 9562: 48 bits of milliseconds come first)."""
    milliseconds = max(0, int(moment.timestamp() * 1000))
    return UUID(int=min(milliseconds, (1 << 48) - 1) << 80)
