"""Notification's words on the bus: what became of a delivery, and its questions to intake."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.notification.domain import CHANNEL, Attempt, Delivery
from shared import clock, ids
from shared.contracts.envelope import Event
from shared.contracts.kinds import Purpose

SOURCE = "urn:vigie:notification"


def delivery_ended(delivery: Delivery, attempt: Attempt, attempts: int) -> Event:
    """`delivery.sent.v1` or `delivery.failed.v1`, by the attempt's outcome; attempts count from 1."""
    return Event(
        id=ids.new_id(),
        source=SOURCE,
        type=f"delivery.{attempt.outcome}.v1",
        town=delivery.town,
        time=clock.timestamp(),
        subject=delivery.id,
        sequence=f"{attempts:010}",
        correlationid=delivery.correlation_id or delivery.event_id,
        causationid=delivery.event_id,
        data=_ended(delivery, attempt, attempts),
    )


def _ended(delivery: Delivery, attempt: Attempt, attempts: int) -> dict[str, Any]:
    data: dict[str, Any] = {
        "delivery": delivery.id,
        "report": {"id": delivery.report_id, "reference": delivery.reference},
        "recipient": {"kind": delivery.recipient_kind, "id": delivery.recipient_id},
        "channel": CHANNEL,
        "template": delivery.template,
        "attempts": attempts,
    }
    return data if attempt.outcome == "sent" else {**data, "cause": attempt.cause}


def contacts_requested(town: str, purpose: Purpose, people: Iterable[tuple[str, str]]) -> Event:
    """`contacts.requested.v1`: `people` as (citizen id, report id)."""
    recipients = [{"citizen_id": citizen, "report_id": report} for citizen, report in people]
    return Event(
        id=ids.random_id(),
        source=SOURCE,
        type="contacts.requested.v1",
        town=town,
        time=clock.timestamp(),
        data={"purpose": purpose, "recipients": recipients},
    )
