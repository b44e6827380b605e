"""The bench's own dealings with the broker: filling a queue, counting receipts, reading a stream."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import amqp

from shared.contracts.envelope import CONTENT_TYPE

REPLY_TO = "amq.rabbitmq.reply-to"
ACCEPTED = b'"type":"submission.accepted.v1"'


def connect(url: str) -> amqp.Connection:
    """An open connection."""
    parts = urlsplit(url)
    connection = amqp.Connection(
        host=f"{parts.hostname}:{parts.port or 5672}",
        userid=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        virtual_host=unquote(parts.path.removeprefix("/")) or "/",
        connect_timeout=10,
        heartbeat=0,
        socket_settings={socket.TCP_USER_TIMEOUT: 120_000},  # under load the broker makes us wait
    )
    connection.connect()
    return connection


def user(url: str) -> str:
    """The RabbitMQ user of an address."""
    return unquote(urlsplit(url).username or "")


def message(body: bytes, sender: str, properties: Mapping[str, Any]) -> amqp.Message:
    """A submission on its way to `citizen.in`, from a front end that waits for its receipt."""
    given = {"content_type": CONTENT_TYPE, "delivery_mode": 2, "reply_to": REPLY_TO, "user_id": sender}
    return amqp.Message(body, **{**given, **properties})


class Confirms:
    """Which messages of a channel the broker has not confirmed yet."""

    def __init__(self, channel: amqp.Channel) -> None:
        channel.confirm_select()
        channel.events["basic_ack"].add(self._confirmed)
        self._sent = 0
        self._waiting: set[int] = set()

    def expect(self, count: int = 1) -> None:
        """So many more have been sent."""
        self._waiting.update(range(self._sent + 1, self._sent + count + 1))
        self._sent += count

    def wait(self, connection: amqp.Connection) -> None:
        """Return when all of them have been confirmed."""
        while self._waiting:
            connection.drain_events(timeout=60)

    def _confirmed(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._waiting = {waiting for waiting in self._waiting if waiting > tag}
        else:
            self._waiting.discard(tag)


class Depths:
    """Looks at queues. Counts are those of messages ready, as the broker has them at this moment."""

    def __init__(self, url: str) -> None:
        self._connection = connect(url)
        self._channel = self._connection.channel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def ready(self, queue: str) -> int:
        """Messages that wait in a queue."""
        return int(self._channel.queue_declare(queue, passive=True).message_count)

    def consumed(self, queues: Iterable[str]) -> bool:
        """True where somebody consumes from each of these queues."""
        return all(self._channel.queue_declare(q, passive=True).consumer_count for q in queues)

    def purge(self, queue: str) -> None:
        """Throw away what is in a queue."""
        self._channel.queue_purge(queue)


class Front:
    """A front end that sends submissions as fast as the broker takes them, and counts the receipts.

    While a contender is measured, receipts are not parsed: what arrives is searched for one word.
    """

    def __init__(self, url: str) -> None:
        self._connection = connect(url)
        self._user = user(url)
        self._channel = self._connection.channel()
        self._channel.auto_decode = False
        self._channel.basic_consume(REPLY_TO, no_ack=True, callback=self._receive)
        self._confirms = Confirms(self._channel)
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._tail = b""
        self.receipts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping = True
        if self._thread:
            self._thread.join()
        self._connection.collect()

    def send(self, messages: Iterable[tuple[bytes, Mapping[str, Any]]]) -> None:
        """Publish to `citizen.in`, each with the properties that it needs; all are confirmed."""
        for body, properties in messages:
            sent = message(body, self._user, properties)
            self._channel.basic_publish(sent, "citizen.in", "gentilly.submission")
            self._confirms.expect()
        self._confirms.wait(self._connection)

    def count_receipts(self) -> None:
        """From now on count what comes back; nothing more can be sent."""
        self._take(bytes(self._connection.transport._read_buffer))
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()

    def _receive(self, message: amqp.Message) -> None:
        self.receipts += message.body.count(ACCEPTED)

    def _count(self) -> None:
        sock: socket.socket = self._connection.transport.sock
        sock.settimeout(0.2)
        while not self._stopping:
            with contextlib.suppress(TimeoutError):
                self._take(sock.recv(1 << 20))

    def _take(self, received: bytes) -> None:
        text = self._tail + received
        self.receipts += text.count(ACCEPTED)
        # a word cut in two is whole again next time, and a whole one is not counted twice
        self._tail = text[-len(ACCEPTED) + 1 :]


def stream_ids(url: str, queue: str, offset: int, expected: int, timeout: float = 30.0) -> list[str]:
    """The message ids in a stream from `offset` on, `expected` of them or what has come by the timeout."""
    ids: list[str] = []
    connection = connect(url)
    channel = connection.channel()
    channel.basic_qos(0, 1000, False)

    def take(message: amqp.Message) -> None:
        ids.append(message.properties["message_id"])
        channel.basic_ack(message.delivery_tag)

    channel.basic_consume(queue, callback=take, arguments={"x-stream-offset": offset})
    with contextlib.suppress(TimeoutError):
        while len(ids) < expected:
            connection.drain_events(timeout=timeout)
    connection.close()
    return ids
