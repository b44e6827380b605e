"""The batch: the unit of work of messages that came together, and what becomes of each."""

from __future__ import annotations

from collections.abc import Sequence

from shared import db
from shared.amqp.publisher import Outgoing, fits
from shared.contracts.envelope import Event
from shared.messaging.message import Key, Message, RawMessage
from shared.messaging.outcome import Outcome, Park, Refuse, Retry
from shared.messaging.store import inbox, parked, retry
from shared.unit import Unit


class Batch(Unit):
    """A unit that can also accept, answer, retry and park the messages of one queue.

    `delays`: seconds before each new attempt of a message that failed; after the last one it is parked.
    `retried`: those of its messages that come from the table `retry`. `dropped`: how many parked messages
    had to make room, once it is written.
    """

    dropped = 0

    def __init__(
        self, conn: db.Connection, queue: str, delays: Sequence[float], retried: Sequence[RawMessage] = ()
    ) -> None:
        super().__init__(conn)
        self.queue = queue
        self._delays = delays
        self._retried = retried
        self._accepted: dict[Key, tuple[Message, Event]] = {}
        self._answers: list[Outgoing] = []
        self._kept: list[tuple[RawMessage, Outcome]] = []
        self._unmarked: list[Key] = []

    @property
    def answers(self) -> Sequence[Outgoing]:
        """What is sent to those who wait for an answer, after the commit."""
        return self._answers

    @property
    def kept(self) -> Sequence[tuple[RawMessage, Outcome]]:
        """The messages that are retried or parked, with what becomes of each."""
        return self._kept

    def accepted(self, key: Key) -> tuple[Message, Event] | None:
        """The request of this key that the batch has accepted, with its answer."""
        return self._accepted.get(key)

    def accept(self, message: Message, answer: Event) -> None:
        """The request is done: remember it, and send `answer` now and at every repeat."""
        self._accepted[message.key] = (message, answer)
        self.answer(message.raw, answer)

    def answer(self, raw: RawMessage, answer: Event) -> None:
        """Send `answer` to the sender after the commit, if the sender waits for one."""
        if raw.can_be_answered:
            self._answers.append(
                Outgoing(
                    exchange="",
                    routing_key=raw.reply_to,
                    body=answer.encode(),
                    message_id=answer.id,
                    type=answer.type,
                    correlation_id=_known_as(raw, answer),
                    mandatory=False,
                    recipient=raw.sender,
                )
            )

    def retry(self, message: Message, cause: str, after: float | None = None) -> None:
        """Not now: take this message again after `after` seconds, or after the next usual delay."""
        self._unmarked.append(message.key)
        self.keep(message.raw, Retry(cause, after))

    def park(self, message: Message, cause: str) -> None:
        """Never: keep this message with its cause."""
        self._unmarked.append(message.key)
        self.keep(message.raw, Park(cause))

    def keep(self, raw: RawMessage, outcome: Outcome) -> None:
        """Retry or park a message that could not be read, or has failed."""
        self._kept.append((raw, outcome))

    def write(self) -> None:
        """Write what follows from the batch, in its transaction. Called once, by the processor."""
        inbox.remember(self.conn, self.queue, list(self._accepted.values()))
        super().write()
        for key in self._unmarked:
            inbox.unmark(self.conn, self.queue, key)
        if not self._answers:
            self.finish_retried(self.conn)
        refused = [(raw, outcome.cause) for raw, outcome in self._kept if isinstance(outcome, Refuse)]
        self.dropped = parked.refuse(self.conn, refused)
        for raw, outcome in self._kept:
            self._write_outcome(raw, outcome)

    @property
    def has_unfinished_retries(self) -> bool:
        """Whether `finish_retried` is still to be called: answered retries end once their answer has left."""
        return bool(self._answers and self._done_retries())

    def finish_retried(self, conn: db.Connection) -> None:
        """Try no more those that were tried again and are done."""
        for raw in self._done_retries():
            retry.delete(conn, raw)

    def is_retried(self, raw: RawMessage, outcome: Outcome) -> bool:
        """Whether `outcome` gives the message another attempt; it is parked otherwise."""
        return isinstance(outcome, Retry) and raw.attempts < len(self._delays)

    def _done_retries(self) -> list[RawMessage]:
        kept = {id(raw) for raw, _ in self._kept}
        return [raw for raw in self._retried if id(raw) not in kept]

    def _write_outcome(self, raw: RawMessage, outcome: Outcome) -> None:
        attempts = raw.attempts + 1
        if isinstance(outcome, Retry) and self.is_retried(raw, outcome):
            after = self._delays[attempts - 1] if outcome.after is None else outcome.after
            retry.postpone(self.conn, raw, attempts, outcome.cause, after)
            return
        if not isinstance(outcome, Refuse):
            parked.park(self.conn, raw, attempts, outcome.cause)
        retry.delete(self.conn, raw)


def _known_as(raw: RawMessage, answer: Event) -> str | None:
    """The correlation id by which the sender knows the answer."""
    return _named(raw, "correlation_id") or answer.causationid or _named(raw, "message_id")


def _named(raw: RawMessage, name: str) -> str | None:
    """A property as the sender wrote it, if AMQP can carry it back: text with bad bytes grows when read."""
    value = str(raw.properties.get(name) or "")
    return value if fits(value) else None
