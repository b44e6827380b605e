"""Where contacts come from: intake, asked over the broker."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import Any

from marshmallow import ValidationError

from services.notification import events
from services.notification.domain import Contact, Person
from services.notification.errors import IntakeAway
from shared.amqp import Outgoing
from shared.amqp.requests import RequestClient
from shared.contracts import registry
from shared.contracts.envelope import decode
from shared.contracts.intake import ContactsGivenV1
from shared.contracts.kinds import Purpose
from shared.errors import Unavailable
from shared.logs import describe

log = logging.getLogger(__name__)


class IntakeContacts:
    """Contacts, as intake gives them for one purpose. For one thread.

    `user`: the RabbitMQ user of `url`. `timeout`: seconds to wait for an answer.
    """

    def __init__(self, url: str, user: str, timeout: float) -> None:
        self._client = RequestClient(url, user, timeout)

    def find(self, town: str, purpose: Purpose, people: Collection[Person]) -> dict[Person, Contact]:
        """The contact of each person whom intake knows and may give for `purpose`. Raises IntakeAway."""
        question = events.contacts_requested(town, purpose, people)
        registry.check(question)
        try:
            answer = self._client.ask(
                Outgoing("intake", "contacts", question.encode(), question.id, question.type)
            )
            given = registry.read(decode(answer), ContactsGivenV1)
        except (Unavailable, ValidationError) as exc:
            log.warning("no contacts from intake: %s", describe(exc))
            raise IntakeAway from exc
        return {(c["citizen_id"], c["report_id"]): _contact(c) for c in given["contacts"]}

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


def _contact(given: Mapping[str, Any]) -> Contact:
    named = ("email", "first_name", "last_name", "tracking_url", "confirmation_url")
    return Contact(**{name: given[name] for name in named})
