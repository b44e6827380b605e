"""Intake's own settings: of submissions, and of photos."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass

from services.intake.domain.links import Links
from services.intake.domain.photos import Volume
from shared.objects import ObjectStore
from shared.settings import Kind, given, required

NOTIFICATION = "vigie-notification"
_MIB = 1024 * 1024
_QUOTA = Volume(2000, 1024 * _MIB)


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    """`url`: the public address, in links. `secret`: signs links, and keys what is derived from it.

    `contacts_reader`: the RabbitMQ user of notification, the only one to whom addresses are given.
    `per_front_end`, `per_address`: submissions an hour that are taken, 0 for no limit; front ends that are
    `trusted` have none. `per_web_address`: the same on the town's own pages, where anybody may write any
    address. `per_network`: drafts begun and reports sent there by one network.
    """

    url: str
    secret: str
    contacts_reader: str = NOTIFICATION
    per_front_end: int = 20_000
    per_address: int = 60
    per_web_address: int = 10
    per_network: int = 120
    trusted: tuple[str, ...] = ()

    @property
    def links(self) -> Links:
        """Makes the addresses that open something by themselves."""
        return Links(self.url, self.secret)

    @property
    def network_key(self) -> bytes:
        """Keys the digests of networks."""
        return hashlib.blake2b(b"network", key=self.secret.encode()[:64]).digest()

    @property
    def fingerprint_key(self) -> bytes:
        """Keys the fingerprints of submissions; another purpose, so another key."""
        return hashlib.blake2b(b"fingerprint", key=self.secret.encode()[:64]).digest()


def intake_settings(environ: Mapping[str, str] = os.environ) -> IntakeSettings:
    """From `INTAKE_URL`, `INTAKE_SECRET`, and where they are set `CONTACTS_READER` and the limits."""
    url, secret = required("INTAKE_URL", environ), required("INTAKE_SECRET", environ)
    return IntakeSettings(url.rstrip("/"), secret, **given(_GIVEN, environ))


_GIVEN: Mapping[str, tuple[str, Kind]] = {
    "contacts_reader": ("CONTACTS_READER", str),
    "per_front_end": ("INTAKE_FRONT_END_AN_HOUR", int),
    "per_address": ("INTAKE_ADDRESS_AN_HOUR", int),
    "per_web_address": ("INTAKE_WEB_ADDRESS_AN_HOUR", int),
    "per_network": ("INTAKE_NETWORK_AN_HOUR", int),
    "trusted": ("INTAKE_TRUSTED", lambda text: tuple(text.split())),
}


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
    photos = int(environ.get("INTAKE_PHOTO_QUOTA") or _QUOTA.photos)
    mebibytes = int(environ.get("INTAKE_PHOTO_QUOTA_MIB") or _QUOTA.size // _MIB)
    quota = Volume(photos, mebibytes * _MIB)
    return PhotoSettings(required("S3_URL", environ), quota=quota, **given(_OF_PHOTOS, environ))


_OF_PHOTOS: Mapping[str, tuple[str, Kind]] = {
    "s3_public_url": ("S3_PUBLIC_URL", str),
    "s3_region": ("S3_REGION", str),
    "keep_hours": ("INTAKE_PHOTO_HOURS", int),
    "uploads": ("INTAKE_PHOTO_UPLOADS", int),
    "uploads_per_front_end": ("INTAKE_PHOTO_UPLOADS_PER_FRONT_END", int),
}
