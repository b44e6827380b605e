"""The nameko entrypoint `consume`: a service method that gets what has arrived, in batches.

What has arrived when the worker is free, up to `size`, is one batch: small when there is little to do,
so that nothing waits, and large under load. Batches begin at least `spacing` apart, or they would crumble.
One acknowledgement follows each batch.

After a start, what was delivered before may have killed the process. Until a first message comes that was
not, a few at a time are taken of those that were delivered once, and each of the others alone: so one that
kills the process takes no innocent neighbour with it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import eventlet
from amqp.basic_message import Message as Incoming
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension

from shared.amqp import properties
from shared.amqp.connections import Connection, connection_to
from shared.amqp.sockets import PATIENT, in_large_pieces
from shared.errors import Unavailable
from shared.logs import describe
from shared.messaging import RawMessage

log = logging.getLogger(__name__)

F = TypeVar("F", bound=Callable[..., Any])

HEARTBEAT = 30
PATIENCE = 20.0
FEW = 50
_BACK_OFF = (1, 2, 4, 8, 15)


class Probation(SharedExtension):  # type: ignore[misc]
    """Held by the one consumer of the process that takes messages which were delivered before.

    Without it, a message that kills the process would wear out those that other queues have in work.
    """

    def setup(self) -> None:
        """Make the lock."""
        self._lock = threading.Lock()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else takes such messages meanwhile; one that hangs is waited for, but not for ever."""
        held = self._lock.acquire(timeout=PATIENCE)
        try:
            yield
        finally:
            if held:
                self._lock.release()


class BatchConsumer(Entrypoint):  # type: ignore[misc]
    """Calls the service method with a list of RawMessage; what it returns from is acknowledged."""

    probation = Probation()

    def __init__(self, queue: str, **kwargs: Any) -> None:
        self.queue = queue
        super().__init__(**kwargs)

    def setup(self) -> None:
        """Read the service's configuration."""
        properties.install()
        config = self.container.config
        self.url = config["AMQP_URI"]
        self.size = config["BATCH_SIZE"]
        self.spacing = config["BATCH_SPACING"]
        self.stopping = threading.Event()
        self.ended = threading.Event()

    def start(self) -> None:
        """Consume from now on, in a green thread of the container."""
        self.container.spawn_managed_thread(self._run, identifier=f"consume {self.queue}")

    def stop(self) -> None:
        """Take no more, finish what has been taken, acknowledge it."""
        self.stopping.set()
        self.ended.wait()

    def kill(self) -> None:
        """The container is going down hard: leave the rest to the broker, which delivers it again."""
        self.stopping.set()

    def _run(self) -> None:
        failures = 0
        while not self.stopping.is_set():
            session = Session(self)
            try:
                session.run()
            except Exception as exc:
                log.warning("%s: %s; consuming again soon", self.queue, describe(exc))
            failures = 0 if session.consumed else failures + 1
            self.stopping.wait(_BACK_OFF[min(failures, len(_BACK_OFF) - 1)])
        self.ended.set()


