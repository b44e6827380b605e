"""The tools of a town, as `make demo` plays them: a citizen front end, a department's agent tool."""

from __future__ import annotations

import json
import time
import urllib.request
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from kombu import Consumer, Producer, Queue

from shared.amqp.connections import connection_to

_REPLY_TO = "amq.rabbitmq.reply-to"
_CONTENT_TYPE = "application/cloudevents+json"


class NoAnswer(Exception):
    """Vigie did not answer in time."""


class Tool:
    """A tool of one town with its own RabbitMQ user: it sends requests and waits for their answers.

    `url`: its AMQP address. `town`: the slug for which it may speak. `exchange` and `key`: where its
    requests go.
    """

    def __init__(self, url: str, town: str, exchange: str, key: str) -> None:
        self._connection = connection_to(url)
        self._user = urlsplit(url).username or ""
        self._town, self._exchange, self._key = town, exchange, key
        self._answers: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Tool:
        channel = self._connection.default_channel
        self._producer = Producer(channel)
        queue = Queue(_REPLY_TO, no_declare=True)
        # A direct reply-to is consumed without acks, on the channel that publishes.
        self._consumer = Consumer(
            channel, [queue], auto_declare=False, no_ack=True, accept=[], on_message=self._receive
        )
        self._consumer.consume()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.release()

    def ask(self, type_: str, data: Mapping[str, Any], timeout: float = 30.0) -> dict[str, Any]:
        """Send one request and return its answer; raises NoAnswer."""
        return self.answer(self.send(type_, data), timeout)

    def send(self, type_: str, data: Mapping[str, Any]) -> str:
        """Publish one request; returns its id, under which the answer will come."""
        event_id = str(uuid.uuid4())
        event = {
            "specversion": "1.0",
            "id": event_id,
            "source": f"urn:tool:{self._user}",
            "type": type_,
            "town": self._town,
            "time": datetime.now(UTC).isoformat(),
            "datacontenttype": "application/json",
            "data": data,
        }
        self._publish(event_id, type_, json.dumps(event).encode())
        return event_id

    def _publish(self, event_id: str, type_: str, body: bytes) -> None:
        self._producer.publish(
            body,
            exchange=self._exchange,
            routing_key=self._key,
            content_type=_CONTENT_TYPE,
            content_encoding="utf-8",
            delivery_mode=2,
            message_id=event_id,
            type=type_,
            correlation_id=event_id,
            reply_to=_REPLY_TO,
            user_id=self._user,
        )

    def answer(self, event_id: str, timeout: float = 30.0) -> dict[str, Any]:
        """The answer to a request, accepted or rejected; raises NoAnswer."""
        deadline = time.monotonic() + timeout
        while event_id not in self._answers:
            left = deadline - time.monotonic()
            if left <= 0:
                raise NoAnswer(f"no answer within {timeout:.0f} s")
            self._drain(left)
        return self._answers[event_id]

    def _drain(self, seconds: float) -> None:
        try:
            self._connection.drain_events(timeout=seconds)
        except TimeoutError:
            return

    def _receive(self, message: Any) -> None:
        self._answers[message.properties["correlation_id"]] = json.loads(message.body)


def front_end(url: str, town: str) -> Tool:
    """A citizen front end of `town`."""
    return Tool(url, town, "citizen.in", f"{town}.submission")


def agent_tool(url: str, town: str, department: str) -> Tool:
    """The tool of a department of `town`."""
    return Tool(url, town, "desk.in", f"{town}.{department}")


def upload_photo(intake_url: str, key: str, photo: bytes) -> str:
    """Give intake a photo; returns the id to name in a submission."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/octet-stream"}
    request = urllib.request.Request(f"{intake_url}/photos", data=photo, headers=headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 (an address of this stack)
        photo_id: str = json.load(answer)["id"]
    return photo_id
