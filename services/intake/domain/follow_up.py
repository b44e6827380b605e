"""What became of a report, as its author may see it. No input, no output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from services.intake.domain.photos import ReportPhoto
from shared.branding import Branding, holder_labels
from shared.categories import labels
from shared.contracts.blocks import PHOTOS
from shared.contracts.states import ANSWERED, ENDED, Act
from shared.l10n import Label

Point = tuple[float, float]  # latitude, longitude in degrees (WGS 84)

RECEIVED = "submitted"
_BESIDE = frozenset({"overdue", "completed", "rated"})
"""Events that change nothing about where a report is."""
_UNPROMISED = frozenset({*ENDED, "forwarded", "reopened"})
"""States in which no target of the town's binds anybody: ended, with another body, or not set yet."""
MOST_ADDED = 10
"""How often an author may add to a report."""
MOST_REOPENED = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened. `holder`: who had the report then, and `reason` why they.

    `until`: by when it was to be dealt with.
    """

    at: datetime
    state: str
    holder: Label | None = None
    reason: Label | None = None
    until: datetime | None = None
    outcome: str | None = None
    text: str | None = None
    planned_for: date | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A report and what became of it, oldest step first; nothing that says who sent it."""

    town: Branding
    time_zone: ZoneInfo
    language: str
    reference: str
    kind: str
    category: Label
    description: str
    address: str | None
    submitted_at: datetime
    steps: tuple[Step, ...] = ()
    photos: tuple[ReportPhoto, ...] = ()
    point: Point | None = None

    @property
    def now(self) -> Step:
        """The step that says where the report is.

        What was withdrawn stays so, whatever its department did meanwhile, unless that had answered it first.
        """
        states = [step for step in self.steps if step.state not in _BESIDE]
        ends = [step for step in states if step.state in ENDED]
        if ends and ends[-1].state == "withdrawn":
            return ends[-1]
        return states[-1] if states else Step(self.submitted_at, RECEIVED)

    @property
    def holder(self) -> Label | None:
        """Who has it."""
        return self.now.holder

    @property
    def may(self) -> frozenset[Act]:
        """What its author may do about it now."""
        return frozenset(act for act, is_possible in _POSSIBLE.items() if is_possible(self))

    @property
    def free_photos(self) -> int:
        """How many more photos it may have."""
        return max(0, PHOTOS - len(self.photos))

    def count(self, act: Act) -> int:
        """How often its author has done this."""
        return sum(step.state == act for step in self.steps)

    @property
    def is_rated(self) -> bool:
        """Whether its author has said how satisfied they are with how it ended last."""
        last = [step.state for step in self.steps if step.state in {*ANSWERED, "rated"}]
        return bool(last) and last[-1] == "rated"

    @property
    def reason(self) -> Label | None:
        """The last reason given for its present holder."""
        given = [step for step in self.steps if step.reason]
        return given[-1].reason if given and given[-1].holder == self.holder else None

    @property
    def until(self) -> datetime | None:
        """By when it is promised to be dealt with; None where nothing is promised, or it has ended.

        Once it is forwarded, nothing is: the town's own target binds no other body.
        """
        promised = [step.until for step in self.steps if step.until]
        return promised[-1] if promised and self.now.state not in _UNPROMISED else None

    @property
    def history(self) -> tuple[Step, ...]:
        """All that happened, from its sending on; not that the town's target passed while others had it."""
        happened, before = [Step(self.submitted_at, RECEIVED)], RECEIVED
        for step in self.steps:
            if step.state not in _BESIDE:
                before = step.state
            elif step.state == "overdue" and before in _UNPROMISED:
                continue
            happened.append(step)
        return tuple(happened)


_POSSIBLE: Mapping[Act, Callable[[FollowUp], bool]] = MappingProxyType(
    {
        "withdrawn": lambda report: report.now.state not in ENDED,
        "completed": lambda report: report.now.state not in ENDED and report.count("completed") < MOST_ADDED,
        "reopened": lambda report: report.now.state in ANSWERED and report.count("reopened") < MOST_REOPENED,
        "rated": lambda report: report.now.state in ANSWERED and not report.is_rated,
    }
)


@dataclass(frozen=True, slots=True)
class PageTown:
    """What the page needs of a town's configuration."""

    branding: Branding
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Paris"))
    labels: Mapping[tuple[str, str], Label] = field(default_factory=dict)

    def label(self, kind: str, slug: str) -> Label:
        """What people call it; its slug where the town does not know it (any more)."""
        return self.labels.get((kind, slug)) or Label.same(slug)


def page_town(version: int, configuration: Mapping[str, Any]) -> PageTown:
    """From the data of a `town.configured.v1`."""
    named = {("category", slug): label for slug, label in labels(configuration["categories"]).items()}
    named |= holder_labels(configuration)
    return PageTown(Branding.of(configuration), ZoneInfo(configuration["time_zone"]), named)
