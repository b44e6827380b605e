"""Consuming events: each one once, however often it is delivered; what cannot be read is parked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from marshmallow import Schema, ValidationError

from shared import towns
from shared.contracts import errors, registry
from shared.contracts.envelope import decode
from shared.messaging.batch import Batch
from shared.messaging.message import Key, Message, RawMessage, measure_age
from shared.messaging.outcome import Park
from shared.messaging.store import inbox

EventHandler = Callable[[Batch, list[Message]], None]


@dataclass(frozen=True, slots=True)
class On:
    """What a service does with one type of event: the fields that it reads, and the handler."""

    reads: type[Schema]
    handler: EventHandler


@dataclass(frozen=True, slots=True)
class EventConsumer:
    """A consumer of events, by their types. Events of several types with one handler come to it together."""

    on: Mapping[str, On]

    def take(self, batch: Batch, raw_messages: Sequence[RawMessage]) -> None:
        """Give each new event to its handler, in the order in which they came."""
        messages: dict[Key, Message] = {}
        for raw in raw_messages:
            message = self._read(batch, raw)
            if message:
                messages.setdefault(message.key, message)
        if not messages:
            return
        measure_age(batch.queue, list(messages.values()))
        fresh = inbox.mark(batch.conn, batch.queue, messages)
        for handler, group in self._grouped([m for key, m in messages.items() if key in fresh]):
            handler(batch, group)

    def _grouped(self, messages: Sequence[Message]) -> list[tuple[EventHandler, list[Message]]]:
        groups: dict[EventHandler, list[Message]] = {}
        for message in messages:
            groups.setdefault(self.on[message.event.type].handler, []).append(message)
        return list(groups.items())

    def _read(self, batch: Batch, raw: RawMessage) -> Message | None:
        try:
            return self._message(raw)
        except Park as parked:
            batch.keep(raw, parked)
            return None

    def _message(self, raw: RawMessage) -> Message:
        if not raw.sender:
            raise Park("the message has no user_id, so nobody vouches for it")
        try:
            event = decode(raw.body)
            on = self.on.get(event.type)
            if on is None:
                raise Park(registry.why_unknown(event.type, self.on))
            return Message(raw, event, registry.read(event, on.reads))
        except ValidationError as exc:
            wrong = sorted({errors.kept_pointer(pointer) for pointer in pointers(exc.messages)})
            raise Park(f"unreadable: {', '.join(wrong)}") from None


def keep_configuration(batch: Batch, messages: list[Message]) -> None:
    """The handler of `town.configured.v1`: keep each town's, unless a newer one has come before."""
    for message in sorted(messages, key=lambda m: m.event.town):
        towns.keep(batch.conn, message.event.town, message.event.data)


def pointers(messages: object, path: str = "") -> list[str]:
    """Where the errors of a marshmallow ValidationError are, as JSON pointers, without any value."""
    if not isinstance(messages, dict):
        return [path or "/"]
    return [p for field, inner in messages.items() for p in pointers(inner, f"{path}/{field}")]
