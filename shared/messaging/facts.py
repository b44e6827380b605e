"""Taking facts: each one once, whatever is delivered again, and what cannot be read is parked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from marshmallow import Schema, ValidationError

from shared.contracts import errors, registry
from shared.contracts.envelope import decode
from shared.messaging import inbox
from shared.messaging.batch import Batch
from shared.messaging.message import Delivery, Key, Message, measure_age
from shared.messaging.outcomes import Reject

Handler = Callable[[Batch, list[Message]], None]


@dataclass(frozen=True, slots=True)
class On:
    """What a service does with one type of event: the fields that it reads, and the handler."""

    reads: type[Schema]
    handler: Handler


@dataclass(frozen=True, slots=True)
class Facts:
    """A consumer of facts: event type → what is done with it. Types of one handler come to it together."""

    on: Mapping[str, On]

    def take(self, batch: Batch, deliveries: Sequence[Delivery]) -> None:
        """Hand each new fact to its handler, in the order in which they came."""
        messages: dict[Key, Message] = {}
        for delivery in deliveries:
            message = self._read(batch, delivery)
            if message:
                messages.setdefault(message.key, message)
        if not messages:
            return
        measure_age(batch.queue, list(messages.values()))
        fresh = inbox.mark(batch.conn, batch.queue, messages)
        for handler, group in self._grouped([m for key, m in messages.items() if key in fresh]):
            handler(batch, group)

    def _grouped(self, messages: Sequence[Message]) -> list[tuple[Handler, list[Message]]]:
        groups: dict[Handler, list[Message]] = {}
        for message in messages:
            groups.setdefault(self.on[message.event.type].handler, []).append(message)
        return list(groups.items())

    def _read(self, batch: Batch, delivery: Delivery) -> Message | None:
        try:
            return self._understood(delivery)
        except Reject as reject:
            batch.set_aside.append((delivery, reject))
            return None

    def _understood(self, delivery: Delivery) -> Message:
        if not delivery.sender:
            raise Reject("the message has no user_id, so nobody vouches for it")
        try:
            event = decode(delivery.body)
            on = self.on.get(event.type)
            if on is None:
                raise Reject(registry.why_unknown(event.type, self.on))
            return Message(delivery, event, registry.read(event, on.reads))
        except ValidationError as exc:
            wrong = sorted({errors.kept_pointer(pointer) for pointer in pointers(exc.messages)})
            raise Reject(f"unreadable: {', '.join(wrong)}") from None


def pointers(messages: object, path: str = "") -> list[str]:
    """Where the errors of a marshmallow ValidationError are, as JSON pointers, without any value."""
    if not isinstance(messages, dict):
        return [path or "/"]
    return [p for field, inner in messages.items() for p in pointers(inner, f"{path}/{field}")]
