"""Asks intake for addresses: a list, a purpose, an answer in time or none (RabbitMQ's direct reply-to)."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from typing import Any

from amqp import Message as AmqpMessage
from amqp.exceptions import AMQPError
from kombu import Connection
from kombu.exceptions import OperationalError
from marshmallow import ValidationError

from services.notification import events
from services.notification.domain import Contact
from services.notification.errors import IntakeAway
from shared.contracts import registry
from shared.contracts.envelope import CONTENT_TYPE, Event, decode
from shared.contracts.intake import ContactsGivenV1
from shared.logs import describe

log = logging.getLogger(__name__)

Person = tuple[str, str]
_REPLIES = "amq.rabbitmq.reply-to"
# A connection that has been quiet for this long (s) may be dead without our knowing.
_QUIET = 20.0


class Intake:
    """The way to intake for one thread. `user`: the RabbitMQ user of `url`; `timeout`: seconds."""

    def __init__(self, url: str, user: str, timeout: float) -> None:
        self._url = url
        self._user = user
        self._timeout = timeout
        self._connection: Connection | None = None
        self._channel: Any = None
        self._used = 0.0
        self._asked = ""
        self._answer: bytes | None = None
        self._returned = False

    def contacts(self, town: str, purpose: str, people: Collection[Person]) -> dict[Person, Contact]:
        """Contacts by (citizen id, report id); one that is unknown or may not be given is left out.

        `purpose`: `tell_citizen` or `hand_over`. Raises IntakeAway where there is no answer in time.
        """
        try:
            answer = self._ask(events.contacts_requested(town, purpose, people))
            given = registry.read(decode(answer), ContactsGivenV1)
        except (OSError, AMQPError, OperationalError, ValidationError) as exc:
            self.close()
            log.warning("no contacts from intake: %s", describe(exc))
            raise IntakeAway from exc
        return {(c["citizen_id"], c["report_id"]): _contact(c) for c in given["contacts"]}

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.collect()
        self._connection = self._channel = None

    def _ask(self, event: Event) -> bytes:
        connection = self._open()
        self._asked, self._answer, self._returned = event.id, None, False
        self._channel.basic_publish(self._question(event), "intake", "contacts", mandatory=True)
        deadline = time.monotonic() + self._timeout
        while self._answer is None:
            left = deadline - time.monotonic()
            if left <= 0 or self._returned:
                raise TimeoutError
            connection.drain_events(timeout=left)
        self._used = time.monotonic()
        return self._answer

    def _question(self, event: Event) -> AmqpMessage:
        return AmqpMessage(
            event.encode(),
            content_type=CONTENT_TYPE,
            message_id=event.id,
            correlation_id=event.id,
            type=event.type,
            user_id=self._user,
            reply_to=_REPLIES,
            # Nobody waits any longer: an address that is read for nothing would be read, and logged, in vain.
            expiration=str(int(self._timeout * 1000)),
        )

    def _open(self) -> Connection:
        if self._connection is not None and time.monotonic() - self._used < _QUIET:
            return self._connection
        self.close()
        self._connection = Connection(self._url, connect_timeout=self._timeout, heartbeat=0)
        self._channel = self._connection.channel()
        self._channel.basic_consume(_REPLIES, no_ack=True, callback=self._on_reply)
        self._channel.events["basic_return"].add(self._on_return)
        return self._connection

    def _on_reply(self, message: Any) -> None:
        if message.properties.get("correlation_id") == self._asked:
            body = message.body
            self._answer = body if isinstance(body, bytes) else str(body).encode()

    def _on_return(self, *_: Any) -> None:
        self._returned = True


def _contact(given: dict[str, str]) -> Contact:
    return Contact(given["email"], given["first_name"], given["last_name"], given["tracking_url"])
