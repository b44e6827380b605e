"""What notification does with what it is told: decides who must know, and writes it into the ledger."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.notification import domain, repository, schemas
from services.notification.contacts import Intake
from services.notification.sender import Sender
from services.notification.settings import MailSettings, mail_settings
from services.notification.smtp import MailServer
from shared import ids
from shared.messaging.batch import Batch
from shared.messaging.facts import Facts, On
from shared.messaging.message import Message
from shared.messaging.processor import Consumer
from shared.messaging.towns import Towns, take_configuration

if TYPE_CHECKING:  # for the type alone: the backbone brings the framework with it
    from shared.messaging.backbone import Resources

log = logging.getLogger(__name__)


def consumers(_resources: Resources) -> Mapping[str, Consumer]:
    """Queue → what notification does with what comes there."""
    _mail_server(mail_settings())  # a wrong setting is to stop the service, not its sender alone
    return {"notification.events": telling()}


def telling() -> Facts:
    """The consumer that turns facts into deliveries."""
    ledger = Ledger(Towns(domain.town))
    facts = {fact: On(schema, ledger.take_events) for fact, schema in schemas.FACTS.items()}
    return Facts({**facts, "town.configured.v1": On(schemas.TownConfigured, take_configuration)})


def send_mail(resources: Resources, stop: threading.Event) -> None:
    """Send what the ledger has to send, until `stop` is set; nothing where `MAIL_SENDING` is off."""
    settings = mail_settings()
    server = _mail_server(settings)
    if server is None:
        log.warning("MAIL_SENDING is off: mails stay in the ledger")
        return
    service = resources.settings
    intake = Intake(service.amqp_url, service.user, settings.contacts_timeout)
    Sender(resources.pool, Towns(domain.town), intake, server, settings, resources.wake).run(stop)


def _mail_server(settings: MailSettings) -> MailServer | None:
    return MailServer(settings.smtp_url, settings.smtp_timeout) if settings.sending else None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Writes down whom each fact is to be told to."""

    towns: Towns[domain.Town]

    def take_events(self, batch: Batch, messages: list[Message]) -> None:
        """Put the mails that follow from these facts into the ledger; a fact of an unknown town waits."""
        towns = self.towns.current(batch.conn, {m.event.town for m in messages})
        rows: list[dict[str, Any]] = []
        for message in messages:
            town = towns.get(message.event.town)
            if town is None:
                batch.retry(message, "the town is not configured here yet")
            else:
                rows += _rows(message, town)
        repository.add(batch.conn, rows)


def _rows(message: Message, town: domain.Town) -> Iterator[dict[str, Any]]:
    event, data = message.event, message.data
    for notice in domain.notices(event.type):
        recipient = domain.recipient_id(notice, data)
        key = (event.town, event.id, notice.recipient, recipient, domain.CHANNEL)
        yield {
            "town": event.town,
            "id": ids.derived_id(*key),
            "event_id": event.id,
            "report_id": data["report"]["id"],
            "reference": data["report"]["reference"],
            "recipient_kind": notice.recipient,
            "recipient_id": recipient,
            "channel": domain.CHANNEL,
            "template": notice.template,
            "template_version": notice.version,
            "language": domain.language(notice, town, data),
            "data": domain.facts(notice, event.time, data),
            "correlation_id": event.correlationid,
        }
