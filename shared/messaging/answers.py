"""The answer to a request, as an event that says what it answers."""

from __future__ import annotations

from typing import Any

from shared import clock, ids
from shared.contracts.envelope import Event


def answer(source: str, type_: str, asked: Event | None, data: dict[str, Any]) -> Event:
    """The event that `source` answers with; `asked` is None where the request could not be read."""
    return Event(
        id=ids.new_id(),
        source=source,
        type=type_,
        town=asked.town if asked else "unknown",
        time=clock.timestamp(),
        correlationid=(asked.correlationid or asked.id) if asked else None,
        causationid=asked.id if asked else None,
        traceparent=asked.traceparent if asked else None,
        data=data,
    )
