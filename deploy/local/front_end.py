"""A small citizen front end: uploads a photo, sends submissions, waits for their receipts."""

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

from kombu import Connection, Consumer, Producer, Queue

_REPLY_TO = "amq.rabbitmq.reply-to"
_CONTENT_TYPE = "application/cloudevents+json"


class NoReceipt(Exception):
    """Intake did not answer in time."""


class FrontEnd:
    """A tool of one town that speaks for its citizens, with its own RabbitMQ user.

    `url`: its AMQP address. `town`: the slug for which it may speak.
    """

    def __init__(self, url: str, town: str) -> None:
        self._connection = Connection(url)
        self._user = urlsplit(url).username or ""
        self._town = town
        self._receipts: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> FrontEnd:
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

    def send(self, data: Mapping[str, Any], event_id: str | None = None) -> str:
        """Publish one submission; returns its id, under which the receipt will come."""
        event_id = event_id or str(uuid.uuid4())
        event = {
            "specversion": "1.0",
            "id": event_id,
            "source": f"urn:front-end:{self._user}",
            "type": "submission.sent.v1",
            "town": self._town,
            "time": datetime.now(UTC).isoformat(),
            "datacontenttype": "application/json",
            "data": data,
        }
        self._publish(event_id, json.dumps(event).encode())
        return event_id

    def _publish(self, event_id: str, body: bytes) -> None:
        self._producer.publish(
            body,
            exchange="citizen.in",
            routing_key=f"{self._town}.submission",
            content_type=_CONTENT_TYPE,
            content_encoding="utf-8",
            delivery_mode=2,
            message_id=event_id,
            type="submission.sent.v1",
            correlation_id=event_id,
            reply_to=_REPLY_TO,
            user_id=self._user,
        )

    def receipt(self, event_id: str, timeout: float = 30.0) -> dict[str, Any]:
        """The answer to a submission, accepted or rejected; raises NoReceipt."""
        deadline = time.monotonic() + timeout
        while event_id not in self._receipts:
            left = deadline - time.monotonic()
            if left <= 0:
                raise NoReceipt(f"no receipt within {timeout:.0f} s")
            self._drain(left)
        return self._receipts[event_id]

    def _drain(self, seconds: float) -> None:
        try:
            self._connection.drain_events(timeout=seconds)
        except TimeoutError:
            return

    def _receive(self, message: Any) -> None:
        self._receipts[message.properties["correlation_id"]] = json.loads(message.body)


def upload_photo(intake_url: str, key: str, photo: bytes) -> str:
    """Give intake a photo; returns the id to name in a submission."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/octet-stream"}
    request = urllib.request.Request(f"{intake_url}/photos", data=photo, headers=headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 (an address of this stack)
        photo_id: str = json.load(answer)["id"]
    return photo_id
