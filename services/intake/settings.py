"""Intake's own settings."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings import ServiceSettings, required

NOTIFICATION = "vigie-notification"


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    """`url`: the public address, in links. `secret`: signs links, and keys what is derived from it.

    `contacts_reader`: the RabbitMQ user of notification, the only one to whom addresses are given.
    """

    url: str
    secret: str
    contacts_reader: str = NOTIFICATION

    @property
    def fingerprint_key(self) -> bytes:
        """Keys the fingerprints of submissions; another purpose, so another key."""
        return hashlib.blake2b(b"fingerprint", key=self.secret.encode()[:64]).digest()


def intake_settings(service: ServiceSettings, environ: Mapping[str, str] = os.environ) -> IntakeSettings:
    """From the service's own settings, `INTAKE_SECRET` and `CONTACTS_READER`."""
    reader = environ.get("CONTACTS_READER") or NOTIFICATION
    return IntakeSettings(service.url, required("INTAKE_SECRET", environ), reader)
