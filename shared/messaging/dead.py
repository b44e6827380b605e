"""What the broker gave up delivering comes to `<service>.dead`, and from there to the table `parked`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.messaging.batch import Batch
from shared.messaging.message import Delivery
from shared.messaging.outcomes import Reject


@dataclass(frozen=True, slots=True)
class Dead:
    """The consumer of a dead-letter queue: parks each message under the queue that it came from."""

    def take(self, batch: Batch, deliveries: Sequence[Delivery]) -> None:
        """Park each with what the broker says of it."""
        for delivery in deliveries:
            death = _death(delivery)
            origin = replace(delivery, queue=str(death.get("queue") or delivery.queue))
            reason = str(death.get("reason") or "unknown")
            batch.set_aside.append((origin, Reject(_CAUSES.get(reason, f"dead-lettered: {reason}"))))


_CAUSES = {
    "delivery_limit": "delivered again and again without an answer: its handler kills the process or hangs",
    "maxlen": "the queue was full",
    "expired": "nobody took it in time",
    "rejected": "rejected by its consumer",
}


def _death(delivery: Delivery) -> dict[str, Any]:
    headers = delivery.properties.get("application_headers") or {}
    deaths = headers.get("x-death") or [{}]
    return deaths[0] if isinstance(deaths[0], dict) else {}
