"""Who may upload photos, and which may be shown."""

from __future__ import annotations

from services.intake.domain.photos import PhotoRefused
from services.intake.store import photos
from services.intake.store.photos import Owner, PhotoKey
from shared import db
from shared.unit import Unit


def owner_of(unit: Unit, key: str | None) -> Owner:
    """Whose upload key this is; raises PhotoRefused, `unknown_key`."""
    owner = photos.key_owner(unit.conn, key) if key else None
    if owner is None:
        raise PhotoRefused("unknown_key")
    return owner


def check_shown(unit: Unit, photo: PhotoKey) -> None:
    """Raises PhotoRefused where the store does not have the photo yet (`pending`), or any more (`erased`)."""
    state = photos.state(unit.conn, photo)
    if state != "stored":
        raise PhotoRefused("pending" if state == "pending" else "erased")


def waiting_thumbnail(conn: db.Connection, photo: PhotoKey) -> bytes | None:
    """A photo that the store does not have yet, small; None where it has."""
    return photos.pending_thumbnail(conn, photo)
