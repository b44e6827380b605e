"""Target delays turned into moments: working or calendar time, public holidays, daylight saving.

- N working days end at closing time of the N-th working day after the local day of the start, which is not
  counted (a report of Friday evening with one working day is due on Monday at closing time).
- N working hours run only while the town hall is open. Closing at 24:00 is midnight, which ends the day.
- N calendar days end at the same local time N days later, whatever daylight saving does.
- N calendar hours are elapsed hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from services.routing.domain.public_holidays import public_holidays
from services.routing.domain.times import Delay, Span, Targets, WorkingTime

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Clocks:
    """The two moments, in UTC, frozen at dispatch; None where no delay is promised."""

    acknowledge_by: datetime | None = None
    resolve_by: datetime | None = None


class Calendar:
    """A town's working time. Moments go in and come out aware; those that come out are in UTC."""

    def __init__(self, time_zone: str, working_time: WorkingTime) -> None:
        self.zone = ZoneInfo(time_zone)
        self._working = working_time
        self._end_of_working_day = lru_cache(maxsize=4096)(self._nth_closing)

    def is_working_day(self, day: date) -> bool:
        return bool(self._hours(day))

    def opening_times(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """From when until when the town hall is open on a local day: nothing on a day off."""
        for begin, end in self._hours(day):
            yield self._instant(day, begin), self._instant(day, end)

    def closing(self, day: date) -> datetime:
        """The end of a working day."""
        return self._instant(day, self._hours(day)[-1][1])

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

    def _hours(self, day: date) -> tuple[Span, ...]:
        hours = self._working.hours[day.weekday()]
        return () if not hours or self._is_off(day) else hours

    def _is_off(self, day: date) -> bool:
        closed = any(first <= day <= last for first, last in self._working.closed)
        return closed or day in public_holidays(self._working.holidays, day.year)

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
            for opens, closes in self.opening_times(day):
                begin = max(start.astimezone(UTC), opens)
                available = max(closes - begin, timedelta())
                if left <= available:
                    return begin + left
                left -= available
            day += _ONE_DAY
