"""The loop that notices clocks running out: no report waits in silence."""

from __future__ import annotations

import logging
import threading

from services.routing.settings import routing_settings
from services.routing.usecases import overdue
from shared.logs import describe
from shared.messaging.resources import Resources

log = logging.getLogger(__name__)

_LIMIT = 200


def watch(resources: Resources, stopping: threading.Event) -> None:
    """Tell of what is overdue, looking now and then until stopped."""
    every = routing_settings().clocks_every
    while not stopping.wait(every):
        try:
            for which in ("acknowledge", "resolve"):
                _tell_all(resources, which)
        except Exception as exc:
            log.warning("clocks are not looked at: %s", describe(exc))


def _tell_all(resources: Resources, which: str) -> None:
    told = _LIMIT
    while told == _LIMIT:
        with resources.pool.connection() as conn, conn.transaction():
            told = overdue.tell_overdue(conn, which, _LIMIT)
        resources.wake()
