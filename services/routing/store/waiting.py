"""What waits for somebody to act, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.rows import class_row

from services.routing.store.repository import QUERIES
from shared import db

Desk = tuple[str, str]  # town, department


@dataclass(frozen=True, slots=True)
class Backlog:
    """A town's cases that are not closed; ages of the oldest in seconds, 0 where there is none."""

    town: str
    open: int
    triage: int
    triage_oldest: float
    overdue: int
    overdue_oldest: float


def backlogs(conn: db.Connection) -> list[Backlog]:
    """Of each town that has a configuration."""
    with conn.cursor(row_factory=class_row(Backlog)) as cursor:
        return cursor.execute(QUERIES["backlogs"]).fetchall()


def desks_with_tools(conn: db.Connection) -> list[Desk]:
    """The departments that have a tool of their own, which is to read their queue."""
    return conn.execute(QUERIES["desks_with_tools"]).fetchall()
