"""Lists of cases, for people: nothing in them of what a citizen wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.routing.domain import Case
from services.routing.store.repository import QUERIES
from shared import db
from shared.contracts.states import State


@dataclass(frozen=True, slots=True)
class Listed:
    """A case in a list. `opened_at`: when routing got the report."""

    reference: str
    kind: str
    category: str
    opened_at: datetime
    case: Case


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases of a town.

    `department`: of this one only. `overdue_at`: those of which a clock has run out by then. `holders`: those
    whose `department/…` or `authority/…` is not among these. `after`: the report id of the last one seen.
    """

    town: str
    states: tuple[State, ...]
    department: str | None = None
    overdue_at: datetime | None = None
    holders: Iterable[str] | None = None
    after: str | None = None


def cases(conn: db.Connection, wanted: Wanted, limit: int) -> list[Listed]:
    """The oldest of these cases, `limit` at the most."""
    parameters = {
        "town": wanted.town,
        "states": list(wanted.states),
        "department": wanted.department,
        "overdue_at": wanted.overdue_at,
        "holders": None if wanted.holders is None else list(wanted.holders),
        "after": wanted.after,
        "limit": limit,
    }
    return [_listed(*row) for row in conn.execute(QUERIES["cases_list"], parameters).fetchall()]


def _listed(
    id_: str, reference: str, kind: str, category: str, opened_at: datetime, *of_case: object
) -> Listed:
    names = ("state", "target_kind", "target", "planned_for", "acknowledge_by", "resolve_by")
    return Listed(reference, kind, category, opened_at, Case(id_, **dict(zip(names, of_case, strict=True))))  # type: ignore[arg-type]
