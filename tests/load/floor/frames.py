"""For the floor: messages for a window, written to the broker at once and confirmed by it."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

import orjson

from shared.amqp.publisher import Encoder, Outgoing
from tests.load import broker


class Window:
    """What is to be published next."""

    def __init__(self, url: str) -> None:
        self._connection = broker.connect(url)
        self._channel = self._connection.channel()
        self._confirms = broker.Confirms(self._channel)
        self._encoder = Encoder(
            self._channel.channel_id, self._connection.frame_max, unquote(urlsplit(url).username or "")
        )
        self._messages: list[Outgoing] = []

    def add(self, exchange: str, key: str, event: dict[str, Any], body: bytes | None = None) -> bytes:
        """One more message; returns its body, for another copy."""
        body = body or orjson.dumps(event)
        correlation = event.get("correlationid") if not exchange else None
        mandatory = bool(exchange)
        self._messages.append(
            Outgoing(exchange, key, body, event["id"], event["type"], correlation, mandatory=mandatory)
        )
        return body

    def publish(self) -> None:
        """Publish what has been added, and return when the broker has confirmed all of it."""
        frames = [piece for message in self._messages for piece in self._encoder.message(message)]
        self._connection.transport.write(b"".join(frames))
        self._confirms.expect(len(self._messages))
        self._messages = []
        self._confirms.wait(self._connection)
