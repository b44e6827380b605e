"""A town's time: hours and days of work, target delays, the minutes of a week. Frozen values, checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

Priority = Literal["normal", "urgent"]

PRIORITIES: tuple[Priority, ...] = ("normal", "urgent")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = 24 * 60
_WEEK = 7 * _DAY

Span = tuple[int, int]
"""Minutes of the local day, from included to excluded: 24:00 is 1440."""


@dataclass(frozen=True)
class Delay:
    """`4 working days`, `12 calendar hours`."""

    amount: int
    unit: Literal["hours", "days"]
    working: bool


@dataclass(frozen=True)
class Targets:
    """Target delays, from submission: until somebody takes the report up, and until it is dealt with."""

    acknowledge: Delay | None = None
    resolve: Delay | None = None


@dataclass(frozen=True)
class DelayRule:
    categories: tuple[str, ...]
    targets: Targets
    priority: Priority | None = None


@dataclass(frozen=True)
class Delays:
    """Target delays of problems: the most specific category wins, then the entry that names the priority."""

    default: Targets
    forwarded: Targets
    triage: Targets
    rules: tuple[DelayRule, ...] = ()


@dataclass(frozen=True)
class WorkingTime:
    """When the town hall is open.

    `hours`: its spans on each weekday from Monday, in order and apart; none on a day off. `holidays`: the
    country, or the part of it, whose public holidays it keeps, `FR` or `FR-67`. `closed`: other days on which
    it is closed, each as the first and the last of a row.
    """

    hours: tuple[tuple[Span, ...], ...]
    holidays: str = "FR"
    closed: tuple[tuple[date, date], ...] = ()

    @classmethod
    def daily(cls, weekdays: Iterable[int], opens: int, closes: int, holidays: str = "FR") -> WorkingTime:
        """The same hours, without a break, on some weekdays (Monday is 0)."""
        days = set(weekdays)
        return cls(tuple(((opens, closes),) if day in days else () for day in range(7)), holidays)


def minute_of_week(local: datetime) -> int:
    """The minute of a local time, counted from Monday 00:00."""
    return local.weekday() * _DAY + local.hour * 60 + local.minute


@lru_cache(maxsize=1024)
def minutes_of_week(hours: Span | None, weekdays: tuple[int, ...]) -> frozenset[int]:
    """The minutes, counted from Monday 00:00, that a rule's `hours` and `weekdays` admit."""
    begin, end = hours or (0, _DAY)
    length = (end - begin) % _DAY or _DAY
    days = weekdays or range(7)
    return frozenset((day * _DAY + begin + minute) % _WEEK for day in days for minute in range(length))
