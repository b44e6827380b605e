"""Submissions that wait until their author confirms the address: their statements, as functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import dict_row
from psycopg.types.json import Json

from services.intake.domain.reports import Report
from services.intake.domain.submissions import Author, Place, Submission
from services.intake.store.repository import Person
from shared import db, ids
from shared.contracts.envelope import Cause
from shared.db import queries

QUERIES = queries.load(__package__, "kept.sql")


def is_confirmed_address(conn: db.Connection, town: str, email_key: str) -> bool:
    """Whether the address was confirmed in this town."""
    row = conn.execute(QUERIES["address_confirmed"], {"town": town, "email_key": email_key}).fetchone()
    return bool(row and row[0])


def confirm_address(conn: db.Connection, town: str, email_key: str) -> None:
    """The address is its person's."""
    conn.execute(QUERIES["address_confirm"], {"town": town, "email_key": email_key})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A kept report as a page shows it: nothing that says who sent it."""

    reference: str
    category: str
    language: str
    until: datetime


def keep(conn: db.Connection, report: Report, days: int) -> datetime:
    """Keep a report that is not published yet for so many days; returns the moment at which that ends."""
    values = {"town": report.town, "id": report.id, "reference": report.reference, "days": days}
    sent = {"citizen_id": report.citizen_id, "submission": Json(_plain(report.submission))}
    row = conn.execute(QUERIES["kept_insert"], values | sent).fetchone()
    assert row
    until: datetime = row[0]
    return until


def waiting(conn: db.Connection, town: str, report_id: str) -> Waiting | None:
    """The one that waits under this id, until its time is up."""
    row = conn.execute(QUERIES["kept_get"], {"town": town, "id": report_id}).fetchone()
    return Waiting(*row) if row else None


def find(conn: db.Connection, reference: str) -> dict[str, Any]:
    """What `vigie report show` says of a kept report, by its reference or id; nothing where none is kept."""
    wanted = {"reference": reference, "id": ids.uuid_or_none(reference)}
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(QUERIES["kept_find"], wanted).fetchone() or {}


def take(conn: db.Connection, town: str, report_id: str) -> tuple[str, Submission] | None:
    """Reference and submission of a kept report, which is kept no longer; None where there is none."""
    row = conn.execute(QUERIES["kept_take"], {"town": town, "id": report_id}).fetchone()
    return (row[0], _submission(row[1])) if row else None


def contacts(conn: db.Connection, town: str, wanted: Iterable[Person]) -> list[dict[str, str]]:
    """Address and names of the authors of kept reports."""
    rows = [{"town": town, "citizen_id": p.citizen_id, "report_id": p.report_id} for p in wanted]
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(QUERIES["kept_contacts"], {"rows": db.rows(rows)}).fetchall()


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
