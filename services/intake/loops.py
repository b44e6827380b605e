"""Intake's own loops: photos on their way to the object store and out of it; reports nobody confirmed."""

from __future__ import annotations

import logging
import threading
import time

from services.intake import metrics
from services.intake.settings import photo_settings
from services.intake.usecases.drafts import forget_untouched
from services.intake.usecases.photo_keeping import LONGEST, Keeper
from services.intake.usecases.web_reports import forget_late
from shared.logs import describe
from shared.messaging import Resources
from shared.objects import StoreAway

log = logging.getLogger(__name__)

_PAUSE = 1.0  # seconds between two looks at the tables
# After an outage, submissions that name photos may still wait in the queue: they come first.
_FORGETS_AFTER = 3600.0
_HOUR = 3600.0


def keep_photos(resources: Resources, stopping: threading.Event) -> None:
    """Keep photos until `stopping` is set."""
    settings = photo_settings()
    run(Keeper(resources.pool, settings.store(), settings.keep_hours), stopping)


def run(keeper: Keeper, stopping: threading.Event) -> None:
    """Work until `stopping` is set; a store or a database that is away only makes it wait longer."""
    pause, began = _PAUSE, time.monotonic()
    while not stopping.wait(pause):
        late = time.monotonic() - began > _FORGETS_AFTER
        pause = _PAUSE if _works(keeper, stopping, late, pause) else min(pause * 2, LONGEST)


def _works(keeper: Keeper, stopping: threading.Event, forget: bool, pause: float) -> bool:
    try:
        keeper.work(stopping.is_set, forget=forget)
    except StoreAway as away:
        metrics.STORE_FAILURES.inc()
        log.warning("object store away", extra={"cause": away.cause, "again_in": min(pause * 2, LONGEST)})
        return False
    except Exception:
        log.warning("photos not kept", exc_info=True)
        return False
    return True


def forget_kept(resources: Resources, stopping: threading.Event) -> None:
    """Delete reports that nobody confirmed in time, and old drafts, each hour until `stopping` is set."""
    while not stopping.wait(_HOUR):
        try:
            _forget_all(resources)
        except Exception as exc:
            log.warning("kept reports are not looked at: %s", describe(exc))


def _forget_all(resources: Resources) -> None:
    for forget in (forget_late, forget_untouched):
        forgotten = 1
        while forgotten:
            with resources.units.open() as unit:
                forgotten = forget(unit.conn)
