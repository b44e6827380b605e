"""The consumer of `intake.contacts`: answers notification's questions for addresses."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from marshmallow import ValidationError

from services.intake.bus import answers, fields
from services.intake.domain.links import Links
from services.intake.usecases.contacts import Wanted, give_contacts
from shared.contracts import registry
from shared.contracts.envelope import Event, decode
from shared.contracts.kinds import Purpose
from shared.logs import describe
from shared.messaging import Batch, RawMessage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ContactsConsumer:
    """Takes lists of people, answers with their addresses. `reader`: the only user who is given any."""

    links: Links
    reader: str

    def take(self, batch: Batch, messages: Sequence[RawMessage]) -> None:
        """Answer each question; one that cannot be read is dropped, since its sender asks again."""
        for raw in messages:
            try:
                request = decode(raw.body)
                data = registry.read(request, fields.ContactsRequested)
            except ValidationError as exc:
                log.warning("a question for addresses cannot be read: %s", describe(exc))
                continue
            # Any service may write to any queue by its name; the broker vouches for the sender.
            if raw.sender != self.reader:
                log.error("addresses are not given to %s", raw.sender or "somebody without a name")
            elif raw.can_be_answered:
                self._answer(batch, raw, request, data["purpose"], [Wanted(**r) for r in data["recipients"]])

    def _answer(
        self, batch: Batch, raw: RawMessage, request: Event, purpose: Purpose, wanted: Sequence[Wanted]
    ) -> None:
        given = give_contacts(batch, self.links, raw.sender, request.town, purpose, wanted)
        batch.answer(raw, answers.contacts_given(request, given))
