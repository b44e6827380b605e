"""The answer to a request, as an event that says what it answers."""

from __future__ import annotations

from typing import Any

from shared import clock, ids
from shared.contracts.envelope import Event, Outline


def answer(source: str, type_: str, request: Event | Outline, data: dict[str, Any]) -> Event:
    """The event that `source` answers with; `request` is an outline where the request could not be read."""
    return Event(
        id=ids.new_id(),
        source=source,
        type=type_,
        town=request.town,
        time=clock.timestamp(),
        correlationid=request.correlationid or request.id,
        causationid=request.id,
        traceparent=request.traceparent,
        data=data,
    )
