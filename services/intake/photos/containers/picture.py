"""A photo's file without what its pixels do not need."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from services.intake.photos.containers.exif import Point

# Data that no encoder wrote, without a JPEG marker. Behind data that may be cut, they change what a decoder
# makes of these, unless it has all that it needs.
NOISE = hashlib.shake_128(b"").digest(4096).replace(b"\xff", b"\xfe")
LONGEST_PROFILE = 8 * 1024 * 1024  # bytes; printers' profiles, the longest there are, have 3 MB


class BadPicture(Exception):
    """The photo is not taken, for the reason given."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is decoded, and what is read of the rest.

    `data`: a file of the same format with the pixels alone. `orientation`: EXIF's, 1 to 8, where 1 is
    upright. `profile`: the ICC colour profile as it was given, or None. `noisy`: where the file has no right
    end, `data` with noise before its end, which shows the same picture if, and only if, no pixel is missing.
    `place`: where it was taken, as EXIF says.
    """

    data: bytes
    orientation: int = 1
    profile: bytes | None = None
    noisy: bytes | None = None
    place: Point | None = None


def check_size(width: int, height: int, most_pixels: int) -> None:
    """Raises BadPicture where the file itself says that it has too many pixels, or none."""
    if width * height > most_pixels:
        raise BadPicture("too_many_pixels")
    if width == 0 or height == 0:
        raise BadPicture("unreadable")
