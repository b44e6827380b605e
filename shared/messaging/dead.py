"""Dead letters: what the broker gave up delivering comes to `<service>.dead`, and is parked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.messaging.batch import Batch
from shared.messaging.message import RawMessage
from shared.messaging.outcome import Park


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """The consumer of a dead-letter queue: parks each message under the queue that it came from."""

    def take(self, batch: Batch, messages: Sequence[RawMessage]) -> None:
        """Park each with what the broker says of it."""
        for raw in messages:
            death = _death(raw)
            origin = replace(raw, queue=str(death.get("queue") or raw.queue))
            reason = str(death.get("reason") or "unknown")
            batch.keep(origin, Park(_CAUSES.get(reason, f"dead-lettered: {reason}")))


_CAUSES = {
    "delivery_limit": "delivered again and again without an answer: its handler kills the process or hangs",
    "maxlen": "the queue was full",
    "expired": "nobody took it in time",
    "rejected": "rejected by its consumer",
}


def _death(raw: RawMessage) -> dict[str, Any]:
    headers = raw.properties.get("application_headers") or {}
    deaths = headers.get("x-death") or [{}]
    return deaths[0] if isinstance(deaths[0], dict) else {}
