"""Whatever a test has made a service tell keeps to its contract, on whichever way it was told.

`batch.tell` checks each event as it is made, since it is made from what strangers send. The clocks and the
sender of mails make theirs from rows of their own: that those are right too is seen here, once for all ways.
"""

from __future__ import annotations

import psycopg
from marshmallow import ValidationError

from shared.contracts import registry
from shared.contracts.envelope import decode

BY_TESTS = "urn:test"  # the source of events with which tests try the plumbing alone


def wrong(url: str) -> list[str]:
    """The types of events in the database at `url` that break their contract, with what is wrong."""
    with psycopg.connect(url) as conn:
        if conn.execute("select to_regclass('event')").fetchone() == (None,):
            return []
        told = conn.execute("select type, body::text from event where body->>'source' <> %s", [BY_TESTS])
        found = {f"{type_}: {problem}" for type_, body in told if (problem := _problem(body.encode()))}
    return sorted(found)


def _problem(body: bytes) -> str:
    try:
        registry.check(decode(body))
    except ValidationError as exc:
        return str(exc.messages)
    return ""
