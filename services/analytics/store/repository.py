"""Analytics' statements, each as a function on an open transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.analytics.domain import Fact, Locality
from shared import db
from shared.db import queries

QUERIES = queries.load(__package__)


@dataclass(frozen=True, slots=True)
class Count:
    """How often something happened, over all hours; `target_kind` and `target` are '' where nobody had it."""

    happened: str
    target_kind: str
    target: str
    n: int


@dataclass(frozen=True, slots=True)
class NumberedFact:
    """A fact with the id and the number under which it is published."""

    id: str
    sequence: int
    fact: Fact


def take_sequences(conn: db.Connection, wanted: Mapping[str, int]) -> dict[str, int]:
    """Give out so many numbers for each town; returns the first of each town's.

    Holds the towns until the end of the transaction: numbers are in the order of commits.
    """
    rows = db.rows({"town": town, "n": n} for town, n in wanted.items())
    taken = conn.execute(QUERIES["sequence_take"], {"rows": rows}).fetchall()
    return {town: last - wanted[town] + 1 for town, last in taken}


def count(conn: db.Connection, facts: Iterable[NumberedFact]) -> set[tuple[str, int]]:
    """Store facts and count them; returns (town, sequence) of those whose event had not been counted."""
    rows = db.rows({"id": f.id, "sequence": f.sequence, **_columns(f.fact)} for f in facts)
    return set(conn.execute(QUERIES["fact_count"], {"rows": rows}).fetchall())


def _columns(fact: Fact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in Fact.__slots__}


def seen(conn: db.Connection, localities: Collection[Locality]) -> dict[Locality, int]:
    """How many reports each saw in the twelve months that end with its month."""
    names = ("town", "cell", "category", "month")
    rows = db.rows(dict(zip(names, locality, strict=True)) for locality in localities)
    found = conn.execute(QUERIES["cells_seen"], {"rows": rows}).fetchall()
    return {(town, cell, category, month): n for town, cell, category, month, n in found}


def report_facts(conn: db.Connection, town: str, event_ids: Sequence[str]) -> dict[str, int]:
    """Of the events of a report, how many have been counted."""
    row = conn.execute(QUERIES["facts_counted"], {"town": town, "event_ids": list(event_ids)}).fetchone()
    return {"counted": row[0] if row else 0}


def see_one_moment(conn: db.Connection) -> None:
    """Let all that the open transaction reads be of one moment; nothing has been read in it before."""
    conn.execute(QUERIES["one_moment"])


def counts(conn: db.Connection, town: str) -> list[Count]:
    """A town's counts."""
    return _counts(conn, "counts_by_target", town)


def recounted(conn: db.Connection, town: str) -> list[Count]:
    """The same, counted from the facts."""
    return _counts(conn, "counts_recounted", town)


def _counts(conn: db.Connection, name: str, town: str) -> list[Count]:
    return [Count(*row) for row in conn.execute(QUERIES[name], {"town": town}).fetchall()]


def rebuild(conn: db.Connection, town: str) -> bool:
    """Make a town's counts anew from its facts; False where nothing was ever counted for it."""
    if conn.execute(QUERIES["town_lock"], {"town": town}).fetchone() is None:
        return False
    for name in ("tally_clear", "tally_refill", "cell_month_clear", "cell_month_refill"):
        conn.execute(QUERIES[name], {"town": town})
    return True
