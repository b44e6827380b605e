"""Who may upload photos, and which may be shown."""

from __future__ import annotations

from services.intake.domain.photos import PhotoRefused
from services.intake.store import photos
from services.intake.store.photos import Owner, PhotoKey
from shared import db


def key_owner(conn: db.Connection, key: str | None) -> Owner | None:
    """Whose key this is; None where it is nobody's."""
    return photos.key_owner(conn, key) if key else None


def owner_of(conn: db.Connection, key: str | None) -> Owner:
    """The same; raises PhotoRefused, `unknown_key`."""
    owner = key_owner(conn, key)
    if owner is None:
        raise PhotoRefused("unknown_key")
    return owner


def check_shown(conn: db.Connection, photo: PhotoKey) -> None:
    """Raises PhotoRefused where the store does not have the photo yet (`pending`), or any more (`erased`)."""
    state = photos.state(conn, photo)
    if state != "stored":
        raise PhotoRefused("pending" if state == "pending" else "erased")


def waiting_thumbnail(conn: db.Connection, photo: PhotoKey) -> bytes | None:
    """A photo that the store does not have yet, small; None where it has."""
    return photos.pending_thumbnail(conn, photo)
