"""A bare channel: to publish anything as anybody, and to hear what the broker says of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pika
import pika.exceptions
from pika.adapters.blocking_connection import BlockingChannel

from tests.e2e.tool import CONTENT_TYPE


@contextmanager
def channel(url: str) -> Iterator[BlockingChannel]:
    """A channel with confirms; the broker's objections are raised."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    try:
        opened = connection.channel()
        opened.confirm_delivery()
        yield opened
    finally:
        if connection.is_open:
            connection.close()


def publish(to: BlockingChannel, user: str, exchange: str, key: str, body: bytes, **properties: Any) -> None:
    """Publish a persistent message as `user`."""
    said = {"user_id": user, "delivery_mode": 2, "content_type": CONTENT_TYPE, **properties}
    to.basic_publish(exchange, key, body, pika.BasicProperties(**said), mandatory=True)


def objection(
    url: str, user: str, exchange: str, key: str, body: bytes = b"{}", **properties: Any
) -> int | None:
    """The code with which the broker refuses a message; None where it takes it."""
    with channel(url) as to:
        try:
            publish(to, user, exchange, key, body, **properties)
        except pika.exceptions.ChannelClosedByBroker as closed:
            return int(closed.reply_code)
    return None
