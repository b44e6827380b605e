"""Drafts of reports in the database, each statement as a function on an open connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from psycopg.types.json import Json

from services.intake.domain.drafts import Draft, SentDraft
from services.intake.domain.submissions import Author, Place
from shared import db, ids
from shared.db import queries
from shared.l10n import language_or_french

QUERIES = queries.load(__package__, "drafts.sql")


def add(conn: db.Connection, draft: Draft) -> None:
    """Begin one."""
    conn.execute(QUERIES["draft_insert"], _values(draft))


def get(conn: db.Connection, town: str, draft_id: str, lock: bool = False) -> Draft | SentDraft | None:
    """One draft, for whoever knows its id; with `lock` nobody else can change it meanwhile."""
    if not ids.is_id(draft_id):
        return None
    query = QUERIES["draft_lock" if lock else "draft_get"]
    row = conn.execute(query, {"town": town, "id": draft_id}).fetchone()
    if row is None:
        return None
    content, report_id, kept_until = row
    if report_id is None:
        return _draft(content)
    language = language_or_french(content["language"])
    return SentDraft(town, draft_id, language, content["kind"], report_id, kept_until)


def save(conn: db.Connection, draft: Draft) -> None:
    """Keep what is in it now."""
    conn.execute(QUERIES["draft_save"], _values(draft))


def mark_sent(conn: db.Connection, sent: SentDraft) -> None:
    """It was sent; nothing that was written stays here."""
    content = Json({"language": sent.language, "kind": sent.kind})
    conn.execute(QUERIES["draft_sent"], {**asdict(sent), "content": content})


def forget(conn: db.Connection) -> int:
    """Forget some of those that nobody has touched for a day; returns how many."""
    row = conn.execute(QUERIES["drafts_forget"]).fetchone()
    return int(row[0]) if row else 0


def _values(draft: Draft) -> dict[str, Any]:
    return {"town": draft.town, "id": draft.id, "content": Json(asdict(draft))}


def _draft(content: Mapping[str, Any]) -> Draft:
    author = content["author"]
    built = {
        "photos": tuple(content["photos"]),
        **{name: Place(**content[name]) if content[name] else None for name in ("place", "offered")},
        "author": Author(**author) if author else None,
    }
    return Draft(**{**content, **built})
