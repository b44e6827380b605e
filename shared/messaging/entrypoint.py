"""The nameko entrypoint `consume`: a service method that takes what has arrived, in batches.

What has arrived when the worker is free, up to `size`, is one batch: small when there is little to do,
so that nothing waits, and large under load. Batches begin at least `spacing` apart, or they would crumble.
One acknowledgement follows each batch. Until a first message has come that was not delivered before,
messages are taken one by one: so one that kills the process takes no innocent neighbour with it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import eventlet
from eventlet.event import Event
from kombu import Connection, Consumer, Queue
from kombu.message import Message as Incoming
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from shared.logs import describe
from shared.messaging.message import Delivery
from shared.messaging.outcomes import Unavailable

log = logging.getLogger(__name__)

F = TypeVar("F", bound=Callable[..., Any])

HEARTBEAT = 30
_BACK_OFF = (1, 2, 4, 8, 15)


class BatchConsumer(Entrypoint):  # type: ignore[misc]
    """Calls the service method with a list of Delivery; what it returns from is acknowledged."""

    def __init__(self, queue: str, **kwargs: Any) -> None:
        self.queue = queue
        super().__init__(**kwargs)

    def setup(self) -> None:
        """Read the service's configuration."""
        config = self.container.config
        self.url = config["AMQP_URI"]
        self.size = config["BATCH_SIZE"]
        self.spacing = config["BATCH_SPACING"]
        self.stopping = False
        self.ended = Event()

    def start(self) -> None:
        """Consume from now on, in a green thread of the container."""
        self.container.spawn_managed_thread(self._run, identifier=f"consume {self.queue}")

    def stop(self) -> None:
        """Take no more, finish what has been taken, acknowledge it."""
        self.stopping = True
        self.ended.wait()

    def kill(self) -> None:
        """The container is going down hard: leave the rest to the broker, which delivers it again."""
        self.stopping = True

    def _run(self) -> None:
        failures = 0
        while not self.stopping:
            session = Session(self)
            try:
                session.run()
            except Exception as exc:
                log.warning("%s: %s; consuming again soon", self.queue, describe(exc))
            failures = 0 if session.consumed else failures + 1
            if not self.stopping:
                eventlet.sleep(_BACK_OFF[min(failures, len(_BACK_OFF) - 1)])
        self.ended.send(None)


class Session:
    """One connection's life. Its green thread alone reads from it; workers write their acks to it."""

    def __init__(self, entrypoint: BatchConsumer) -> None:
        self._entrypoint = entrypoint
        self._waiting: list[Incoming] = []
        self._in_work = 0
        self._timer: Any = None
        self._broken = False
        self._began = 0.0
        self._trusted = False
        self.consumed = False

    def run(self) -> None:
        """Consume until the entrypoint stops or the connection ends."""
        connection = Connection(self._entrypoint.url, heartbeat=HEARTBEAT, connect_timeout=5)
        try:
            self._consume(connection)
            with eventlet.Timeout(5, False):
                connection.release()
        finally:
            self._broken = True
            self._cancel_timer()
            connection.collect()

    def _consume(self, connection: Connection) -> None:
        consumer = self._subscribe(connection, prefetch=1)
        promoted = cancelled = False
        while not (cancelled and not self._waiting and not self._in_work) and not self._broken:
            if self._trusted and not promoted and not cancelled:
                consumer.cancel()
                consumer = self._subscribe(connection, prefetch=2 * self._entrypoint.size)
                promoted = True
            if self._entrypoint.stopping and not cancelled:
                consumer.cancel()
                cancelled = True
            self._receive(connection, 0.05 if cancelled else 0.5)

    def _subscribe(self, connection: Connection, prefetch: int) -> Consumer:
        channel = connection.default_channel
        queue = Queue(self._entrypoint.queue, no_declare=True)
        consumer = Consumer(channel, [queue], auto_declare=False, on_message=self._on_message, accept=[])
        consumer.qos(prefetch_count=prefetch)
        consumer.consume()
        return consumer

    @staticmethod
    def _receive(connection: Connection, seconds: float) -> None:
        try:
            connection.drain_events(timeout=seconds)
        except TimeoutError:
            connection.heartbeat_check()

    def _on_message(self, message: Incoming) -> None:
        self._waiting.append(message)
        self._schedule()

    def _schedule(self) -> None:
        """Begin the next batch when the last began long enough ago; by then, more may have arrived."""
        if self._timer is None and not self._in_work and self._waiting and not self._broken:
            wait = self._began + self._entrypoint.spacing - time.monotonic()
            self._timer = eventlet.spawn_after(max(0.0, wait), self._begin)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _begin(self) -> None:
        self._timer = None
        if self._broken or self._in_work:
            return
        self._began = time.monotonic()
        size = self._entrypoint.size
        messages, self._waiting = self._waiting[:size], self._waiting[size:]
        self._in_work = len(messages)
        self._work(messages)

    def _work(self, messages: list[Incoming]) -> None:
        queue = self._entrypoint.queue
        deliveries = [Delivery(queue, _raw(m), m.properties) for m in messages]
        try:
            self._entrypoint.container.spawn_worker(
                self._entrypoint, (deliveries,), {}, handle_result=partial(self._ended, messages)
            )
        except ContainerBeingKilled:
            self._broken = True

    def _ended(self, messages: list[Incoming], _context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """Called in the worker when the batch is done, or could not be."""
        exc = exc_info[1] if exc_info else None
        if exc is None:
            self._acknowledge(messages)
        else:
            self._again(messages, exc)
        return result, None

    def _acknowledge(self, messages: list[Incoming]) -> None:
        try:
            messages[-1].ack(multiple=True)
        except Exception as exc:
            log.warning("%s: no ack (%s); the broker delivers again", self._entrypoint.queue, describe(exc))
            self._broken = True
            return
        self.consumed = True
        self._trusted = self._trusted or any(not m.delivery_info.get("redelivered") for m in messages)
        self._in_work = 0
        self._schedule()

    def _again(self, messages: list[Incoming], exc: BaseException) -> None:
        """Nothing is wrong with the messages: hold them, and try the same ones when it may be better."""
        level = logging.WARNING if isinstance(exc, Unavailable) else logging.ERROR
        log.log(level, "%s waits: %s", self._entrypoint.queue, describe(exc))
        if self._entrypoint.stopping:
            self._broken = True
            return
        eventlet.sleep(1)
        self._waiting[:0] = messages
        self._in_work = 0
        self._schedule()


def _raw(message: Incoming) -> bytes:
    body = message.body
    return body if isinstance(body, bytes) else str(body).encode()


def consume(queue: str) -> Callable[[F], F]:
    """The method takes what comes to `queue`, as lists of Delivery; what it returns from is acknowledged."""
    decorator: Callable[[F], F] = BatchConsumer.decorator(queue)
    return decorator
