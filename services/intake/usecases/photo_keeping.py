"""What goes on with photos behind uploads: to the store, and out of it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from services.intake import metrics
from services.intake.domain.photos import object_names
from services.intake.photos.settings import photo_settings
from services.intake.store import photos as repository
from shared import db
from shared.messaging.resources import Resources
from shared.objects import ObjectStore, StoreAway

logger = logging.getLogger(__name__)

_PAUSE = 1.0  # between two looks at the tables
_LONGEST = 60.0  # between two attempts while the store is away
# After an outage, submissions that name photos may still wait in the queue: they come first.
_FORGETS_AFTER = 3600.0
_JPEG = "image/jpeg"


class Keeper:
    """Brings cleaned photos from the database to the store, and forgets uploads that no report names."""

    def __init__(self, pool: db.Pool, store: ObjectStore, keep_hours: int) -> None:
        self._pool = pool
        self._store = store
        self._keep_hours = keep_hours

    def run(self, stopping: threading.Event) -> None:
        """Go on until `stopping` is set; a store or a database that is away only makes it wait longer."""
        pause, began = _PAUSE, time.monotonic()
        while not stopping.wait(pause):
            try:
                self.work(stopping.is_set, forget=time.monotonic() - began > _FORGETS_AFTER)
                pause = _PAUSE
            except StoreAway as away:
                metrics.STORE_FAILURES.inc()
                pause = min(pause * 2, _LONGEST)
                logger.warning("object store away", extra={"cause": away.cause, "again_in": pause})
            except Exception:
                pause = min(pause * 2, _LONGEST)
                logger.warning("photos not kept", exc_info=True)

    def work(self, enough: Callable[[], bool] = lambda: False, forget: bool = True) -> None:
        """Do all that is due, or until `enough`; raises StoreAway. `forget`: uploads that no report names."""
        self._measure()
        while not enough() and self._store_one():
            pass
        while forget and not enough() and self._forget_some():
            pass
        while not enough() and self._remove_one():
            pass

    def _measure(self) -> None:
        with self._pool.connection() as conn:
            count, seconds = repository.waiting(conn)
        metrics.WAITING.set(count)
        metrics.WAITING_SECONDS.set(seconds)

    def _store_one(self) -> bool:
        # Leased and put in two transactions: no lock is held while the store takes its time.
        with self._pool.connection() as conn:
            photo = repository.lease_pending(conn, _LONGEST)
        if photo is None:
            return False
        for name, data in zip(object_names(photo.key), (photo.image, photo.thumbnail), strict=True):
            self._store.put(name, data, _JPEG)
        with self._pool.connection() as conn:
            repository.mark_stored(conn, photo.key)
        return True

    def _forget_some(self) -> bool:
        with self._pool.connection() as conn:
            return repository.forget_unnamed(conn, self._keep_hours) > 0

    def _remove_one(self) -> bool:
        with self._pool.connection() as conn:
            key = repository.lease_removal(conn, _LONGEST)
        if key is None:
            return False
        for name in object_names(key):
            self._store.remove(name)
        with self._pool.connection() as conn:
            repository.mark_removed(conn, key)
        return True


def keep_photos(resources: Resources, stopping: threading.Event) -> None:
    """The service's own loop for photos."""
    settings = photo_settings()
    Keeper(resources.pool, settings.store(), settings.keep_hours).run(stopping)


LOOPS = (keep_photos,)
