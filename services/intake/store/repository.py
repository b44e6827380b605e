"""Intake's statements, each as a function on an open transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg.rows import dict_row

from shared import db, ids
from shared.db import queries

QUERIES = queries.load(__package__)

Row = Mapping[str, Any]
PersonKey = tuple[str, str]


def register_citizens(conn: db.Connection, people: Mapping[PersonKey, Row]) -> dict[PersonKey, str]:
    """Register those who are new; returns the id of each by (town, normalised e-mail)."""
    conn.execute(QUERIES["citizens_register"], {"rows": db.rows(people.values())})
    keys = db.rows({"town": town, "email_key": email} for town, email in people)
    found = conn.execute(QUERIES["citizens_find"], {"rows": keys}).fetchall()
    return {(town, email): citizen_id for town, email, citizen_id in found}


def add_reports(conn: db.Connection, reports: Sequence[Row]) -> None:
    """Store new reports; a reference that is taken raises UniqueViolation, and the next try has another."""
    conn.execute(QUERIES["reports_insert"], {"rows": db.rows(reports)})


def add_follow_up(conn: db.Connection, steps: Sequence[Row]) -> None:
    """Store what routing has told of reports, each step once."""
    conn.execute(QUERIES["follow_up_insert"], {"rows": db.rows(steps)})


def report(conn: db.Connection, town: str, report_id: str) -> Row | None:
    """One report as it was sent, without its author."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(QUERIES["report_get"], {"town": town, "id": report_id}).fetchone()


def follow_up_steps(conn: db.Connection, town: str, report_id: str) -> list[dict[str, Any]]:
    """What became of one report, step by step."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(QUERIES["follow_up_steps"], {"town": town, "report_id": report_id}).fetchall()


def find_reports(conn: db.Connection, reference: str) -> list[tuple[str, str]]:
    """(town, id) of the reports that have this reference or id: one, unless two towns share a prefix."""
    return conn.execute(
        QUERIES["report_find"], {"reference": reference, "id": ids.uuid_or_none(reference)}
    ).fetchall()


def contacts(conn: db.Connection, wanted: Iterable[Row], only_sharing: bool) -> list[dict[str, str]]:
    """Address and names of those `wanted`; with `only_sharing`, of those who agreed to be contacted."""
    found = conn.execute(QUERIES["contacts_get"], {"rows": db.rows(wanted), "only_sharing": only_sharing})
    names = ("town", "report_id", "citizen_id", "email", "first_name", "last_name")
    return [dict(zip(names, row, strict=True)) for row in found]


def log_contacts_read(conn: db.Connection, reads: Sequence[Row]) -> None:
    """Keep who was given whose address, and for what."""
    conn.execute(QUERIES["contacts_read"], {"rows": db.rows(reads)})
