"""How much is taken from one network in an hour; it is known by a digest, never by its address."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass

from flask import request

from services.intake.usecases.limits import HourlyCount
from shared import clock
from shared.l10n import Label
from shared.web import Problem

_TOO_MANY = Label(
    "Trop d’envois depuis votre réseau : réessayez dans {minutes} minutes.",
    "Too much was sent from your network: try again in {minutes} minutes.",
)
_PREFIX = {4: 32, 6: 56}  # bits: what one subscriber has


@dataclass(frozen=True, slots=True)
class Networks:
    """The count. `secret` keys the digests, which are others each day; they are in memory alone."""

    count: HourlyCount
    secret: bytes

    def check(self, town: str) -> None:
        """One more from the present request's network. Raises Problem, 429, where it is too much."""
        key = town, self._digest(request.remote_addr or "")
        seconds = self.count.wait(key)
        if seconds:
            raise _problem(seconds)
        self.count.add(key)

    def _digest(self, address: str) -> bytes:
        today = clock.now().date().isoformat()
        return hashlib.blake2b(f"{today} {_network(address)}".encode(), key=self.secret).digest()


def _network(address: str) -> str:
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{_PREFIX[version]}", strict=False))


def _problem(seconds: float) -> Problem:
    minutes = max(1, round(seconds / 60))
    title = Label(_TOO_MANY.fr.format(minutes=minutes), _TOO_MANY.en.format(minutes=minutes))
    return Problem(429, "too_often", title, retry_after=round(seconds) + 1)
