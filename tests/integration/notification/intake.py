"""Answers questions for contacts as intake does, on the real broker, from a list of people of the test's."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any, Self

from kombu import Connection, Consumer, Queue
from kombu.message import Message

from shared import ids
from shared.contracts import registry
from shared.contracts.envelope import CONTENT_TYPE, Event, decode
from tests.support import mails


class Answering:
    """While it is entered, questions are answered. `unknown`: citizens it has never heard of or has erased;
    `unwilling`: those who did not agree to have their contact handed on. `asked`: what it was asked."""

    def __init__(self, amqp_url: str) -> None:
        self._url = amqp_url
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.unknown: set[str] = set()
        self.unwilling: set[str] = set()
        self.asked: list[Event] = []

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(10)

    def _run(self) -> None:
        with Connection(self._url) as connection:
            channel = connection.default_channel
            queue = Queue("intake.contacts", no_declare=True)
            consumer = Consumer(channel, [queue], auto_declare=False, on_message=self._answer, accept=[])
            consumer.consume()
            self._ready.set()
            while not self._stop.is_set():
                try:
                    connection.drain_events(timeout=0.05)
                except TimeoutError:
                    continue
            consumer.cancel()

    def _answer(self, message: Message) -> None:
        body = message.body
        asked = decode(body if isinstance(body, bytes) else body.encode())
        registry.check(asked)
        assert message.properties["user_id"] == "vigie-notification"
        self.asked.append(asked)
        answer = Event(
            ids.new_id(), "urn:vigie:intake", "contacts.given.v1", asked.town, asked.time, self._given(asked)
        )
        message.channel.basic_publish(
            message.channel.prepare_message(
                answer.encode(),
                content_type=CONTENT_TYPE,
                properties={"correlation_id": message.properties["correlation_id"]},
            ),
            exchange="",
            routing_key=message.properties["reply_to"],
        )
        message.ack()

    def _given(self, asked: Event) -> dict[str, Any]:
        purpose, people = asked.data["purpose"], asked.data["recipients"]
        refused = self.unknown | (self.unwilling if purpose == "hand_over" else set())
        known = [_contact(p) for p in people if p["citizen_id"] not in refused]
        confirms = {"confirmation_url": mails.CONTACT.confirmation_url} if purpose == "confirm_report" else {}
        return {"contacts": [{**contact, **confirms} for contact in known]}


def _contact(person: dict[str, str]) -> dict[str, str]:
    known = mails.CONTACT
    return {
        **person,
        "email": known.email,
        "first_name": known.first_name,
        "last_name": known.last_name,
        "tracking_url": known.tracking_url,
    }
