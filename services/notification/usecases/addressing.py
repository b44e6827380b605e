"""Finds out where each delivery of a list goes: its town's configuration, and the citizen's contact."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.notification import domain, metrics
from services.notification.domain import Contact, Delivery, Person, Town
from services.notification.errors import IntakeAway
from services.notification.usecases.ports import Contacts
from shared.contracts.kinds import Purpose
from shared.l10n import Language, language_or_french


@dataclass(frozen=True, slots=True)
class AddressedDelivery:
    """A delivery with what it takes to write it; `contact`: the citizen's, where it is needed and known."""

    delivery: Delivery
    town: Town
    contact: Contact | None

    @property
    def language(self) -> Language:
        """The language of the mail: the citizen's or the authority's; French where there is no other."""
        authority = self.town.authorities.get(self.delivery.recipient_id)
        return language_or_french(authority.language if authority else self.delivery.language)


class Addressing:
    """Addresses deliveries. While `contacts` are away it asks for none, for `pause` seconds each time."""

    def __init__(self, contacts: Contacts, pause: float) -> None:
        self._contacts = contacts
        self._pause = pause
        self._ask_again = 0.0

    def address(
        self, claimed: Sequence[Delivery], towns: Mapping[str, Town]
    ) -> tuple[list[AddressedDelivery], list[Delivery]]:
        """Those that can be sent now, in order, and those that must wait, for their town or for contacts."""
        by_question: dict[tuple[str, Purpose | None], list[Delivery]] = defaultdict(list)
        for delivery in claimed:
            by_question[delivery.town, domain.purpose(delivery, towns.get(delivery.town))].append(delivery)
        ready: list[AddressedDelivery] = []
        waiting: list[Delivery] = []
        for (slug, purpose), deliveries in by_question.items():
            try:
                ready += self._addressed(towns[slug], purpose, deliveries)
            except (KeyError, IntakeAway):
                waiting += deliveries
        return sorted(ready, key=lambda addressed: addressed.delivery.order), waiting

    def _addressed(
        self, town: Town, purpose: Purpose | None, deliveries: Sequence[Delivery]
    ) -> list[AddressedDelivery]:
        contacts = self._ask(purpose, deliveries) if purpose else {}
        return [AddressedDelivery(d, town, contacts.get(d.person)) for d in deliveries]

    def _ask(self, purpose: Purpose, deliveries: Sequence[Delivery]) -> Mapping[Person, Contact]:
        if time.monotonic() < self._ask_again:
            raise IntakeAway
        try:
            return self._contacts.find(deliveries[0].town, purpose, {d.person for d in deliveries})
        except IntakeAway:
            self._ask_again = time.monotonic() + self._pause
            metrics.WAITS.labels("intake").inc()
            raise
