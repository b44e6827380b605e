"""What notification does with what it is told: decides who must know, and writes it into the ledger."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout

from services.notification import domain, metrics
from services.notification.bus import fields as schemas
from services.notification.contacts import Intake
from services.notification.mail.smtp import MailServer
from services.notification.settings import MailSettings, mail_settings
from services.notification.store import repository
from services.notification.usecases.sending import Sender
from shared import db, ids
from shared.logs import describe
from shared.messaging.batch import Batch
from shared.messaging.events import EventConsumer, On, keep_configuration
from shared.messaging.message import Message
from shared.messaging.processor import Consumer
from shared.messaging.resources import ConsumerFactory, Resources
from shared.towns import Towns

log = logging.getLogger(__name__)


def told_events(_resources: Resources) -> Consumer:
    """Turns events into deliveries."""
    _mail_server(mail_settings())  # a wrong setting is to stop the service, not its sender alone
    return telling()


def telling() -> EventConsumer:
    """The consumer that turns events into deliveries."""
    facts = {fact: On(schema, take_events) for fact, schema in schemas.FACTS.items()}
    return EventConsumer({**facts, "town.configured.v1": On(schemas.TownConfigured, keep_configuration)})


CONSUMERS: Mapping[str, ConsumerFactory] = {"notification.events": told_events}


def take_events(batch: Batch, messages: list[Message]) -> None:
    """Put the mails that follow from these facts into the ledger.

    Nothing here needs the town's configuration: a delivery of a town that is not known yet waits for it in
    the ledger, where no retry gives up.
    """
    repository.add(batch.conn, [row for message in messages for row in _rows(message)])


def measure(pool: db.Pool) -> None:
    """Bring notification's gauges up to date; those that cannot be read keep their last value."""
    try:
        with pool.connection(timeout=3) as conn:
            count, age = repository.waiting(conn)
    except (psycopg.Error, PoolTimeout) as exc:
        log.warning("gauges are not up to date: %s", describe(exc))
        return
    metrics.PENDING.set(count)
    metrics.OLDEST.set(age)


def send_mail(resources: Resources, stop: threading.Event) -> None:
    """Send what the ledger has to send, until `stop` is set; nothing where `MAIL_SENDING` is off."""
    settings = mail_settings()
    if _mail_server(settings) is None:
        log.warning("MAIL_SENDING is off: mails stay in the ledger")
        return
    senders = [_sender(resources, settings) for _ in range(settings.senders)]
    threads = [threading.Thread(target=sender.run, args=[stop]) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _mail_server(settings: MailSettings) -> MailServer | None:
    return (
        MailServer(settings.smtp_url, settings.smtp_timeout, settings.data_timeout)
        if settings.sending
        else None
    )


def _sender(resources: Resources, settings: MailSettings) -> Sender:
    service, server = resources.settings, _mail_server(settings)
    assert server is not None
    intake = Intake(service.amqp_url, service.user, settings.contacts_timeout)
    return Sender(resources.pool, Towns(domain.town), intake, server, settings, resources.units)


def _rows(message: Message) -> Iterator[dict[str, Any]]:
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
            "language": domain.language(notice, data),
            "data": domain.facts(notice, event.time, data),
            "correlation_id": event.correlationid,
            "quiet": message.raw.quiet,
        }