class Session:
    """One connection's life. Its green thread alone reads from it; workers write their acks to it."""

    def __init__(self, entrypoint: BatchConsumer) -> None:
        self._entrypoint = entrypoint
        self._stopping = entrypoint.stopping
        self._waiting: list[Incoming] = []
        self._in_work = 0
        self._acknowledged = threading.Event()
        self._timer: Any = None
        self._broken = False
        self._began = 0.0
        self._trusted = False
        self.consumed = False

    def run(self) -> None:
        """Consume until the entrypoint stops or the connection ends."""
        connection = connection_to(
            self._entrypoint.url, heartbeat=HEARTBEAT, connect_timeout=5, transport_options=PATIENT
        )
        try:
            self._consume(self._open(connection))
            with eventlet.Timeout(5, False):
                connection.release()
        finally:
            self._broken = True
            self._cancel_timer()
            connection.collect()

    def _open(self, connection: Connection) -> Any:
        channel = connection.default_channel
        # By default py-amqp decodes bodies as the sender says: some codecs take minutes over 1 MiB.
        channel.auto_decode = False
        # Whatever is waited for without a limit of its own: a half-open link would be waited on for ever.
        channel.connection.transport.sock.settimeout(PATIENCE)
        in_large_pieces(channel.connection)
        return channel

    def _consume(self, channel: Any) -> None:
        self._prove(channel)
        if not self._stopping.is_set() and not self._broken:
            self._consume_batches(channel)

    def _prove(self, channel: Any) -> None:
        """Take what was delivered before, until a message comes that was not, or none is left."""
        more = True
        while more and not (self._trusted or self._broken or self._stopping.is_set()):
            with self._entrypoint.probation.alone():
                more = self._take_few(channel)

    def _take_few(self, channel: Any) -> bool:
        few: list[Incoming] = []
        last = None
        while (
            len(few) < FEW
            and (last := channel.basic_get(self._entrypoint.queue))
            and deliveries_before(last) == 1
        ):
            few.append(last)
        self._take_now(channel, few)
        if last and last not in few:
            self._take_now(channel, [last])
        return last is not None

    def _take_now(self, channel: Any, messages: list[Incoming]) -> None:
        self._waiting += messages
        while (self._waiting or self._in_work) and not self._broken:
            self._acknowledged.clear()
            self._begin()
            if not self._acknowledged.wait(0.5):
                self._receive(channel, 0.01)

    def _consume_batches(self, channel: Any) -> None:
        channel.basic_qos(0, 2 * self._entrypoint.size, False)
        tag = channel.basic_consume(self._entrypoint.queue, callback=self._on_message)
        while not (self._stopping.is_set() or self._broken):
            self._receive(channel, 0.5)
        if not self._broken:
            channel.basic_cancel(tag)
        while (self._waiting or self._in_work) and not self._broken:
            self._receive(channel, 0.05)

    @staticmethod
    def _receive(channel: Any, seconds: float) -> None:
        amqp = channel.connection
        try:
            amqp.drain_events(timeout=seconds)
        except TimeoutError:
            amqp.heartbeat_tick()

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
        """Begin the next batch, if any: a loop that did not wait for the timer may have taken all."""
        self._timer = None
        if self._broken or self._in_work or not self._waiting:
            return
        self._began = time.monotonic()
        size = self._entrypoint.size
        messages, self._waiting = self._waiting[:size], self._waiting[size:]
        self._in_work = len(messages)
        self._work(messages)

    def _work(self, messages: list[Incoming]) -> None:
        queue = self._entrypoint.queue
        raw = [RawMessage(queue, m.body or b"", m.properties) for m in messages]
        try:
            self._entrypoint.container.spawn_worker(
                self._entrypoint, (raw,), {}, handle_result=partial(self._ended, messages)
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
        last = messages[-1]
        try:
            last.channel.basic_ack(last.delivery_tag, multiple=True)
        except Exception as exc:
            log.warning("%s: no ack (%s); the broker delivers again", self._entrypoint.queue, describe(exc))
            self._broken = True
            return
        self.consumed = True
        self._trusted = self._trusted or any(deliveries_before(m) == 0 for m in messages)
        self._in_work = 0
        self._acknowledged.set()
        self._schedule()

    def _again(self, messages: list[Incoming], exc: BaseException) -> None:
        """Nothing is wrong with the messages: hold them, and try the same ones when it may be better."""
        level = logging.WARNING if isinstance(exc, Unavailable) else logging.ERROR
        log.log(level, "%s waits: %s", self._entrypoint.queue, describe(exc))
        if self._stopping.wait(1):
            self._broken = True
            return
        self._waiting[:0] = messages
        self._in_work = 0
        self._schedule()


def deliveries_before(message: Incoming) -> int:
    """How often the message was delivered before. Quorum queues count; of others it is only known whether."""
    if not message.delivery_info["redelivered"]:
        return 0
    headers = message.properties.get("application_headers") or {}
    count = headers.get("x-delivery-count")
    return count if isinstance(count, int) else 2


def consume(queue: str) -> Callable[[F], F]:
    """The method gets what comes to `queue`, as lists of RawMessage; what it returns from is acknowledged."""
    decorator: Callable[[F], F] = BatchConsumer.decorator(queue)
    return decorator
