"""Intake's own settings."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass

from services.intake.domain.links import Links
from shared.settings import required

NOTIFICATION = "vigie-notification"


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    """`url`: the public address, in links. `secret`: signs links, and keys what is derived from it.

    `contacts_reader`: the RabbitMQ user of notification, the only one to whom addresses are given.
    `per_front_end`, `per_address`: submissions an hour that are taken, 0 for no limit; front ends that are
    `trusted` have none.
    """

    url: str
    secret: str
    contacts_reader: str = NOTIFICATION
    per_front_end: int = 20_000
    per_address: int = 60
    trusted: tuple[str, ...] = ()

    @property
    def links(self) -> Links:
        """Makes the addresses that open something by themselves."""
        return Links(self.url, self.secret)

    @property
    def fingerprint_key(self) -> bytes:
        """Keys the fingerprints of submissions; another purpose, so another key."""
        return hashlib.blake2b(b"fingerprint", key=self.secret.encode()[:64]).digest()


def intake_settings(environ: Mapping[str, str] = os.environ) -> IntakeSettings:
    """From `INTAKE_URL`, `INTAKE_SECRET`, and where they are set `CONTACTS_READER` and the limits."""
    url, secret = required("INTAKE_URL", environ), required("INTAKE_SECRET", environ)
    return IntakeSettings(
        url.rstrip("/"),
        secret,
        environ.get("CONTACTS_READER") or NOTIFICATION,
        int(environ.get("INTAKE_FRONT_END_AN_HOUR", "20000")),
        int(environ.get("INTAKE_ADDRESS_AN_HOUR", "60")),
        tuple(environ.get("INTAKE_TRUSTED", "").split()),
    )
