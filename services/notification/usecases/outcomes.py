"""Notes in the ledger what comes of an attempt, and publishes how a delivery has ended."""

from __future__ import annotations

import logging
import time

import psycopg
from psycopg_pool import PoolTimeout

from services.notification import domain, events, metrics
from services.notification.domain import Attempt, Delivery
from services.notification.settings import MailSettings
from services.notification.store import repository
from shared import clock, ids
from shared.logs import describe
from shared.unit import Unit, Units

log = logging.getLogger(__name__)


def note(unit: Unit, delivery: Delivery, attempt: Attempt, attempts: int, settings: MailSettings) -> None:
    """Note what came of the attempt number `attempts`; a delivery that has ended is published."""
    due_at = domain.next_due(clock.now(), attempts, settings.delays)
    noted = repository.note(unit.conn, delivery, attempt, attempts, due_at)
    if noted and attempt.outcome != "later":
        unit.publish(events.delivery_ended(delivery, attempt, attempts))


def note_patiently(
    units: Units, delivery: Delivery, attempt: Attempt, attempts: int, settings: MailSettings
) -> None:
    """Note it even where the database is away for a moment, since the mail has left."""
    attempt = domain.settle(attempt, attempts, settings.most_attempts)
    until = time.monotonic() + settings.sending_claim / 2
    while not _is_noted(units, delivery, attempt, attempts, settings):
        if time.monotonic() > until:
            log.error("an outcome is not noted: the mail will be sent again")
            return
        time.sleep(1)
    _measure(delivery, attempt, attempts)


def _is_noted(
    units: Units, delivery: Delivery, attempt: Attempt, attempts: int, settings: MailSettings
) -> bool:
    try:
        with units.open() as unit:
            note(unit, delivery, attempt, attempts, settings)
    except (psycopg.OperationalError, PoolTimeout) as exc:
        log.warning("an outcome is not noted yet: %s", describe(exc))
        return False
    return True


def _measure(delivery: Delivery, attempt: Attempt, attempts: int) -> None:
    metrics.DELIVERIES.labels(delivery.template, attempt.outcome).inc()
    if attempt.outcome != "later":
        metrics.ATTEMPTS.observe(attempts)
    which = {"town": delivery.town, "delivery": delivery.id, "report": delivery.report_id}
    which["correlation_id"] = ids.shown(delivery.correlation_id) or delivery.event_id
    log.info("delivery %s", attempt.outcome, extra={**which, "cause": attempt.cause, "attempts": attempts})
