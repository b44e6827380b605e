"""The loop that notices clocks running out: no report waits in silence."""

from __future__ import annotations

import logging
import threading

from services.routing.domain import CLOCKS, Clock
from services.routing.settings import routing_settings
from services.routing.usecases import overdue
from shared.logs import describe
from shared.messaging import Resources

log = logging.getLogger(__name__)


def watch(resources: Resources, stopping: threading.Event) -> None:
    """Publish what is overdue, looking now and then until stopped."""
    every = routing_settings().clocks_every
    while not stopping.wait(every):
        try:
            for which in CLOCKS:
                _publish_all(resources, which)
        except Exception as exc:
            log.warning("clocks are not looked at: %s", describe(exc))


def _publish_all(resources: Resources, which: Clock) -> None:
    published = overdue.LIMIT
    while published == overdue.LIMIT:
        with resources.units.open() as unit:
            published = overdue.publish_overdue(unit, which)
