"""Answers notification's questions for addresses: the only way in which an identity leaves intake."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from services.intake import events
from services.intake.bus import fields as schemas
from services.intake.domain.tracking_links import tracking_url
from services.intake.settings import IntakeSettings
from services.intake.store import repository
from shared.contracts import registry
from shared.contracts.envelope import Event, decode
from shared.logs import describe
from shared.messaging.batch import Batch
from shared.messaging.message import RawMessage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Contacts:
    """The consumer of `intake.contacts`: a list of people in, their addresses out, each reading logged."""

    settings: IntakeSettings

    def take(self, batch: Batch, deliveries: Sequence[RawMessage]) -> None:
        """Answer each question; one that cannot be read is dropped, since its asker asks again."""
        for delivery in deliveries:
            try:
                asked = decode(delivery.body)
                wanted = registry.read(asked, schemas.ContactsRequested)
            except ValidationError as exc:
                log.warning("a question for addresses cannot be read: %s", describe(exc))
                continue
            # Any service may write to any queue by its name; the broker vouches for the sender.
            if delivery.sender != self.settings.contacts_reader:
                log.error("addresses are not given to %s", delivery.sender or "somebody without a name")
            elif delivery.can_be_answered:
                found = self._contacts(batch, asked, wanted, delivery.sender)
                batch.answer(delivery, events.contacts_given(asked, found))

    def _contacts(
        self, batch: Batch, asked: Event, wanted: dict[str, Any], reader: str
    ) -> list[dict[str, str]]:
        purpose = wanted["purpose"]
        people = [{**person, "town": asked.town} for person in wanted["recipients"]]
        found = repository.contacts(batch.conn, people, only_sharing=purpose == "hand_over")
        reads = [{**contact, "reader": reader, "purpose": purpose} for contact in found]
        repository.log_contacts_read(batch.conn, reads)
        return [self._with_link(contact) for contact in found]

    def _with_link(self, contact: dict[str, str]) -> dict[str, str]:
        """A link is a key to the report: it leaves with the address, never through an event."""
        town = contact.pop("town")
        link = tracking_url(self.settings.url, self.settings.secret, town, contact["report_id"])
        return {**contact, "tracking_url": link}
