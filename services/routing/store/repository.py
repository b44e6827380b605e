"""Routing's statements, each as a function on an open transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import dict_row
from psycopg.types.json import Json

from services.routing.domain import RETURNED, Case, CaseFile, Clock, Decision, Holder
from shared import db, ids
from shared.db import queries

QUERIES = queries.load(__package__)

Row = Mapping[str, Any]
CaseKey = tuple[str, str]


def open_cases(conn: db.Connection, opened: Iterable[tuple[CaseFile, Decision]], opened_at: str) -> None:
    """Open the case of each new report, with the decision on it."""
    rows = [case_row(file, decision, opened_at) for file, decision in opened]
    conn.execute(QUERIES["cases_insert"], {"rows": db.rows(rows)})


def known_cases(conn: db.Connection, keys: Iterable[CaseKey]) -> set[CaseKey]:
    """Those of these reports, by (town, report id), that have a case already."""
    rows = db.rows({"town": town, "report_id": report_id} for town, report_id in keys)
    return set(conn.execute(QUERIES["cases_known"], {"rows": rows}).fetchall())


def lock_cases(conn: db.Connection, keys: Iterable[CaseKey]) -> dict[CaseKey, CaseFile]:
    """The cases of these reports by (town, report id), locked in key order; those not known are left out."""
    named = [{"town": town, "report_id": report_id} for town, report_id in keys if ids.is_id(report_id)]
    files = _case_files(conn, "cases_lock", {"rows": db.rows(named)})
    return {(file.town, file.case.id): file for file in files}


def save_cases(conn: db.Connection, files: Iterable[CaseFile], changed_at: str) -> None:
    """Store what has become of cases that are locked."""
    conn.execute(QUERIES["cases_update"], {"rows": db.rows(_row(file, changed_at) for file in files)})


def save_decided(conn: db.Connection, given: Sequence[tuple[CaseFile, Decision]], changed_at: str) -> None:
    """Store cases that are locked and were decided on anew, with the decisions."""
    save_cases(conn, [file for file, _ in given], changed_at)
    rows = [{"town": file.town, "report_id": file.case.id, **_why(decision)} for file, decision in given]
    conn.execute(QUERIES["cases_decide"], {"rows": db.rows(rows)})


def save_returned(conn: db.Connection, reasons: Mapping[CaseKey, Mapping[str, str]]) -> None:
    """Note that departments have given these reports back, and why."""
    rows = [
        {"town": town, "report_id": report_id, "rule": RETURNED, "reason": reason}
        for (town, report_id), reason in reasons.items()
    ]
    if rows:
        conn.execute(QUERIES["cases_returned"], {"rows": db.rows(rows)})


def open_cases_held(conn: db.Connection, town: str) -> dict[Holder, int]:
    """How many open cases each department and authority has."""
    rows = conn.execute(QUERIES["cases_held"], {"town": town}).fetchall()
    return {Holder(kind, slug): cases for kind, slug, cases in rows}


def lock_held(conn: db.Connection, town: str, holder: Holder) -> list[CaseFile]:
    """The open cases of a department or an authority, locked in key order."""
    return _case_files(conn, "cases_held_lock", {"town": town, "kind": holder.kind, "slug": holder.slug})


def lock_overdue(conn: db.Connection, clock: Clock, now: datetime, limit: int) -> list[CaseFile]:
    """Cases whose `clock` has run out and of which that is not published yet, locked."""
    return _case_files(conn, f"cases_{clock}_overdue", {"now": now, "limit": limit})


def save_overdue(conn: db.Connection, clock: Clock, files: Iterable[CaseFile]) -> None:
    """Note that it is published of these cases that `clock` has run out."""
    rows = [{"town": f.town, "report_id": f.case.id, "clock": clock, "sequence": f.sequence} for f in files]
    conn.execute(QUERIES["cases_mark_overdue"], {"rows": db.rows(rows)})


def find_cases(conn: db.Connection, reference: str) -> list[dict[str, Any]]:
    """The cases with this reference or report id: one, unless two towns share a prefix."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            QUERIES["case_find"], {"reference": reference, "id": ids.uuid_or_none(reference)}
        ).fetchall()


def category_counts(conn: db.Connection, town: str, categories: Iterable[str]) -> dict[str, int]:
    """How many reports each of these categories has; those that have none are left out."""
    wanted = {"town": town, "categories": list(categories)}
    return dict(conn.execute(QUERIES["case_categories"], wanted).fetchall())


def current_town(conn: db.Connection, town: str) -> tuple[int, dict[str, Any]] | None:
    """Version and document of a town's newest configuration."""
    return conn.execute(QUERIES["town_current"], {"town": town}).fetchone()


def lock_town(conn: db.Connection, town: str) -> tuple[int, str] | None:
    """Version and checksum of a town's newest configuration; nobody else can store one until the commit."""
    conn.execute(QUERIES["town_lock"], {"town": town})
    return conn.execute(QUERIES["town_version_last"], {"town": town}).fetchone()


def add_town_version(conn: db.Connection, town: str, version: int, checksum: str, document: Row) -> None:
    """Store a new version of a town's configuration."""
    row = {"town": town, "version": version, "checksum": checksum, "document": Json(document)}
    conn.execute(QUERIES["town_version_insert"], row)


def _case_files(conn: db.Connection, query: str, parameters: Row) -> list[CaseFile]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return [_case_file(row) for row in cursor.execute(QUERIES[query], parameters)]


def _case_file(row: dict[str, Any]) -> CaseFile:
    stored = {name: row.pop(name) for name in ("town", "reference", "report", "sequence")}
    return CaseFile(**stored, case=Case(**row))


def case_row(file: CaseFile, decision: Decision, opened_at: str) -> Row:
    """A new case, with the decision on it, as `cases_insert` takes it."""
    known = {"reference": file.reference, "report": file.report}
    return {**_row(file, opened_at), **known, **_why(decision)}


def _why(decision: Decision) -> Row:
    return {"rule": decision.rule, "rule_set": decision.rule_set, "reason": dict(decision.reason)}


def _row(file: CaseFile, changed_at: str) -> Row:
    case = file.case
    return {
        "town": file.town,
        "report_id": case.id,
        "state": case.state,
        "target_kind": case.target_kind,
        "target": case.target,
        "outcome": case.outcome,
        "planned_for": case.planned_for,
        "acknowledge_by": case.acknowledge_by,
        "resolve_by": case.resolve_by,
        "sequence": file.sequence,
        "changed_at": changed_at,
    }
