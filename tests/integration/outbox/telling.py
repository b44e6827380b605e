"""What the tests of the relay tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared import clock, db, ids, outbox
from shared.contracts.envelope import Event
from shared.messaging import topology
from shared.outbox import Publication
from shared.outbox.relay import Relay
from tests.support.lab import Lab
from tests.support.told import BY_TESTS

EVENTS = ("events", "gentilly.report.routed.v1")
NOWHERE = ("desk", "gentilly.nowhere")


def event(subject: str | None, sequence: int, **data: Any) -> Event:
    """A fact about `subject`."""
    return Event(
        id=ids.new_id(),
        source=BY_TESTS,
        type="report.routed.v1",
        town="gentilly",
        time=clock.timestamp(),
        subject=subject,
        sequence=f"{sequence:010d}",
        data=data,
    )


def tell(lab: Lab, *told: tuple[str | None, int] | tuple[str | None, int, tuple[str, str]]) -> list[Event]:
    """Tell (subject, sequence[, route]) in one transaction."""
    tellings = [Publication(event(t[0], t[1]), (t[2] if len(t) == 3 else EVENTS,)) for t in told]
    with lab.pool.connection() as conn:
        outbox.write(conn, tellings)
    return [telling.event for telling in tellings]


def relay(lab: Lab, window: int = 500) -> Relay:
    """A relay as the backbone makes it, on a connection of its own."""
    return Relay(lab.pool, lab.publisher(timeout=20), topology.is_mandatory, window)


def came(lab: Lab) -> list[tuple[str, int]]:
    """(subject, sequence) of what has come, in order."""
    return [(e.get("subject", ""), int(e["sequence"])) for e in lab.probe.told()]


def firsts(found: Sequence[tuple[str, int]]) -> dict[str, list[int]]:
    """Subject → the sequences in the order in which they first came."""
    seen: dict[str, list[int]] = {}
    for subject, sequence in found:
        if sequence not in seen.setdefault(subject, []):
            seen[subject].append(sequence)
    return seen


def held_are_due(lab: Lab) -> None:
    """Let the time pass for which refused rows are held back."""
    with lab.probe.connect() as conn:
        conn.execute("update outbox set held_until = now() - interval '1 s' where held_until is not null")


__all__ = ["EVENTS", "NOWHERE", "came", "db", "event", "firsts", "held_are_due", "relay", "tell"]
