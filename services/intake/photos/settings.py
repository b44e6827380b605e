"""The settings of photos."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from services.intake.domain.photos import Volume
from shared.objects import ObjectStore
from shared.settings import required

_MIB = 1024 * 1024
_QUOTA = Volume(2000, 1024 * _MIB)


@dataclass(frozen=True, slots=True)
class PhotoSettings:
    """`keep_hours`: how long an upload waits to be named by a report before it is forgotten.

    `quota`: how much of one front end may wait so. `uploads`: how many may be under way at once, and of one
    front end `uploads_per_front_end`. `cleaners`: how many of them are decoded at once.
    """

    s3_url: str
    s3_public_url: str = ""
    s3_region: str = "us-east-1"
    keep_hours: int = 24
    quota: Volume = _QUOTA
    uploads: int = 8
    uploads_per_front_end: int = 6
    cleaners: int = 2

    def store(self) -> ObjectStore:
        """The object store of photos."""
        return ObjectStore(self.s3_url, self.s3_public_url, self.s3_region)


def photo_settings(environ: Mapping[str, str] = os.environ) -> PhotoSettings:
    """From `S3_URL`, and where they are set `S3_PUBLIC_URL`, `S3_REGION` and those of `INTAKE_PHOTO_`."""
    photos = int(environ.get("INTAKE_PHOTO_QUOTA", _QUOTA.photos))
    mebibytes = int(environ.get("INTAKE_PHOTO_QUOTA_MIB", _QUOTA.size // _MIB))
    return PhotoSettings(
        required("S3_URL", environ),
        environ.get("S3_PUBLIC_URL", ""),
        environ.get("S3_REGION", "us-east-1"),
        int(environ.get("INTAKE_PHOTO_HOURS", "24")),
        Volume(photos, mebibytes * _MIB),
        int(environ.get("INTAKE_PHOTO_UPLOADS", "8")),
        int(environ.get("INTAKE_PHOTO_UPLOADS_PER_FRONT_END", "6")),
    )
