"""Target delays turned into moments: working or calendar time, public holidays, daylight saving.

- N working days end at closing time of the N-th working day after the local day of the start, which is not
  counted (a report of Friday evening with one working day is due on Monday at closing time).
- N working hours run only while the town hall is open.
- N calendar days end at the same local time N days later, whatever daylight saving does.
- N calendar hours are elapsed hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from services.routing.domain.town import Delay, Targets, WorkingTime

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Clocks:
    """The two moments, in UTC, frozen at dispatch; None where no delay is promised."""

    acknowledge_by: datetime | None = None
    resolve_by: datetime | None = None


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Public holidays of a country (`FR`) or one of its subdivisions (`FR-57`: Moselle has two more)."""
    code, _, subdivision = country.partition("-")
    return frozenset(holidays.country_holidays(code, subdiv=subdivision or None, years=year))


class Calendar:
    """A town's working time. Moments go in and come out aware; those that come out are in UTC."""

    def __init__(self, time_zone: str, working_time: WorkingTime) -> None:
        self.zone = ZoneInfo(time_zone)
        self._working = working_time
        self._end_of_working_day = lru_cache(maxsize=4096)(self._nth_closing)

    def is_working_day(self, day: date) -> bool:
        listed = day.weekday() in self._working.weekdays
        return listed and day not in public_holidays(self._working.holidays, day.year)

    def opening(self, day: date) -> datetime:
        return self._instant(day, self._working.opens)

    def closing(self, day: date) -> datetime:
        return self._instant(day, self._working.closes)

    def deadline(self, start: datetime, delay: Delay) -> datetime:
        if not delay.working:
            return self._calendar_deadline(start, delay)
        if delay.unit == "days":
            return self._end_of_working_day(start.astimezone(self.zone).date(), delay.amount)
        return self._after_working_hours(start, timedelta(hours=delay.amount))

    def clocks(self, start: datetime, targets: Targets) -> Clocks:
        acknowledge, resolve = targets.acknowledge, targets.resolve
        return Clocks(
            self.deadline(start, acknowledge) if acknowledge else None,
            self.deadline(start, resolve) if resolve else None,
        )

    def _instant(self, day: date, minute: int) -> datetime:
        local = datetime.combine(day, time()) + timedelta(minutes=minute)
        return local.replace(tzinfo=self.zone).astimezone(UTC)

    def _calendar_deadline(self, start: datetime, delay: Delay) -> datetime:
        if delay.unit == "hours":
            return start.astimezone(UTC) + timedelta(hours=delay.amount)
        # Aware arithmetic within one zone is wall-clock arithmetic: the local time of day is kept, and where
        # it comes twice the first is meant.
        return (start.astimezone(self.zone) + timedelta(days=delay.amount)).astimezone(UTC)

    def _nth_closing(self, day: date, count: int) -> datetime:
        while count:
            day += _ONE_DAY
            count -= self.is_working_day(day)
        return self.closing(day)

    def _after_working_hours(self, start: datetime, left: timedelta) -> datetime:
        day = start.astimezone(self.zone).date()
        while True:
            if self.is_working_day(day):
                begin = max(start.astimezone(UTC), self.opening(day))
                available = max(self.closing(day) - begin, timedelta())
                if left <= available:
                    return begin + left
                left -= available
            day += _ONE_DAY
