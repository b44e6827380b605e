"""Submissions that wait until their author confirms the address: their statements, as functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from psycopg.types.json import Json

from services.intake.domain.submissions import Author, Place, Submission
from shared import db
from shared.contracts.envelope import Cause
from shared.db import queries

QUERIES = queries.load(__package__, "kept.sql")


def is_confirmed(conn: db.Connection, town: str, email_key: str) -> bool:
    """Whether the address was confirmed in this town."""
    row = conn.execute(QUERIES["address_confirmed"], {"town": town, "email_key": email_key}).fetchone()
    return bool(row and row[0])


def confirm(conn: db.Connection, town: str, email_key: str) -> None:
    """The address is its person's."""
    conn.execute(QUERIES["address_confirm"], {"town": town, "email_key": email_key})


def keep(conn: db.Connection, report_id: str, submission: Submission, days: int) -> None:
    """Keep it for so many days, under the id that its report will have."""
    values = {"town": submission.town, "id": report_id, "submission": Json(_plain(submission)), "days": days}
    conn.execute(QUERIES["kept_insert"], values)


def take(conn: db.Connection, town: str, report_id: str) -> Submission | None:
    """The kept submission, which is kept no longer; None where there is none."""
    row = conn.execute(QUERIES["kept_take"], {"town": town, "id": report_id}).fetchone()
    return _submission(row[0]) if row else None


def forget_late(conn: db.Connection) -> int:
    """Forget some of those whose time is up; returns how many."""
    row = conn.execute(QUERIES["kept_forget"]).fetchone()
    return int(row[0]) if row else 0


def _plain(submission: Submission) -> dict[str, Any]:
    return {**asdict(submission), "answers": dict(submission.answers)}


def _submission(data: Mapping[str, Any]) -> Submission:
    place = data["place"]
    built = {
        "author": Author(**data["author"]),
        "place": Place(**place) if place else None,
        "photos": tuple(data["photos"]),
        "cause": Cause(**data["cause"]),
    }
    return Submission(**{**data, **built})
