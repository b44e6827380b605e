"""Routing's gauges, brought up to date whenever its metrics are read: what waits for somebody to act."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import psycopg
from psycopg_pool import PoolTimeout

from services.routing import metrics
from services.routing.store import waiting
from shared import db
from shared.logs import describe
from shared.messaging import topology
from shared.messaging.watch import lengths
from shared.settings import service_settings

log = logging.getLogger(__name__)


def measure(pool: db.Pool) -> None:
    """Measure cases and desk queues; where a server is away, the gauges keep their last value."""
    try:
        with pool.connection(timeout=3) as conn:
            backlogs, desks = waiting.backlogs(conn), waiting.desks_with_tools(conn)
    except (psycopg.Error, PoolTimeout) as exc:
        log.warning("gauges are not up to date: %s", describe(exc))
        return
    for backlog in backlogs:
        _show(backlog)
    try:
        _measure_desks(desks)
    except Exception as exc:
        log.warning("desk queues are not looked at: %s", describe(exc))


def _show(backlog: waiting.Backlog) -> None:
    town = backlog.town
    metrics.OPEN.labels(town).set(backlog.open)
    metrics.TRIAGE.labels(town).set(backlog.triage)
    metrics.TRIAGE_OLDEST.labels(town).set(backlog.triage_oldest)
    metrics.OVERDUE.labels(town).set(backlog.overdue)
    metrics.OVERDUE_OLDEST.labels(town).set(backlog.overdue_oldest)


def _measure_desks(desks: Iterable[waiting.Desk]) -> None:
    queues = {topology.desk_queue(*desk): desk for desk in desks}
    for queue, (messages, consumers) in lengths(service_settings("routing").amqp_url, queues).items():
        metrics.DESK_MESSAGES.labels(*queues[queue]).set(messages)
        metrics.DESK_CONSUMERS.labels(*queues[queue]).set(consumers)
