"""A message: raw, as the broker handed it over, and read, with its event and the data that is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared import clock, ids
from shared.amqp.reply_to import is_direct
from shared.contracts.envelope import Event, decode
from shared.metrics import MESSAGE_AGE


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message as the broker, or the table `retry`, handed it over; its body may be anything.

    `properties` are the AMQP ones by name; `attempts` counts the failed ones; `retry_id` is the row it
    came from, if it did.
    """

    queue: str
    body: bytes
    properties: Mapping[str, Any]
    attempts: int = 0
    retry_id: tuple[str, str] | None = None

    @property
    def sender(self) -> str:
        """The RabbitMQ user that published it, as the broker has checked; empty where it does not say."""
        return str(self.properties.get("user_id") or "")

    @property
    def reply_to(self) -> str:
        """Where its sender waits for an answer; empty where it does not."""
        return str(self.properties.get("reply_to") or "")

    @property
    def can_be_answered(self) -> bool:
        """True where the answer goes to the connection of the sender itself, and nowhere else."""
        return is_direct(self.reply_to)

    @property
    def quiet(self) -> bool:
        """True for a replay to a service whose database was rebuilt: record it, notify nobody."""
        headers = self.properties.get("application_headers") or {}
        return isinstance(headers, Mapping) and headers.get("quiet") is True

    @property
    def correlation_id(self) -> str | None:
        """By which logs say what it belongs to, where that can be read and is an id."""
        try:
            event = decode(self.body)
        except Exception:
            return None
        return ids.shown(event.correlationid or event.id)


Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """A message that could be read: its event, and the data as the consumer's schema loaded it.

    `fingerprint` is that of a request's content, empty for an event.
    """

    raw: RawMessage
    event: Event
    data: dict[str, Any]
    fingerprint: str = ""

    @property
    def key(self) -> Key:
        """What makes it the same message when it comes again: town, sender, event id."""
        return self.event.town, self.raw.sender, self.event.id


def measure_age(queue: str, messages: Sequence[Message]) -> None:
    """Measure how far `queue` is behind: the age of the last message that is no retry."""
    fresh = [message for message in messages if not message.raw.retry_id]
    if fresh:
        age = clock.now() - datetime.fromisoformat(fresh[-1].event.time)
        MESSAGE_AGE.labels(queue).set(max(0.0, age.total_seconds()))
