"""Asking over the broker and waiting for the answer (RabbitMQ's direct reply-to)."""

from __future__ import annotations

import time
from typing import Any

from amqp import Message as AmqpMessage
from amqp.exceptions import AMQPError
from kombu.exceptions import OperationalError

from shared.amqp.connections import Connection, connection_to
from shared.amqp.publisher import CONTENT_TYPE, Outgoing
from shared.errors import Unavailable
from shared.logs import describe

_REPLY_TO = "amq.rabbitmq.reply-to"
# A connection that has not been used for this long (s) may be dead without our knowing.
_IDLE = 20.0


class RequestClient:
    """Asks as `user`, one request at a time, and waits `timeout` seconds for each answer. For one thread.

    The connection is opened when first needed, and again after any trouble.
    """

    def __init__(self, url: str, user: str, timeout: float) -> None:
        self._url = url
        self._user = user
        self._timeout = timeout
        self._connection: Connection | None = None
        self._channel: Any = None
        self._used = 0.0
        self._request_id = ""
        self._answer: bytes | None = None
        self._returned = False

    def ask(self, request: Outgoing) -> bytes:
        """The body of the answer to `request`.

        Raises Unavailable where no queue takes it, nobody answers in time, or the broker is away.
        """
        try:
            return self._ask(request)
        except (OSError, AMQPError, OperationalError) as exc:
            self.close()
            raise Unavailable(f"no answer: {describe(exc)}") from exc

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.collect()
        self._connection = self._channel = None

    def _ask(self, request: Outgoing) -> bytes:
        connection = self._open()
        self._request_id, self._answer, self._returned = request.message_id, None, False
        message = self._message(request)
        self._channel.basic_publish(message, request.exchange, request.routing_key, mandatory=True)
        deadline = time.monotonic() + self._timeout
        while self._answer is None:
            left = deadline - time.monotonic()
            if left <= 0 or self._returned:
                raise TimeoutError
            connection.drain_events(timeout=left)
        self._used = time.monotonic()
        return self._answer

    def _message(self, request: Outgoing) -> AmqpMessage:
        return AmqpMessage(
            request.body,
            content_type=CONTENT_TYPE.decode(),
            message_id=request.message_id,
            correlation_id=request.message_id,
            type=request.type,
            user_id=self._user,
            reply_to=_REPLY_TO,
            # After that nobody waits any more: it would be answered in vain.
            expiration=str(int(self._timeout * 1000)),
        )

    def _open(self) -> Connection:
        if self._connection is not None and time.monotonic() - self._used < _IDLE:
            return self._connection
        self.close()
        self._connection = connection_to(self._url, connect_timeout=self._timeout, heartbeat=0)
        self._channel = self._connection.channel()
        self._channel.basic_consume(_REPLY_TO, no_ack=True, callback=self._on_answer)
        self._channel.events["basic_return"].add(self._on_return)
        return self._connection

    def _on_answer(self, message: Any) -> None:
        if message.properties.get("correlation_id") == self._request_id:
            body = message.body
            self._answer = body if isinstance(body, bytes) else str(body).encode()

    def _on_return(self, *_: Any) -> None:
        self._returned = True
