"""Taking a photo: within the front end's quota and its share of the slots, cleaned, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from services.intake import metrics
from services.intake.domain.photos import CleanPhoto, PhotoRefused, check_quota, media_type
from services.intake.photos import cleaning
from services.intake.photos.slots import Slots
from services.intake.settings import PhotoSettings
from services.intake.store import photos
from services.intake.store.photos import Owner
from shared import db

_PATIENCE = 30.0  # for a slot among the cleaners, in seconds


@dataclass(frozen=True, slots=True)
class Taken:
    """A photo that is kept. `place`: where it was taken (latitude, longitude); said once, and not kept."""

    id: str
    place: tuple[float, float] | None = None


class Uploads:
    """The photos that this process takes, and the two gates before them: under way, and being cleaned."""

    def __init__(self, pool: db.Pool, settings: PhotoSettings) -> None:
        self._pool = pool
        self._quota = settings.quota
        self._under_way = Slots(settings.uploads, settings.uploads_per_front_end)
        self._cleaners = Slots(settings.cleaners, settings.cleaners)

    @contextmanager
    def slot(self, owner: Owner) -> Iterator[None]:
        """Hold a slot while uploads are read and taken. Raises PhotoRefused, `busy`."""
        with _counted(), self._under_way.hold(owner):
            yield

    def take(self, owner: Owner, upload: bytes) -> Taken:
        """Keep one photo, or know it again if it was sent before. Raises PhotoRefused."""
        with _counted():
            taken, outcome = self._take(owner, upload)
        metrics.UPLOADS.labels(outcome).inc()
        return taken

    def _take(self, owner: Owner, upload: bytes) -> tuple[Taken, str]:
        media_type(upload)
        again = self._known(owner, upload)
        if again:
            return Taken(again), "again"
        with metrics.CLEANING_SECONDS.time(), self._cleaners.hold(owner, _PATIENCE):
            photo = cleaning.clean(upload)
        return self._keep(owner, upload, photo)

    def _known(self, owner: Owner, upload: bytes) -> str | None:
        with self._pool.connection() as conn:
            again = photos.find_again(conn, owner, upload)
            if again is None:
                check_quota(photos.unnamed(conn, owner), self._quota)
        return again

    def _keep(self, owner: Owner, upload: bytes, photo: CleanPhoto) -> tuple[Taken, str]:
        with self._pool.connection() as conn:
            photos.lock_owner(conn, owner)
            again = photos.find_again(conn, owner, upload)
            if again is not None:
                return Taken(again), "again"
            check_quota(photos.unnamed(conn, owner), self._quota, photo.size)
            return Taken(photos.add(conn, owner, upload, photo), photo.place), "taken"


@contextmanager
def _counted() -> Iterator[None]:
    """Count a refusal inside, once."""
    try:
        yield
    except PhotoRefused as refused:
        if not refused.is_counted:
            metrics.UPLOADS.labels(refused.reason).inc()
        refused.is_counted = True
        raise
