"""Notification's queue: deliveries follow from events of reports; each town's configuration is kept."""

from __future__ import annotations

from collections.abc import Mapping

from services.notification.bus import fields
from services.notification.domain import ReportEvent
from services.notification.mail.smtp import mail_server
from services.notification.settings import mail_settings
from services.notification.usecases import deliveries
from shared.messaging import (
    Batch,
    Consumer,
    ConsumerFactory,
    EventConsumer,
    Message,
    On,
    Resources,
    keep_configuration,
)


def checked_report_events(_resources: Resources) -> Consumer:
    """`report_events`, unless the mail settings are wrong: then the service is not to start."""
    settings = mail_settings()
    if settings.sending:
        mail_server(settings)
    return report_events()


def report_events() -> EventConsumer:
    """Turns events into deliveries, and keeps the towns' configuration."""
    recorded = {type_: On(schema, record) for type_, schema in fields.EVENTS.items()}
    return EventConsumer({**recorded, "town.configured.v1": On(fields.TownConfigured, keep_configuration)})


CONSUMERS: Mapping[str, ConsumerFactory] = {"notification.events": checked_report_events}


def record(batch: Batch, messages: list[Message]) -> None:
    """Record the deliveries that follow."""
    deliveries.record(batch, [report_event(message) for message in messages])


def report_event(message: Message) -> ReportEvent:
    """What notification reads of an event."""
    event, data = message.event, message.data
    return ReportEvent(
        town=event.town,
        id=event.id,
        type=event.type,
        time=event.time,
        report=data["report"],
        details={name: value for name, value in data.items() if name != "report"},
        correlation_id=event.correlationid,
        quiet=message.raw.quiet,
    )
