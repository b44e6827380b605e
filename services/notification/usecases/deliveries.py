"""Which deliveries follow from what happened to reports, written into the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from services.notification import domain
from services.notification.domain import ReportEvent
from services.notification.store import repository
from shared import ids
from shared.unit import Unit


def record(unit: Unit, report_events: Sequence[ReportEvent]) -> None:
    """Put the deliveries that follow from these events into the ledger, each once.

    Nothing here needs the town's configuration: a delivery of a town that is not known yet waits for it in
    the ledger, where no retry gives up.
    """
    repository.add(unit.conn, [row for event in report_events for row in _rows(event)])


def _rows(event: ReportEvent) -> Iterator[dict[str, Any]]:
    for notice in domain.notices(event.type):
        if not domain.has_recipient(notice, event):
            continue
        recipient = domain.recipient_id(notice, event)
        key = (event.town, event.id, notice.recipient, recipient, domain.CHANNEL)
        yield {
            "town": event.town,
            "id": ids.derived_id(*key),
            "event_id": event.id,
            "report_id": event.report["id"],
            "reference": event.report["reference"],
            "recipient_kind": notice.recipient,
            "recipient_id": recipient,
            "channel": domain.CHANNEL,
            "template": notice.template,
            "template_version": notice.version,
            "language": domain.language(notice, event),
            "data": domain.template_data(notice, event),
            "correlation_id": event.correlation_id,
            "quiet": event.quiet,
        }
