"""Intake's statements, each as a function on an open transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from psycopg.rows import dict_row

from services.intake.domain.addresses import email_key
from services.intake.domain.reports import Report
from services.intake.domain.steps import RecordedStep
from services.intake.domain.submissions import Submission
from shared import db, ids
from shared.addresses import AddressError
from shared.db import queries

QUERIES = queries.load(__package__)

Row = Mapping[str, Any]
PersonKey = tuple[str, str]  # town, normalised e-mail


def register_citizens(conn: db.Connection, submissions: Sequence[Submission]) -> dict[PersonKey, str]:
    """Register the authors who are new, each once; returns the id of each by (town, normalised e-mail)."""
    people = {(s.town, s.author.key): s for s in reversed(submissions)}
    if not people:
        return {}
    _give_keys(conn, people)
    rows = [citizen_row(key, submission) for key, submission in people.items()]
    conn.execute(QUERIES["citizens_register"], {"rows": db.rows(rows)})
    keys = db.rows({"town": town, "email_key": email} for town, email in people)
    found = conn.execute(QUERIES["citizens_find"], {"rows": keys}).fetchall()
    return {(town, email): citizen_id for town, email, citizen_id in found}


def _give_keys(conn: db.Connection, people: Iterable[PersonKey]) -> None:
    """Of those who may be people of the first release with a domain that is not ASCII, make the keys."""
    towns = sorted({town for town, key in people if "@xn--" in key or ".xn--" in key})
    if not towns:
        return
    rows: dict[PersonKey, Row] = {}
    for town, citizen_id, email in conn.execute(QUERIES["citizens_unkeyed"], {"towns": towns}).fetchall():
        with contextlib.suppress(AddressError):
            key = email_key(email)
            rows.setdefault((town, key), {"town": town, "id": citizen_id, "email_key": key})
    conn.execute(QUERIES["citizens_key"], {"rows": db.rows(rows.values())})


def citizens_by_reports(conn: db.Connection, town: str | None) -> list[dict[str, Any]]:
    """Every citizen, of `town` or of all, with their reports' references in the order in which they came."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(QUERIES["citizens_by_reports"], {"town": town}).fetchall()


def citizen_row(key: PersonKey, submission: Submission) -> Row:
    """A new citizen as `citizens_register` takes one."""
    town, email_key = key
    author = submission.author
    named = {"email": author.email, "first_name": author.first_name, "last_name": author.last_name}
    return {
        "id": ids.new_id(),
        "town": town,
        "email_key": email_key,
        **named,
        "language": submission.language,
    }


def add_reports(conn: db.Connection, reports: Sequence[Report]) -> None:
    """Store new reports; a reference that is taken raises UniqueViolation, and the next try has another."""
    if reports:
        conn.execute(QUERIES["reports_insert"], {"rows": db.rows(map(report_row, reports))})


def report_row(report: Report) -> Row:
    """A report as `reports_insert` takes one."""
    submission = report.submission
    place = submission.place
    kept = ("town", "kind", "category", "language", "description", "answers", "share_contact", "sender")
    return {
        "id": report.id,
        "reference": report.reference,
        "citizen_id": report.citizen_id,
        "submitted_at": report.submitted_at,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "address": place.address if place else None,
        "first_name": submission.author.first_name,
        "last_name": submission.author.last_name,
        **{name: getattr(submission, name) for name in kept},
    }


def add_steps(conn: db.Connection, steps: Sequence[RecordedStep]) -> None:
    """Store what has happened to reports, each step once."""
    conn.execute(QUERIES["follow_up_insert"], {"rows": db.rows(steps)})


def lock_steps(conn: db.Connection, town: str, report_id: str) -> None:
    """Nobody else adds an act of its author to this report before the transaction ends."""
    conn.execute(QUERIES["steps_lock"], {"town": town, "report_id": report_id})


def last_sequence(conn: db.Connection, town: str, report_id: str) -> str | None:
    """The sequence of the last step of a report; None where nothing has happened yet."""
    row = conn.execute(QUERIES["steps_last"], {"town": town, "report_id": report_id}).fetchone()
    return row[0] if row else None


def holder(conn: db.Connection, town: str, report_id: str) -> tuple[str, str] | None:
    """Who has a report, kind and slug, by its last step that says so; None where nobody has."""
    row = conn.execute(QUERIES["steps_holder"], {"town": town, "report_id": report_id}).fetchone()
    return (row[0], row[1]) if row and row[0] else None


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


class Person(Protocol):
    """The author of a report, by both ids."""

    @property
    def citizen_id(self) -> str:
        """Opaque."""

    @property
    def report_id(self) -> str:
        """A UUID."""


def contacts(
    conn: db.Connection, town: str, wanted: Iterable[Person], only_sharing: bool
) -> list[dict[str, str]]:
    """Address and names of those `wanted`; with `only_sharing`, of those who agreed to be contacted."""
    rows = db.rows(_person_row(town, person) for person in wanted)
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            QUERIES["contacts_get"], {"rows": rows, "only_sharing": only_sharing}
        ).fetchall()


def log_contacts_read(
    conn: db.Connection, town: str, reader: str, purpose: str, given: Iterable[Person]
) -> None:
    """Keep who was given whose address, and for what."""
    rows = [{**_person_row(town, person), "reader": reader, "purpose": purpose} for person in given]
    conn.execute(QUERIES["contacts_read"], {"rows": db.rows(rows)})


def _person_row(town: str, person: Person) -> dict[str, str]:
    return {"town": town, "citizen_id": person.citizen_id, "report_id": person.report_id}
