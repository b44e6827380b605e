"""A tool as a stranger would write it: with pika, from the AsyncAPI document, knowing none of our code."""

from __future__ import annotations

import itertools
import json
import time
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import pika
import pika.exceptions

REPLY_TO = "amq.rabbitmq.reply-to"
CONTENT_TYPE = "application/cloudevents+json"


class Tool:
    """A front end or an agent tool of one town, on its own connection."""

    def __init__(self, url: str, town: str, exchange: str, key: str) -> None:
        parameters = pika.URLParameters(url)
        self.user = parameters.credentials.username
        self._town, self._exchange, self._key = town, exchange, key
        self._connection = pika.BlockingConnection(parameters)
        self._channel = self._connection.channel()
        self.answers: list[tuple[str, dict[str, Any]]] = []
        self._channel.basic_consume(REPLY_TO, self._answered, auto_ack=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection.is_open:
            self._connection.close()

    def event(self, type_: str, data: Any, **attributes: Any) -> dict[str, Any]:
        """A CloudEvent of this tool."""
        return {
            "specversion": "1.0",
            "id": str(uuid.uuid4()),
            "source": f"urn:tool:{self.user}",
            "type": type_,
            "town": self._town,
            "time": datetime.now(UTC).isoformat(),
            "datacontenttype": "application/json",
            "data": data,
            **attributes,
        }

    def send(self, event: Mapping[str, Any]) -> str:
        """Publish an event; returns its id."""
        self.publish(json.dumps(event).encode(), str(event["id"]), str(event["type"]))
        return str(event["id"])

    def publish(
        self, body: bytes, correlation_id: str, type_: str = "submission.sent.v1", **more: Any
    ) -> None:
        """Publish any body."""
        properties = pika.BasicProperties(
            **{
                "content_type": CONTENT_TYPE,
                "delivery_mode": 2,
                "message_id": correlation_id,
                "correlation_id": correlation_id,
                "type": type_,
                "user_id": self.user,
                "reply_to": REPLY_TO,
                **more,
            }
        )
        self._channel.basic_publish(self._exchange, self._key, body, properties)

    def wait(self, number: int, timeout: float = 90.0) -> list[tuple[str, dict[str, Any]]]:
        """The answers so far, once there are at least `number`, as (correlation id, event)."""
        deadline = time.monotonic() + timeout
        while len(self.answers) < number and time.monotonic() < deadline:
            self._connection.process_data_events(time_limit=1)
        assert len(self.answers) >= number, f"{len(self.answers)} of {number} answers in {timeout:.0f} s"
        return self.answers

    def listen(self, seconds: float) -> None:
        """Take what comes within `seconds`."""
        self._connection.process_data_events(time_limit=seconds)

    def abandon(self) -> None:
        """Let go of the connection, which may be broken."""
        try:
            self._connection.close()
        except pika.exceptions.AMQPError:
            return

    def ask(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Send one event and return its answer."""
        event_id, before = self.send(event), len(self.answers)
        self.wait(before + 1)
        found = [answer for key, answer in self.answers[before:] if key == event_id]
        assert found, "the answer carries another correlation id"
        return found[0]

    def take(self, queue: str, number: int, timeout: float = 90.0) -> list[dict[str, Any]]:
        """Read and acknowledge the next `number` events of a queue; a tool reads one queue.

        What the broker has pushed beyond them stays for the next call: given back, it would lose its order.
        """
        taken: list[dict[str, Any]] = []
        incoming = self._channel.consume(queue, inactivity_timeout=timeout)
        for method, _, body in itertools.islice(incoming, number):
            if method is None:
                break
            self._channel.basic_ack(method.delivery_tag)
            taken.append(json.loads(body))
        assert len(taken) == number, f"{len(taken)} of {number} events came to {queue}"
        return taken

    def _answered(self, _channel: Any, _method: Any, properties: pika.BasicProperties, body: bytes) -> None:
        self.answers.append((str(properties.correlation_id), json.loads(body)))


def front_end(url: str, town: str = "gentilly") -> Tool:
    """A citizen front end of `town`."""
    return Tool(url, town, "citizen.in", f"{town}.submission")


def agent_tool(url: str, town: str = "gentilly", department: str = "voirie") -> Tool:
    """The tool of a department."""
    return Tool(url, town, "desk.in", f"{town}.{department}")


def submission(number: int = 0, **changes: Any) -> dict[str, Any]:
    """The data of a good submission; each number has its own author and place."""
    return {
        "kind": "problem",
        "category": "voirie/nid-de-poule",
        "description": f"Trou n° {number} devant l'école",
        "language": "fr",
        "place": {"latitude": 48.8130 + number % 40 * 1e-4, "longitude": 2.3420 + number % 60 * 1e-4},
        "citizen": {
            "first_name": f"Prénom{number}",
            "last_name": f"Nomdefamille{number}",
            "email": f"personne{number}@example.org",
        },
        **changes,
    }


def read_stream(url: str, until: int, timeout: float = 90.0) -> dict[str, dict[str, Any]]:
    """The `statistics` stream from its first message on: facts by id, until there are `until` of them."""
    facts: dict[str, dict[str, Any]] = {}
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.basic_qos(prefetch_count=500)

    def take(_channel: Any, method: Any, _properties: Any, body: bytes) -> None:
        fact = json.loads(body)
        facts[fact["id"]] = fact
        channel.basic_ack(method.delivery_tag)

    channel.basic_consume("statistics", take, arguments={"x-stream-offset": "first"})
    deadline = time.monotonic() + timeout
    while len(facts) < until and time.monotonic() < deadline:
        connection.process_data_events(time_limit=1)
    connection.close()
    return facts


def codes(answer: Mapping[str, Any]) -> set[tuple[str, str]]:
    """(pointer, code) of each error of an answer."""
    errors: Iterable[Mapping[str, str]] = answer["data"].get("errors", [])
    return {(error["pointer"], error["code"]) for error in errors}
