"""Taking requests from outside: each is answered to its sender, and the same one gets the same answer.

An accepted request is remembered by town, sender and id. Again with the same content: the same answer.
With other content: refused as a conflict. A refused request is not remembered, so that it can be sent
again, corrected, under the same id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from marshmallow import Schema, ValidationError

from shared.contracts import errors, registry
from shared.contracts.canonical import canonical
from shared.contracts.envelope import Event, Outline, decode, outline
from shared.l10n import Language, language_or_french, primary_tag
from shared.messaging import inbox
from shared.messaging.batch import Batch
from shared.messaging.message import Delivery, Key, Message, measure_age
from shared.messaging.outcomes import Overtaken, Reject

MAX_BODY = 256 * 1024
Errors = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request cannot be taken; `asked` is an outline where it could not even be read."""

    asked: Event | Outline
    errors: Errors


Refuse = Callable[[Refusal], Event]
Also = Callable[[Batch, Delivery, Event, Mapping[str, Any]], Errors]
Handler = Callable[[Batch, list[Message]], list[tuple[Message, Errors]]]


def nothing_more(_batch: Batch, _delivery: Delivery, _event: Event, _data: Mapping[str, Any]) -> Errors:
    """Beside its form, nothing is said of a request that cannot be read."""
    return []


@dataclass(frozen=True, slots=True)
class Requests:
    """A consumer of requests.

    `reads`: type → the schema of its data, strict. `handler` accepts (`batch.accept`) what it can and
    returns the others with their errors. `refuse` makes the answer that tells them. `secret` keys the
    fingerprint, so that what was said cannot be guessed from it. `also` finds what else is wrong with a
    request whose data are partly unreadable, in what could be read, so that its sender learns all at once.
    """

    reads: Mapping[str, Schema]
    handler: Handler
    refuse: Refuse
    secret: bytes
    also: Also = nothing_more

    def take(self, batch: Batch, deliveries: Sequence[Delivery]) -> None:
        """Answer each request, or park it where its sender cannot be answered."""
        messages = [message for d in deliveries if (message := self._read(batch, d))]
        measure_age(batch.queue, messages)
        while messages:
            messages = self._round(batch, messages)

    def _round(self, batch: Batch, messages: list[Message]) -> list[Message]:
        """Handle the first of each key; returns those that must be looked at again after it was refused."""
        known = inbox.find(batch.conn, batch.queue, {m.key for m in messages})
        firsts: dict[Key, Message] = {}
        echoes: list[Message] = []
        for message in messages:
            answered = known.get(message.key)
            if answered:
                self._answer_again(batch, message, answered)
            elif message.key in firsts:
                echoes.append(message)
            else:
                firsts[message.key] = message
        self._handle(batch, list(firsts.values()))
        return self._after(batch, echoes)

    def _handle(self, batch: Batch, messages: list[Message]) -> None:
        refused = self.handler(batch, messages) if messages else []
        # Another replica may have accepted the same request since it was looked for. What stands in its way
        # now is then its own effect, and its sender is to get the answer that it was given.
        if refused and inbox.find(batch.conn, batch.queue, {m.key for m, _ in refused}):
            raise Overtaken
        for message, found in refused:
            self._refuse(batch, message.delivery, message.event, found)

    def _after(self, batch: Batch, echoes: list[Message]) -> list[Message]:
        again = []
        for message in echoes:
            accepted = batch.accepted.get(message.key)
            if accepted:
                answered = inbox.Answered(accepted[0].fingerprint, accepted[1])
                self._answer_again(batch, message, answered)
            else:
                again.append(message)
        return again

    def _answer_again(self, batch: Batch, message: Message, answered: inbox.Answered) -> None:
        if answered.fingerprint in (message.fingerprint, self._first_fingerprint(message.event)):
            batch.reply(message.delivery, answered.reply)
            return
        conflict = errors.error("/id", "conflict", language(message.event))
        self._refuse(batch, message.delivery, message.event, [conflict])

    def _refuse(self, batch: Batch, delivery: Delivery, asked: Event | Outline, found: Errors) -> None:
        if delivery.can_be_answered:
            batch.reply(delivery, self.refuse(Refusal(asked, found)))
            return
        causes = ", ".join(f"{e['code']} at {errors.kept_pointer(e['pointer'])}" for e in found)
        batch.set_aside.append((delivery, Reject(f"refused, and its sender waits for no answer: {causes}")))

    def _read(self, batch: Batch, delivery: Delivery) -> Message | None:
        if delivery.reply_to and not delivery.can_be_answered:
            batch.set_aside.append((delivery, Reject("reply_to is not a direct reply-to")))
            return None
        event: Event | None = None
        try:
            self._check_delivery(delivery)
            event = decode(delivery.body)
            return self._understood(delivery, event)
        except ValidationError as exc:
            asked = event or outline(delivery.body)
            self._refuse(batch, delivery, asked, self._all_wrong(batch, delivery, asked, exc))
            return None

    def _all_wrong(
        self, batch: Batch, delivery: Delivery, asked: Event | Outline, exc: ValidationError
    ) -> Errors:
        found = errors.explain(exc, language(asked))
        if isinstance(asked, Event) and isinstance(exc.valid_data, dict):
            found += self.also(batch, delivery, asked, exc.valid_data)
        return found[: errors.MOST]

    @staticmethod
    def _check_delivery(delivery: Delivery) -> None:
        if len(delivery.body) > MAX_BODY:
            raise errors.invalid("", "too_large")
        if not delivery.sender:
            raise errors.invalid("", "not_allowed.nobody")

    def _understood(self, delivery: Delivery, event: Event) -> Message:
        schema = self.reads.get(event.type)
        if schema is None:
            raise errors.invalid("/type", registry.unknown_code(event.type, self.reads))
        data = errors.load_data(schema, event.data)
        return Message(delivery, event, data, self._fingerprint(event.type, canonical(schema, data)))

    def _first_fingerprint(self, event: Event) -> str:
        """As the first release made it, of the data as they were sent: it stands in rows of that time."""
        return self._fingerprint(event.type, event.data)

    def _fingerprint(self, type_: str, content: Mapping[str, Any]) -> str:
        said = orjson.dumps([type_, content], option=orjson.OPT_SORT_KEYS)
        return hashlib.blake2b(said, key=self.secret[:64], digest_size=16).hexdigest()


def language(asked: Event | Outline) -> Language:
    """The language to answer in: the sender's if it says so, else French."""
    said = asked.data.get("language")
    return language_or_french(primary_tag(said) if isinstance(said, str) else None)
