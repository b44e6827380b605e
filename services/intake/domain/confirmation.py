"""Whether a report from the web must wait until its author has confirmed the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.kinds import CONFIRMATION_DAYS, Confirmation


@dataclass(frozen=True, slots=True)
class ConfirmationPolicy:
    """What the town asks for, and how many days a report waits before it is deleted."""

    when: Confirmation = "first"
    days: int = CONFIRMATION_DAYS

    def must_confirm(self, known: bool) -> bool:
        """Whether a report of an address that is `known` (confirmed before) or not must be confirmed."""
        return self.when == "always" or (self.when == "first" and not known)


DEFAULT = ConfirmationPolicy()


def confirmation_policy(configuration: Mapping[str, Any]) -> ConfirmationPolicy:
    """From the data of a `town.configured.v1`."""
    days = configuration.get("confirmation_days", CONFIRMATION_DAYS)
    return ConfirmationPolicy(configuration.get("confirmation", "first"), days)
