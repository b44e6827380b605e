"""What somebody with a user of the broker can try, in another client library than the product's."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection
from pika.exceptions import ChannelClosedByBroker, ConnectionClosedByBroker

from shared.messaging.deployer import Broker, Login

PATIENCE = 20.0
Attempt = Callable[[BlockingChannel], object]


@dataclass(frozen=True)
class Place:
    """A vhost, the suffix of its users' names, and their password."""

    broker: Broker
    suffix: str
    password: str

    def user(self, name: str) -> str:
        """The full name of a user of this vhost."""
        return f"{name}-{self.suffix}"

    def login(self, name: str) -> Login:
        """Its name and password."""
        return Login(self.user(name), self.password)


@contextmanager
def connected(place: Place, login: Login) -> Iterator[BlockingConnection]:
    """A connection as `login`."""
    address = pika.URLParameters(place.broker.amqp_url)
    address.credentials = pika.PlainCredentials(login.user, login.password)
    connection = BlockingConnection(address)
    try:
        yield connection
    finally:
        if connection.is_open:
            connection.close()


@contextmanager
def deployer_channel(place: Place) -> Iterator[BlockingChannel]:
    """A channel of somebody who may do everything."""
    with connected(place, Login.of(place.broker.amqp_url)) as connection:
        yield connection.channel()


def answer(connection: BlockingConnection, attempt: Attempt) -> int | None:
    """The broker's code against `attempt`, tried on a channel of its own; None where it is allowed."""
    channel = connection.channel()
    channel.confirm_delivery()
    try:
        attempt(channel)
    except (ChannelClosedByBroker, ConnectionClosedByBroker) as exc:
        return int(exc.reply_code)
    channel.close()
    return None


def answer_to(place: Place, login: Login, attempt: Attempt) -> int | None:
    """The same, on a connection of its own."""
    with connected(place, login) as connection:
        return answer(connection, attempt)


def send(exchange: str, key: str, body: bytes = b"{}", **properties: Any) -> Attempt:
    """Publish one message."""

    def attempt(channel: BlockingChannel) -> None:
        channel.basic_publish(exchange, key, body, pika.BasicProperties(**properties))

    return attempt


def listen(queue: str) -> Attempt:
    """Start to consume."""

    def attempt(channel: BlockingChannel) -> None:
        channel.basic_qos(prefetch_count=10)
        channel.basic_consume(queue, lambda *_: None)

    return attempt


def delete(queue: str) -> Attempt:
    """Delete a queue."""
    return lambda channel: channel.queue_delete(queue)


def purge(queue: str) -> Attempt:
    """Throw away what a queue holds."""
    return lambda channel: channel.queue_purge(queue)


def receive(
    channel: BlockingChannel, queue: str, count: int, **arguments: Any
) -> list[tuple[Any, Any, bytes]]:
    """The next `count` messages of a queue, acknowledged: (delivery, properties, body)."""
    channel.basic_qos(prefetch_count=count)
    found: list[tuple[Any, Any, bytes]] = []
    for message in channel.consume(queue, arguments=arguments or None, inactivity_timeout=PATIENCE):
        assert message[0] is not None, f"{len(found)} of {count} messages came from {queue}"
        channel.basic_ack(message[0].delivery_tag)
        found.append(message)
        if len(found) == count:
            break
    channel.cancel()
    return found


def turn_down(channel: BlockingChannel, queue: str, *, requeue: bool, times: int = 1) -> None:
    """Park the next message of a queue, or the same one again and again."""
    channel.basic_qos(prefetch_count=1)
    for delivery, _, _ in itertools.islice(channel.consume(queue, inactivity_timeout=PATIENCE), times):
        assert delivery is not None, f"nothing came from {queue}"
        channel.basic_reject(delivery.delivery_tag, requeue=requeue)
    channel.cancel()


def depths(place: Place, queues: list[str]) -> dict[str, int]:
    """How many messages are ready in each queue, now."""
    with deployer_channel(place) as channel:
        return {q: channel.queue_declare(q, passive=True).method.message_count for q in queues}
