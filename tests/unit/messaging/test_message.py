"""How far a queue is behind."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from shared.contracts.envelope import Event
from shared.messaging import Message, RawMessage, measure_age
from shared.metrics import MESSAGE_AGE

NOW = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)
ID = "01890000-0000-7000-8000-000000000000"


def message(time: str, retry_id: tuple[str, str] | None = None) -> Message:
    event = Event("a", "urn:test", "report.submitted.v1", "gentilly", time, {})
    return Message(RawMessage("q", b"", {}, retry_id=retry_id), event, {})


def age(queue: str) -> float:
    return float(MESSAGE_AGE.labels(queue)._value.get())


@pytest.mark.parametrize(
    ("time", "seconds"),
    [("2026-11-22T09:59:30.500Z", 29.5), ("2026-11-22T10:59:00+01:00", 60.0), ("2026-11-22T10:05:00Z", 0.0)],
)
def test_it_is_as_far_behind_as_the_last_message_is_old(time: str, seconds: float) -> None:
    with time_machine.travel(NOW, tick=False):
        measure_age("q", [message("2026-11-22T08:00:00Z"), message(time)])
    assert age("q") == seconds


def test_a_message_that_is_tried_again_says_nothing() -> None:
    with time_machine.travel(NOW, tick=False):
        again = message("2026-11-22T08:00:00Z", ("gentilly", "1"))
        measure_age("r", [message("2026-11-22T09:59:00Z"), again])
        measure_age("r", [again])
    assert age("r") == 60.0


@pytest.mark.parametrize(
    ("body", "known"),
    [
        (b"\x80\x04 a pickle", None),
        (Event("ada@example.org", "urn:x", "a.b.v1", "gentilly", "2026-11-22T10:00:00Z", {}).encode(), None),
        (Event(ID, "urn:x", "a.b.v1", "gentilly", "2026-11-22T10:00:00Z", {}).encode(), ID),
    ],
    ids=["unreadable", "an address for an id", "an id"],
)
def test_a_log_names_a_message_by_an_id_that_can_hold_nothing_else(body: bytes, known: str | None) -> None:
    assert RawMessage("q", body, {}).correlation_id == known
