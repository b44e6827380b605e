"""Whom the key of the first release took for one person, as far as that can be known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.domain.addresses import first_mailed_to, mailed_elsewhere, may_have_twin, was_folded
from services.intake.store import repository
from shared import db


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A citizen whose reports may be of several people. `doubtful`: reports that may be of another person.

    `mailed_to`: the domain of somebody else to which the mails went, if they did.
    """

    town: str
    citizen_id: str
    references: tuple[str, ...]
    doubtful: int
    first: datetime
    last: datetime
    mailed_to: str | None


def merged(conn: db.Connection, town: str | None = None, possible: bool = False) -> list[Doubtful]:
    """Citizens whose own address the first release took for another's, or mailed elsewhere.

    `possible`: instead, those for whose address another's may have been taken, and who have reports of which
    the names are not known; no more can be said of these, since the other address was kept nowhere.
    """
    rows = repository.citizens_by_reports(conn, town)
    return list(_possible(rows) if possible else _certain(rows))


def _certain(rows: list[dict[str, Any]]) -> Iterator[Doubtful]:
    for row in rows:
        elsewhere = mailed_elsewhere(row["email"])
        if elsewhere or was_folded(row["email"]):
            yield _doubtful(row, first_mailed_to(row["email"]) if elsewhere else None)


def _possible(rows: list[dict[str, Any]]) -> Iterator[Doubtful]:
    for row in rows:
        if row["unnamed"] > 1 and may_have_twin(row["email"]):
            yield _doubtful(row, None)


def _doubtful(row: dict[str, Any], mailed_to: str | None) -> Doubtful:
    # The first report of an account is its own.
    doubtful = max(0, row["unnamed"] - 1)
    references = tuple(row["refs"])
    return Doubtful(row["town"], row["id"], references, doubtful, row["first"], row["last"], mailed_to)
