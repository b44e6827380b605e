"""The answer to a request, as an event that says what it answers."""

from __future__ import annotations

from typing import Any

from shared import clock, ids
from shared.contracts.envelope import Event, Outline


def answer(source: str, type_: str, asked: Event | Outline, data: dict[str, Any]) -> Event:
    """The event that `source` answers with; `asked` is an outline where the request could not be read."""
    return Event(
        id=ids.new_id(),
        source=source,
        type=type_,
        town=asked.town,
        time=clock.timestamp(),
        correlationid=asked.correlationid or asked.id,
        causationid=asked.id,
        traceparent=asked.traceparent,
        data=data,
    )
