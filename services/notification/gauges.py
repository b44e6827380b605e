"""Notification's gauges, brought up to date whenever its metrics are read."""

from __future__ import annotations

import logging

import psycopg
from psycopg_pool import PoolTimeout

from services.notification import metrics
from services.notification.store import repository
from shared import db
from shared.logs import describe

log = logging.getLogger(__name__)


def measure(pool: db.Pool) -> None:
    """Measure what waits; where the database is away, the gauges keep their last value."""
    try:
        with pool.connection(timeout=3) as conn:
            count, age = repository.waiting(conn)
    except (psycopg.Error, PoolTimeout) as exc:
        log.warning("gauges are not up to date: %s", describe(exc))
        return
    metrics.PENDING.set(count)
    metrics.OLDEST.set(age)
