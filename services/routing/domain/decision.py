"""A report as rules look at it, and what they decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from services.routing.domain.clocks import Clocks
from services.routing.domain.times import Priority
from shared.contracts.states import TargetKind

RETURNED = "returned"  # stands for the rule where a department has given a report back

Cause = Literal["rule", "outside_town", "place_needed", "no_rule", "rule_error"]


@dataclass(frozen=True)
class Report:
    """What rules look at. `place` is (longitude, latitude), WGS 84 degrees; `source` the front end's user."""

    id: str
    kind: str
    category: str
    submitted_at: datetime
    place: tuple[float, float] | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    @classmethod
    def from_data(cls, data: Mapping[str, Any], source: str = "") -> Report:
        """From the `report` block of an event."""
        place = data.get("place")
        return cls(
            id=data["id"],
            kind=data["kind"],
            category=data["category"],
            submitted_at=datetime.fromisoformat(data["submitted_at"]),
            place=(place["longitude"], place["latitude"]) if place else None,
            answers=data.get("answers") or {},
            source=source,
        )


@dataclass(frozen=True)
class Decision:
    """Where a report goes, by which rule of which version, why in words, and until when.

    `target` is a department's or authority's slug and `rule` the rule's name, both None in triage, whose
    `cause` says why no rule decided; `rule_set` is the configuration's version. `plain_reason` is the reason
    without the rule's name and version; None in triage, of which no citizen is told.
    """

    target_kind: TargetKind
    target: str | None
    rule: str | None
    rule_set: str
    reason: Mapping[str, str]
    clocks: Clocks
    cause: Cause = "rule"
    priority: Priority = "normal"
    plain_reason: Mapping[str, str] | None = None

    @property
    def alert(self) -> bool:
        """Whether somebody must look at the town's rules."""
        return self.cause in ("no_rule", "rule_error")


def why_returned(text: str) -> Mapping[str, str]:
    """Why a report is in triage again, by language; `text` is the department's."""
    return {"fr": f"Rendu par le service : {text}", "en": f"Given back by the department: {text}"}
