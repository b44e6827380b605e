"""Bringing photos to the object store and out of it, behind uploads."""

from __future__ import annotations

from collections.abc import Callable

from services.intake import metrics
from services.intake.domain.photos import object_names
from services.intake.store import photos
from shared import db
from shared.objects import ObjectStore

LONGEST = 60.0  # seconds between two attempts while the store is away
_JPEG = "image/jpeg"


class Keeper:
    """Brings cleaned photos from the database to the store, and forgets uploads that no report names."""

    def __init__(self, pool: db.Pool, store: ObjectStore, keep_hours: int) -> None:
        self._pool = pool
        self._store = store
        self._keep_hours = keep_hours

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
            count, seconds = photos.waiting(conn)
        metrics.WAITING.set(count)
        metrics.WAITING_SECONDS.set(seconds)

    def _store_one(self) -> bool:
        # Leased and put in two transactions: no lock is held while the store takes its time.
        with self._pool.connection() as conn:
            photo = photos.lease_pending(conn, LONGEST)
        if photo is None:
            return False
        for name, data in zip(object_names(photo.key), (photo.image, photo.thumbnail), strict=True):
            self._store.put(name, data, _JPEG)
        with self._pool.connection() as conn:
            photos.mark_stored(conn, photo.key)
        return True

    def _forget_some(self) -> bool:
        with self._pool.connection() as conn:
            return photos.forget_unnamed(conn, self._keep_hours) > 0

    def _remove_one(self) -> bool:
        with self._pool.connection() as conn:
            key = photos.lease_removal(conn, LONGEST)
        if key is None:
            return False
        for name in object_names(key):
            self._store.remove(name)
        with self._pool.connection() as conn:
            photos.mark_removed(conn, key)
        return True
