"""A client that sends requests and waits for the answers, in another library than the product's."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import pika
from pika.adapters.blocking_connection import BlockingChannel

from shared.contracts.envelope import Event

REPLY_TO = "amq.rabbitmq.reply-to"


@dataclass
class Asker:
    """Sends to the queue `routing.actions`. `answers`: (correlation id, event) as they came."""

    channel: BlockingChannel
    user: str
    answers: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def send(self, events: Iterable[Event]) -> None:
        """Send requests that wait for an answer."""
        for event in events:
            self.send_raw(event.encode(), message_id=event.id)

    def send_raw(self, body: bytes, **properties: Any) -> None:
        """Send anything."""
        properties = {"user_id": self.user, "reply_to": REPLY_TO} | properties
        # Not by way of `desk.in`, so that any user may do it who can write to the default exchange.
        self.channel.basic_publish("", "routing.actions", body, pika.BasicProperties(**properties))

    def receive(self, count: int, patience: float = 60) -> list[tuple[str, dict[str, Any]]]:
        """Wait until `count` answers have come in all; fails if one more has."""
        assert len(self.receive_at_least(count, patience)) == count
        return list(self.answers)

    def receive_at_least(self, count: int, patience: float = 60) -> list[tuple[str, dict[str, Any]]]:
        """The same, where an answer may come twice."""
        deadline = time.monotonic() + patience
        while len(self.answers) < count and time.monotonic() < deadline:
            self.channel.connection.process_data_events(0.2)
        assert len(self.answers) >= count
        return list(self.answers)

    def _on_answer(self, _channel: Any, _method: Any, properties: pika.BasicProperties, body: bytes) -> None:
        self.answers.append((properties.correlation_id or "", orjson.loads(body)))


@contextmanager
def asker(url: str) -> Iterator[Asker]:
    """A client connected to `url`, whose user it names in each message."""
    parameters = pika.URLParameters(url)
    connection = pika.BlockingConnection(parameters)
    try:
        client = Asker(connection.channel(), parameters.credentials.username)
        client.channel.basic_consume(REPLY_TO, client._on_answer, auto_ack=True)
        yield client
    finally:
        connection.close()
