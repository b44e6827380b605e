"""Consuming requests from outside: each is answered to its sender, and the same one gets the same answer.

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
from shared.messaging.batch import Batch
from shared.messaging.message import Key, Message, RawMessage, measure_age
from shared.messaging.outcome import Overtaken, Refuse
from shared.messaging.store import inbox

MAX_BODY = 256 * 1024
Errors = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a request is not taken; `request` is an outline where it could not even be read."""

    request: Event | Outline
    errors: Errors


AnswerRejection = Callable[[Rejection], Event]
FurtherErrors = Callable[[Batch, RawMessage, Event, Mapping[str, Any]], Errors]
RequestHandler = Callable[[Batch, list[Message]], list[tuple[Message, Errors]]]


def no_further_errors(_batch: Batch, _raw: RawMessage, _event: Event, _data: Mapping[str, Any]) -> Errors:
    """A request whose form is wrong is told of its form alone."""
    return []


@dataclass(frozen=True, slots=True)
class RequestConsumer:
    """A consumer of requests.

    `reads`: type → the schema of its data, strict. `handler` accepts (`batch.accept`) what it can and
    returns the others with their errors. `reject` makes the answer that tells them. `secret` keys the
    fingerprint, so that the content cannot be guessed from it. `further_errors` finds what else is wrong
    with a request of which only some fields could be read, so that its sender learns all at once.
    """

    reads: Mapping[str, Schema]
    handler: RequestHandler
    reject: AnswerRejection
    secret: bytes
    further_errors: FurtherErrors = no_further_errors

    def take(self, batch: Batch, raw_messages: Sequence[RawMessage]) -> None:
        """Answer each request, or park it where its sender cannot be answered."""
        messages = [message for raw in raw_messages if (message := self._read(batch, raw))]
        measure_age(batch.queue, messages)
        while messages:
            messages = self._round(batch, messages)

    def _round(self, batch: Batch, messages: list[Message]) -> list[Message]:
        """Handle the first of each key; returns the repeats of rejected ones, for another round."""
        known = inbox.find(batch.conn, batch.queue, {m.key for m in messages})
        firsts: dict[Key, Message] = {}
        repeats: list[Message] = []
        for message in messages:
            answered = known.get(message.key)
            if answered:
                self._answer_again(batch, message, answered)
            elif message.key in firsts:
                repeats.append(message)
            else:
                firsts[message.key] = message
        self._handle(batch, list(firsts.values()))
        return self._answer_repeats(batch, repeats)

    def _handle(self, batch: Batch, messages: list[Message]) -> None:
        rejected = self.handler(batch, messages) if messages else []
        # Another replica may have accepted the same request since it was looked for. What stands in its way
        # now is then its own effect, and its sender is to get the answer that it was given.
        if rejected and inbox.find(batch.conn, batch.queue, {m.key for m, _ in rejected}):
            raise Overtaken
        for message, found in rejected:
            self._reject(batch, message.raw, message.event, found)

    def _answer_repeats(self, batch: Batch, repeats: list[Message]) -> list[Message]:
        """Answer those whose first copy was accepted; returns the others."""
        again = []
        for message in repeats:
            accepted = batch.accepted(message.key)
            if accepted:
                self._answer_again(batch, message, inbox.Answered(accepted[0].fingerprint, accepted[1]))
            else:
                again.append(message)
        return again

    def _answer_again(self, batch: Batch, message: Message, answered: inbox.Answered) -> None:
        if answered.fingerprint in (message.fingerprint, self._first_fingerprint(message.event)):
            batch.answer(message.raw, answered.answer)
            return
        conflict = errors.error("/id", "conflict", language(message.event))
        self._reject(batch, message.raw, message.event, [conflict])

    def _reject(self, batch: Batch, raw: RawMessage, request: Event | Outline, found: Errors) -> None:
        if raw.can_be_answered:
            batch.answer(raw, self.reject(Rejection(request, found)))
            return
        causes = ", ".join(f"{e['code']} at {errors.kept_pointer(e['pointer'])}" for e in found)
        batch.keep(raw, Refuse(f"refused, and its sender waits for no answer: {causes}"))

    def _read(self, batch: Batch, raw: RawMessage) -> Message | None:
        if raw.reply_to and not raw.can_be_answered:
            batch.keep(raw, Refuse("reply_to is not a direct reply-to"))
            return None
        event: Event | None = None
        try:
            self._check_envelope(raw)
            event = decode(raw.body)
            return self._message(raw, event)
        except ValidationError as exc:
            request = event or outline(raw.body)
            self._reject(batch, raw, request, self._all_errors(batch, raw, request, exc))
            return None

    def _all_errors(
        self, batch: Batch, raw: RawMessage, request: Event | Outline, exc: ValidationError
    ) -> Errors:
        found = errors.explain(exc, language(request))
        if isinstance(request, Event) and isinstance(exc.valid_data, dict):
            found += self.further_errors(batch, raw, request, exc.valid_data)
        return found[: errors.MOST]

    @staticmethod
    def _check_envelope(raw: RawMessage) -> None:
        if len(raw.body) > MAX_BODY:
            raise errors.invalid("", "too_large")
        if not raw.sender:
            raise errors.invalid("", "not_allowed.nobody")

    def _message(self, raw: RawMessage, event: Event) -> Message:
        schema = self.reads.get(event.type)
        if schema is None:
            raise errors.invalid("/type", registry.unknown_code(event.type, self.reads))
        data = errors.load_data(schema, event.data)
        return Message(raw, event, data, self._fingerprint(event.type, canonical(schema, data)))

    def _first_fingerprint(self, event: Event) -> str:
        """As the first release made it, of the data as they were sent: it stands in rows of that time."""
        return self._fingerprint(event.type, event.data)

    def _fingerprint(self, type_: str, content: Mapping[str, Any]) -> str:
        plain = orjson.dumps([type_, content], option=orjson.OPT_SORT_KEYS)
        return hashlib.blake2b(plain, key=self.secret[:64], digest_size=16).hexdigest()


def language(request: Event | Outline) -> Language:
    """The language to answer in: the sender's if it says so, else French."""
    said = request.data.get("language")
    return language_or_french(primary_tag(said) if isinstance(said, str) else None)
