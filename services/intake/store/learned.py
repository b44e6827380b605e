"""What a town has learned of its reports' words: shares by stem, and nothing that a person wrote."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg.rows import class_row
from psycopg.types.json import Json

from services.intake.domain.learning import Written
from shared import db
from shared.db import queries

QUERIES = queries.load(__package__, "learned.sql")


def state(conn: db.Connection, town: str) -> tuple[int, str] | None:
    """The town's version, and when it last learned: what its suggester is made of. None for no such town."""
    return conn.execute(QUERIES["suggester_state"], {"town": town}).fetchone()


def learned(conn: db.Connection, town: str) -> dict[str, dict[str, float]]:
    """The shares of categories by stem; empty where nothing was learned yet."""
    row = conn.execute(QUERIES["learned_get"], {"town": town}).fetchone()
    return row[0] if row else {}


def keep(conn: db.Connection, town: str, shares: Mapping[str, Mapping[str, float]]) -> None:
    """Keep them in place of what was learned before."""
    conn.execute(QUERIES["learned_save"], {"town": town, "shares": Json(shares)})


def written(conn: db.Connection, town: str, limit: int = 100_000) -> list[Written]:
    """The latest problems of the town, in an order that says nothing."""
    with conn.cursor(row_factory=class_row(Written)) as cursor:
        return cursor.execute(QUERIES["learned_from"], {"town": town, "limit": limit}).fetchall()
