"""What a photo is to us. No input, no output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MAX_BYTES = 15 * 1024 * 1024

State = Literal["pending", "stored", "erased"]

Reason = Literal[
    "empty", "no_photo", "not_a_photo", "too_large", "too_many_pixels", "unreadable", "too_costly", "busy",
    "quota_exceeded", "unknown_key", "pending", "erased",
]  # fmt: skip


class PhotoRefused(Exception):
    """A photo that is not taken, or not shown, and why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_counted = False


@dataclass(frozen=True, slots=True)
class ReportPhoto:
    """A photo of a report as pages show it; width and height of the full size, in pixels."""

    id: str
    state: State
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A photo as it is kept: JPEG without metadata, upright, with its thumbnail.

    `uploaded_type`: the media type that it had. `width`, `height`: of `image`, in pixels. `place`: where it
    was taken (latitude, longitude), as the file said; that is not kept.
    """

    uploaded_type: str
    width: int
    height: int
    image: bytes
    thumbnail: bytes
    place: tuple[float, float] | None = None

    @property
    def size(self) -> int:
        """What is kept of it, in bytes."""
        return len(self.image) + len(self.thumbnail)


@dataclass(frozen=True, slots=True)
class Volume:
    """A number of photos, and what is kept of them in bytes."""

    photos: int
    size: int


def check_quota(unnamed: Volume, quota: Volume, size: int = 0) -> None:
    """Raises PhotoRefused where `size` bytes more would be too much beside what no report has named yet."""
    if unnamed.photos >= quota.photos or unnamed.size + size > quota.size:
        raise PhotoRefused("quota_exceeded")


def object_names(key: tuple[str, str]) -> tuple[str, str]:
    """The names under which the store has the photo `key` (town, id): full size, thumbnail."""
    town, photo = key
    return f"{town}/photos/{photo}.jpg", f"{town}/photos/{photo}.thumbnail.jpg"


def media_type(upload: bytes) -> str:
    """The media type by the first bytes, whatever the name or the header says; raises PhotoRefused."""
    if not upload:
        raise PhotoRefused("empty")
    if upload.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if upload.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if upload[:4] == b"RIFF" and upload[8:12] == b"WEBP":
        return "image/webp"
    raise PhotoRefused("not_a_photo")
