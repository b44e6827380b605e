"""Reports as GeoReport v2 has them: what clients ask, and what they are shown. No input, no output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from shared.contracts.states import ENDED
from shared.l10n import Label

Status = Literal["open", "closed"]

KIND = "problem"  # the one kind that GeoReport knows
MOST = 1000  # reports of one answer


def status_of(state: str) -> Status:
    """What GeoReport calls a state."""
    return "closed" if state in ENDED else "open"


@dataclass(frozen=True, slots=True)
class Box:
    """Between these degrees (WGS 84)."""

    south: float
    north: float
    west: float
    east: float


@dataclass(frozen=True, slots=True)
class Filter:
    """Which reports are asked for. `references`: these, whatever the rest says.

    `begin`, `end`: when they were sent. `updated_after`, `updated_before`: when something last happened to
    them. `box`: where they are, of which only whoever sent them learns.
    """

    begin: datetime
    end: datetime
    references: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    box: Box | None = None
    size: int = MOST
    page: int = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """A report as it is shown. `holder`: who has it, kind and slug.

    `private`: what only its sender's key shows (what was written, where it is, the department's words, its
    first photo), else None.
    """

    id: str
    reference: str
    kind: str
    category: str
    submitted_at: datetime
    state: str
    outcome: str | None
    holder: tuple[str, str] | None
    reason: Label | None
    updated_at: datetime
    until: datetime | None
    private: Mapping[str, Any] | None

    @property
    def status(self) -> Status:
        """As GeoReport knows it."""
        return status_of(self.state)
