"""What an event of a report becomes when it is counted, and what of it analysts may see."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from shared.categories import walk
from shared.contracts.analytics import DELAYS
from shared.contracts.states import STEPS, event_type

_HOUR, _DAY = 3600, 24 * 3600
_BOUNDS = (_HOUR, 4 * _HOUR, _DAY, 2 * _DAY, 5 * _DAY, 10 * _DAY, 30 * _DAY)

# Reports of one category that a cell must have seen in twelve months before a fact is published with it.
FEWEST_REPORTS = 11

# Event type to what happened.
HAPPENED: Mapping[str, str] = MappingProxyType(
    {event_type(happened): happened for happened in (*STEPS.values(), "reopened", "rated", "overdue")}
)

# The grid, in millionths of a degree: rows of 0.002° of latitude (222 m). A row's cells are as many whole
# thousandths of a degree of longitude wide as it takes to make them 200 m wide at the least.
_ROW, _STEP, _STEP_METRES, _WIDTH_METRES = 2_000, 1_000, 111.195, 200.0
_ROUND_THE_EARTH = 360_000_000


# Latitude and longitude in degrees (WGS 84).
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ReportEvent:
    """An event of a report: what of it is counted. Moments are RFC 3339.

    `target_kind`, `target`: who had the report (department, authority, triage) and its slug, if it has one.
    `quiet`: a replay, to be counted and not published. `outcome`: how it ended, was rated, or why withdrawn.
    """

    town: str
    id: str
    happened: str
    time: str
    kind: str
    category: str
    submitted_at: str
    place: Point | None
    target_kind: str | None
    target: str | None
    quiet: bool = False
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to a report, as it is counted: no report, no person, no text, no precise place.

    `hour` is RFC 3339, a whole hour in UTC; `seconds` the time since the report was sent, `delay` its class.
    """

    town: str
    event_id: str
    kind: str
    category: str
    target_kind: str | None
    target: str | None
    happened: str
    hour: str
    delay: str
    seconds: int
    cell: str | None
    outcome: str | None = None

    @property
    def month(self) -> str:
        """The first day of its month, as a date."""
        return f"{self.hour[:7]}-01"

    @property
    def locality(self) -> Locality:
        """By which it is known whether others are enough like it."""
        return self.town, self.cell or "", self.category, self.month


# Town, cell ('' without a place), category, month.
Locality = tuple[str, str, str, str]


def fact(event: ReportEvent) -> Fact:
    """The fact of an event."""
    moment = datetime.fromisoformat(event.time)
    seconds = _seconds_between(datetime.fromisoformat(event.submitted_at), moment)
    return Fact(
        town=event.town,
        event_id=event.id,
        kind=event.kind,
        category=event.category,
        target_kind=event.target_kind,
        target=event.target,
        happened=event.happened,
        hour=hour(moment),
        delay=delay_class(seconds),
        seconds=seconds,
        cell=cell(event.place),
        outcome=event.outcome,
    )


def _seconds_between(sent: datetime, happened: datetime) -> int:
    """Never less than nothing: clocks of two machines differ."""
    return max(0, int((happened - sent).total_seconds()))


def hour(moment: datetime) -> str:
    """`moment` (aware) cut to the hour: `2026-11-22T09:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:00:00Z")


def delay_class(seconds: float) -> str:
    """The class of a delay; each bound belongs to the next class: 3,600 s are `<4h`."""
    return DELAYS[bisect_right(_BOUNDS, seconds)]


def cell(place: Point | None) -> str | None:
    """The south-west corner of the grid's cell that holds `place`: `48.812:2.340`.

    Cells are 222 m from south to north and 200 to 300 m from west to east (220 m at Gentilly); about the
    poles one cell is the whole ring. The corner of a cell lies in that cell.
    """
    if place is None:
        return None
    latitude, longitude = place
    south = round(latitude * 1e6) // _ROW * _ROW
    step = _width(south)
    west = round(longitude * 1e6) // step * step
    return f"{south / 1e6:.3f}:{west / 1e6:.3f}"


def _width(south: int) -> int:
    """How wide the cells are whose southern edge lies at `south`; both in millionths of a degree."""
    metres = _STEP_METRES * math.cos(math.radians(south / 1e6))
    return min(math.ceil(_WIDTH_METRES / max(metres, 1e-9)) * _STEP, _ROUND_THE_EARTH)


Parents = Mapping[str, str]


def parents(configuration: Mapping[str, Any]) -> Parents:
    """Category to parent, from a town's configuration; a top-level one is its own."""
    return {
        category["slug"]: above[-1]["slug"] if above else category["slug"]
        for category, above in walk(configuration["categories"])
    }


def parent(category: str, known: Parents) -> str:
    """The category above; by its path (`voirie/nid-de-poule`) where the configuration does not have it."""
    return known.get(category) or category.rpartition("/")[0] or category


def published(fact: Fact, seen: int, known: Parents) -> tuple[str, str | None]:
    """Category and cell as analysts may see them.

    `seen`: reports like it in cell and category, in the twelve months that end with the fact's. Where they
    are few, one of them could be somebody's: the place is left out, and the category is the one above.
    """
    if seen >= FEWEST_REPORTS:
        return fact.category, fact.cell
    return parent(fact.category, known), None
