"""A batch in work: one transaction, and all that is to follow from it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from psycopg.types.json import Json

from shared import db, ids, outbox
from shared.amqp.publisher import Outgoing, fits
from shared.contracts import registry
from shared.contracts.envelope import Event
from shared.messaging.message import Delivery, Key, Message
from shared.messaging.outcomes import Overtaken, Reject, Retry
from shared.outbox import QUERIES, Telling

Outcome = Retry | Reject


@dataclass(slots=True)
class Batch:
    """What a handler works with. Nothing leaves before the transaction on `conn` has been committed."""

    conn: db.Connection
    queue: str
    delays: Sequence[float]
    tellings: list[Telling] = field(default_factory=list)
    replies: list[Outgoing] = field(default_factory=list)
    accepted: dict[Key, tuple[Message, Event]] = field(default_factory=dict)
    set_aside: list[tuple[Delivery, Outcome]] = field(default_factory=list)
    forgotten: list[Message] = field(default_factory=list)
    finished: list[Delivery] = field(default_factory=list)

    def tell(self, event: Event, *routes: tuple[str, str]) -> None:
        """Publish `event` after the commit, on exchange `events` unless `routes` say otherwise.

        Raises marshmallow.ValidationError where it does not keep to its contract.
        """
        registry.check(event)
        self.tellings.append(Telling(event, routes or (outbox.events_route(event),)))

    def accept(self, message: Message, answer: Event) -> None:
        """The request is done: remember it, and send `answer` now and at every repeat."""
        self.accepted[message.key] = (message, answer)
        self.reply(message.delivery, answer)

    def reply(self, delivery: Delivery, answer: Event) -> None:
        """Send `answer` to the sender after the commit, if the sender waits for one."""
        if delivery.can_be_answered:
            known_as = (
                _said(delivery, "correlation_id") or answer.causationid or _said(delivery, "message_id")
            )
            body = answer.encode()
            self.replies.append(
                Outgoing("", delivery.reply_to, body, answer.id, answer.type, known_as, mandatory=False)
            )

    def retry(self, message: Message, cause: str, after: float | None = None) -> None:
        """Not now: take this message again after `after` seconds, or after the next usual delay."""
        self._put_aside(message, Retry(cause, after))

    def park(self, message: Message, cause: str) -> None:
        """Never: keep this message with its cause."""
        self._put_aside(message, Reject(cause))

    def _put_aside(self, message: Message, outcome: Outcome) -> None:
        self.forgotten.append(message)
        self.set_aside.append((message.delivery, outcome))

    def write(self) -> None:
        """Write what follows from the batch, in its transaction."""
        self._remember()
        outbox.tell(self.conn, self.tellings)
        for message in self.forgotten:
            self.conn.execute(QUERIES["inbox_unmark"], _inbox_row(self.queue, message.key))
        if not self.replies:
            self.let_go(self.conn)
        for delivery, outcome in self.set_aside:
            self._write_outcome(delivery, outcome)

    def let_go(self, conn: db.Connection) -> None:
        """Try no more what was tried again and is done; if it is answered, only once the answer has left."""
        for delivery in self.finished:
            _delete_retry(conn, delivery)

    def _remember(self) -> None:
        if not self.accepted:
            return
        rows = [_answer_row(self.queue, message, answer) for message, answer in self.accepted.values()]
        written = self.conn.execute(QUERIES["inbox_remember"], {"rows": db.rows(rows)}).rowcount
        if written != len(rows):
            raise Overtaken

    def _write_outcome(self, delivery: Delivery, outcome: Outcome) -> None:
        attempts = delivery.attempts + 1
        row = _row(delivery, attempts, outcome.cause)
        if isinstance(outcome, Retry) and self.may_retry(delivery):
            after = self.delays[attempts - 1] if outcome.after is None else outcome.after
            self.conn.execute(QUERIES["retry_insert"], {**row, "after": after})
            return
        self.conn.execute(QUERIES["park"], row)
        _delete_retry(self.conn, delivery)

    def may_retry(self, delivery: Delivery) -> bool:
        """Whether another attempt is left to it; it is parked otherwise."""
        return delivery.attempts < len(self.delays)


def _delete_retry(conn: db.Connection, delivery: Delivery) -> None:
    if delivery.retry_id:
        town, row_id = delivery.retry_id
        conn.execute(QUERIES["retry_delete"], {"town": town, "id": row_id})


def _said(delivery: Delivery, name: str) -> str | None:
    """What its sender knows the answer by, if it can be sent back: read in spite of bad bytes, it grows."""
    said = str(delivery.properties.get(name) or "")
    return said if fits(said) else None


def _inbox_row(queue: str, key: Key) -> dict[str, Any]:
    town, sender, event_id = key
    return {"town": town, "consumer": queue, "sender": sender, "event_id": event_id}


def _answer_row(queue: str, message: Message, answer: Event) -> dict[str, Any]:
    reply = orjson.Fragment(answer.encode())
    return {**_inbox_row(queue, message.key), "fingerprint": message.fingerprint, "reply": reply}


def _row(delivery: Delivery, attempts: int, cause: str) -> dict[str, Any]:
    town, row_id = delivery.retry_id or (_town(delivery), _row_id(delivery))
    return {
        "town": town,
        "id": row_id,
        "consumer": _text(delivery.queue),
        "body": delivery.body,
        "properties": Json(_plain(delivery.properties)),
        "attempts": attempts,
        "cause": _text(cause)[:500],
    }


def _row_id(delivery: Delivery) -> str:
    """The same for the same message: put aside again after a crash, it is still one row."""
    content = hashlib.blake2b(delivery.body, digest_size=16).hexdigest()
    said = delivery.queue, delivery.sender, delivery.properties.get("message_id") or "", content
    return ids.derived_id(*map(_text, said))


def _town(delivery: Delivery) -> str:
    """The town a message speaks of, as far as can be told: an unreadable one has none."""
    try:
        town = orjson.loads(delivery.body)["town"]
    except (orjson.JSONDecodeError, KeyError, TypeError, IndexError):
        return ""
    return town if isinstance(town, str) and len(town) <= 63 and "\x00" not in town else ""


def _plain(value: Any, depth: int = 20) -> Any:
    """`value` as JSON that jsonb takes, whatever a sender has put there: it must be possible to park it."""
    if depth == 0:
        return "…"
    if isinstance(value, dict):
        return {_text(key): _plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, depth - 1) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    return _text(value)


def _text(value: Any) -> str:
    """As text that PostgreSQL takes: no NUL, and nothing that UTF-8 cannot hold."""
    text = value if isinstance(value, str) else str(value)
    return text.encode(errors="replace").decode().replace("\x00", "�")
