"""Taking a photo: within the front end's quota and its share of the places, cleaned, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from services.intake import metrics
from services.intake.domain.photos import CleanPhoto, check_quota, media_type
from services.intake.photos import cleaning
from services.intake.photos.places import Places
from services.intake.settings import PhotoSettings
from services.intake.store import photos as repository
from services.intake.store.photos import Owner
from shared import db

_PATIENCE = 30.0  # for a place among the cleaners, in seconds


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
        self._under_way = Places(settings.uploads, settings.uploads_per_front_end)
        self._cleaners = Places(settings.cleaners, settings.cleaners)

    @contextmanager
    def place(self, owner: Owner) -> Iterator[None]:
        """Hold a place while an upload is read and taken. Raises PhotoRefused, `busy`."""
        with self._under_way.hold(owner):
            yield

    def take(self, owner: Owner, upload: bytes) -> Taken:
        """Keep one photo, or know it again if it was sent before. Raises PhotoRefused."""
        media_type(upload)
        with self._pool.connection() as conn:
            photo_id = repository.find_again(conn, owner, upload)
            if photo_id is None:
                check_quota(repository.unnamed(conn, owner), self._quota)
        if photo_id is not None:
            metrics.UPLOADS.labels("again").inc()
            return Taken(photo_id)
        with metrics.CLEANING_SECONDS.time(), self._cleaners.hold(owner, _PATIENCE):
            photo = cleaning.clean(upload)
        photo_id = self._keep(owner, upload, photo)
        metrics.UPLOADS.labels("taken").inc()
        return Taken(photo_id, photo.place)

    def _keep(self, owner: Owner, upload: bytes, photo: CleanPhoto) -> str:
        with self._pool.connection() as conn:
            repository.lock_owner(conn, owner)
            again = repository.find_again(conn, owner, upload)
            if again is not None:
                return again
            check_quota(repository.unnamed(conn, owner), self._quota, photo.size)
            return repository.add(conn, owner, upload, photo)
