"""Deadlines in working and calendar time, over holidays and daylight saving."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.clocks import Calendar, Clocks
from services.routing.domain.public_holidays import public_holidays
from services.routing.domain.times import Delay, Targets, WorkingTime
from tests.unit.routing.small_town import calm

PARIS = ZoneInfo("Europe/Paris")
OFFICE = WorkingTime.daily(range(5), 510, 1050)  # 08:30 to 17:30
CALENDAR = Calendar("Europe/Paris", OFFICE)


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def _delay(text: str) -> Delay:
    amount, time, unit = text.split()
    return Delay(int(amount), "hours" if unit.startswith("hour") else "days", time == "working")


@pytest.mark.parametrize(
    ("start", "delay", "end"),
    [
        # The day of the start does not count; the last one ends at closing time.
        ("2026-11-24T09:00", "1 working day", "2026-11-25T17:30"),
        ("2026-11-24T23:59", "1 working day", "2026-11-25T17:30"),
        ("2026-11-27T12:00", "1 working day", "2026-11-30T17:30"),  # over a week-end
        ("2026-11-28T12:00", "1 working day", "2026-11-30T17:30"),  # from a Saturday
        ("2026-11-24T09:00", "10 working days", "2026-12-08T17:30"),
        # Public holidays: the 11th of November, Christmas, New Year, Easter Monday, Ascension, Whit Monday.
        ("2026-11-10T09:00", "1 working day", "2026-11-12T17:30"),
        ("2026-12-24T09:00", "1 working day", "2026-12-28T17:30"),
        ("2026-12-31T09:00", "1 working day", "2027-01-04T17:30"),
        ("2026-04-03T09:00", "1 working day", "2026-04-07T17:30"),
        ("2026-05-13T09:00", "1 working day", "2026-05-15T17:30"),
        ("2026-05-22T09:00", "1 working day", "2026-05-26T17:30"),
        # Working hours run while the town hall is open.
        ("2026-11-24T09:00", "2 working hours", "2026-11-24T11:00"),
        ("2026-11-24T16:30", "2 working hours", "2026-11-25T09:30"),
        ("2026-11-24T06:00", "1 working hour", "2026-11-24T09:30"),
        ("2026-11-24T20:00", "1 working hour", "2026-11-25T09:30"),
        ("2026-11-24T08:30", "9 working hours", "2026-11-24T17:30"),
        ("2026-11-24T08:31", "9 working hours", "2026-11-25T08:31"),
        ("2026-11-27T17:00", "1 working hour", "2026-11-30T09:00"),
        # Calendar days keep the local time, over both changes of the clocks.
        ("2026-10-24T12:00", "1 calendar day", "2026-10-25T12:00"),
        ("2026-03-28T12:00", "1 calendar day", "2026-03-29T12:00"),
        ("2026-11-24T12:00", "30 calendar days", "2026-12-24T12:00"),
        # Calendar hours are elapsed hours.
        ("2026-10-24T12:00", "24 calendar hours", "2026-10-25T11:00"),
        ("2026-03-28T12:00", "24 calendar hours", "2026-03-29T13:00"),
    ],
)
def test_deadline(start: str, delay: str, end: str) -> None:
    assert CALENDAR.deadline(_local(start).astimezone(UTC), _delay(delay)) == _local(end)


def test_a_local_time_that_the_change_of_clocks_skips_is_the_moment_after() -> None:
    # On 29 March 2026 there is no 02:30: clocks go from 02:00 to 03:00.
    end = CALENDAR.deadline(_local("2026-03-28T02:30"), Delay(1, "days", False))
    assert end == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_local_time_that_comes_twice_is_the_first() -> None:
    end = CALENDAR.deadline(_local("2026-10-24T02:30"), Delay(1, "days", False))
    assert end == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second_time = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert CALENDAR.deadline(second_time, Delay(371, "days", False)) == datetime(
        2027, 10, 31, 0, 30, tzinfo=UTC
    )


moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
amounts = st.integers(1, 60)
Unit = Literal["hours", "days"]
UNITS: tuple[Unit, ...] = ("hours", "days")
units = st.sampled_from(UNITS)


@calm
@given(moments, amounts, units)
def test_a_working_deadline_is_in_working_time_after_the_start(
    start: datetime, amount: int, unit: Unit
) -> None:
    end = CALENDAR.deadline(start, Delay(amount, unit, True))
    local = end.astimezone(PARIS)
    assert end > start
    assert end.tzinfo is UTC
    assert local.weekday() < 5
    assert local.date() not in public_holidays("FR", local.year)
    assert 510 <= local.hour * 60 + local.minute <= 1050


@calm
@given(moments, amounts, units, st.booleans())
def test_a_longer_delay_ends_later_and_a_later_start_no_earlier(
    start: datetime, amount: int, unit: Unit, working: bool
) -> None:
    end = CALENDAR.deadline(start, Delay(amount, unit, working))
    assert CALENDAR.deadline(start, Delay(amount + 1, unit, working)) > end
    if working or unit == "hours":
        assert CALENDAR.deadline(start + timedelta(minutes=30), Delay(amount, unit, working)) >= end


@calm
@given(moments, amounts)
def test_working_hours_count_only_open_time(start: datetime, hours: int) -> None:
    end = CALENDAR.deadline(start, Delay(hours, "hours", True))
    open_time = timedelta()
    day = start.astimezone(PARIS).date()
    while day <= end.astimezone(PARIS).date():
        for opens, closes in CALENDAR.opening_times(day):
            open_time += max(min(end, closes) - max(start, opens), timedelta())
        day += timedelta(days=1)
    assert open_time == timedelta(hours=hours)


@calm
@given(moments, amounts)
def test_a_calendar_day_keeps_the_local_time_but_for_the_hour_that_is_skipped(
    start: datetime, days: int
) -> None:
    end = CALENDAR.deadline(start, Delay(days, "days", False)).astimezone(PARIS)
    wanted = start.astimezone(PARIS).replace(tzinfo=None) + timedelta(days=days)
    skipped = end.replace(tzinfo=None) - wanted
    assert skipped in (timedelta(), timedelta(hours=1))
    assert skipped == timedelta() or wanted.hour == 2


def test_a_town_hall_that_never_closes_counts_the_hours_that_there_are() -> None:
    # The night of 25 October 2026 has an hour more.
    always = Calendar("Europe/Paris", WorkingTime.daily(range(7), 0, 1440))
    end = always.deadline(_local("2026-10-25T00:00"), Delay(25, "hours", True))
    assert end == _local("2026-10-26T00:00")


def test_holidays_of_a_part_of_the_country() -> None:
    saint_stephen = date(2026, 12, 26)
    assert saint_stephen not in public_holidays("FR", 2026)
    assert saint_stephen in public_holidays("FR-57", 2026)


def test_a_clock_that_is_not_promised_does_not_run() -> None:
    assert CALENDAR.clocks(_local("2026-11-24T09:00"), Targets()) == Clocks(None, None)
