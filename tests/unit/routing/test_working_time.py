"""Working time by weekday, with breaks, closures and midnight, against a count of half hours one by one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.commands import outline
from services.routing.domain import from_document, to_document
from services.routing.domain.clocks import Calendar
from services.routing.domain.times import Delay, Span, WorkingTime
from services.routing.townfiles import load
from shared.l10n import Dates
from tests.unit.routing.small_town import calm, changed_town, town
from tests.unit.routing.town_folder import edit, errors

PARIS = ZoneInfo("Europe/Paris")
HALF_HOUR = timedelta(minutes=30)
YEARS = (2026, 2027, 2028)
FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
MOVABLE = {
    *(date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)),
    *(date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17)),
    *(date(2028, 4, 17), date(2028, 5, 25), date(2028, 6, 5)),
}
HOLIDAYS = {date(year, *day) for year in YEARS for day in FIXED} | MOVABLE

DAILY = 'weekdays: [monday, tuesday, thursday, friday, saturday]\n  opens: "09:00"\n  closes: "12:00"'
SHORT = """hours:
    monday: ["13:30-17:30", "08:30-12:00"]
    tuesday: ["08:30-12:00", "13:30-17:30"]
    friday: ["08:30-12:00"]
    sunday: []
  closed: ["2026-12-24", 2026-12-28/2027-01-02]"""
BROKEN = ((510, 720), (810, 1050))
WEEK = WorkingTime((BROKEN, BROKEN, (), (), ((510, 720),), (), ()))


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Up to three spans of a day, none of which begins or ends in the hour that a change of clocks moves."""
    edges = st.integers(0, 48).filter(lambda half: half != 5)
    found = sorted(draw(st.sets(edges, max_size=6)))
    return tuple((found[i] * 30, found[i + 1] * 30) for i in range(0, len(found) - 1, 2))


@st.composite
def closures(draw: st.DrawFn) -> tuple[date, date]:
    first = draw(st.dates(date(2026, 1, 1), date(2027, 6, 1)))
    return first, first + timedelta(days=draw(st.integers(0, 9)))


open_weeks = st.tuples(*[spans()] * 7).filter(lambda week: sum(map(len, week)) > 0)
working_times = st.builds(WorkingTime, open_weeks, st.just("FR"), st.lists(closures(), max_size=3).map(tuple))
starts = st.integers(0, 48 * 500).map(lambda half: datetime(2026, 1, 1, tzinfo=UTC) + half * HALF_HOUR)


def _is_open(working: WorkingTime, half_hour: datetime) -> bool:
    local = half_hour.astimezone(PARIS)
    day, minute = local.date(), local.hour * 60 + local.minute
    off = day in HOLIDAYS or any(first <= day <= last for first, last in working.closed)
    return not off and any(begin <= minute < end for begin, end in working.hours[day.weekday()])


def _slow_hours(working: WorkingTime, start: datetime, hours: int) -> datetime:
    left, now = 2 * hours, start
    while left:
        left -= _is_open(working, now)
        now += HALF_HOUR
    return now


def _slow_days(working: WorkingTime, start: datetime, days: int) -> datetime:
    day, end = start.astimezone(PARIS).date(), start
    while days:
        day += timedelta(days=1)
        midnight = datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)
        halves = (midnight + n * HALF_HOUR for n in range(50))
        own = [half for half in halves if half.astimezone(PARIS).date() == day and _is_open(working, half)]
        if own:
            days -= 1
            end = own[-1] + HALF_HOUR
    return end


@calm
@given(working_times, starts, st.integers(1, 6))
def test_working_hours_are_those_that_a_slow_count_finds(w: WorkingTime, start: datetime, hours: int) -> None:
    found = Calendar("Europe/Paris", w).deadline(start, Delay(hours, "hours", True))
    assert found == _slow_hours(w, start, hours)


@calm
@given(working_times, starts, st.integers(1, 6))
def test_working_days_are_those_that_a_slow_count_finds(w: WorkingTime, start: datetime, days: int) -> None:
    found = Calendar("Europe/Paris", w).deadline(start, Delay(days, "days", True))
    assert found == _slow_days(w, start, days)


@calm
@given(working_times)
def test_what_is_stored_is_read_back_the_same(w: WorkingTime) -> None:
    configuration = changed_town(working_time=w)
    assert from_document(to_document(configuration), 3) == configuration


def test_a_configuration_of_before_has_the_same_hours_on_each_working_day() -> None:
    before = {"weekdays": [0, 1, 2, 3, 4], "opens": 510, "closes": 1050, "holidays": "FR"}
    assert from_document({**to_document(town()), "working_time": before}, 3) == town()


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "delay", "end"),
    [
        ("2026-11-23T11:00", Delay(2, "hours", True), "2026-11-23T14:30"),  # over lunch
        ("2026-11-23T12:30", Delay(1, "hours", True), "2026-11-23T14:30"),
        ("2026-11-23T09:00", Delay(1, "days", True), "2026-11-24T17:30"),
        ("2026-11-24T09:00", Delay(1, "days", True), "2026-11-27T12:00"),  # Friday: in the morning alone
        ("2026-12-22T09:00", Delay(1, "days", True), "2027-01-04T17:30"),  # Christmas, and a closure
    ],
)
def test_breaks_days_off_and_closures(start: str, delay: Delay, end: str) -> None:
    working = replace(
        WEEK, closed=((date(2026, 12, 24), date(2026, 12, 24)), (date(2026, 12, 28), date(2027, 1, 2)))
    )
    assert Calendar("Europe/Paris", working).deadline(_local(start), delay) == _local(end)


@pytest.mark.parametrize(
    ("start", "days", "french", "english"),
    [
        # 25 November 2026 is a Wednesday.
        ("2026-11-25T10:00", 2, "27/11/2026 à 24:00", "2026-11-27 24:00"),
        ("2026-11-27T23:59", 1, "30/11/2026 à 24:00", "2026-11-30 24:00"),
        ("2026-12-30T00:00", 1, "31/12/2026 à 24:00", "2026-12-31 24:00"),
        ("2026-10-23T12:00", 1, "26/10/2026 à 24:00", "2026-10-26 24:00"),  # over a change of clocks
    ],
)
def test_a_day_that_closes_at_midnight_is_the_day_that_ends(
    start: str, days: int, french: str, english: str
) -> None:
    calendar = Calendar("Europe/Paris", WorkingTime.daily(range(5), 480, 1440))
    end = calendar.deadline(_local(start), Delay(days, "days", True))
    assert Dates("fr", PARIS).short_deadline(end) == french
    assert Dates("en", PARIS).short_deadline(end) == english


def test_hours_by_weekday_are_read_from_the_files(folder: Path) -> None:
    edit(folder, "town.yaml", DAILY, SHORT)
    closed = ((date(2026, 12, 24),) * 2, (date(2026, 12, 28), date(2027, 1, 2)))
    assert load(folder).working_time == replace(WEEK, closed=closed)


def test_closures_go_with_the_same_hours_every_day_too(folder: Path) -> None:
    edit(folder, "town.yaml", DAILY, DAILY + "\n  closed: [2026-12-24]")
    assert load(folder).working_time == replace(
        WorkingTime.daily((0, 1, 3, 4, 5), 540, 720), closed=((date(2026, 12, 24),) * 2,)
    )


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('hours: {monday: ["12:00-08:30"]}', "the town hall closes before it opens; the second time must be"),
        ('hours: {monday: ["08:30-12:00", "11:00-17:30"]}', "two times of monday overlap; end one before"),
        ('hours: {monday: ["08:30-08:30"]}', "'08:30-08:30' ends when it begins; expected: as in \"08:30-12"),
        ('hours: {monday: ["8:30-12:00"]}', "'8:30-12:00' does not fit; expected: as in \"08:30-12:00\""),
        ('hours: {monday: "08:30-12:00"}', "hours.monday: should be a list"),
        ("hours: {lundi: []}", "hours.lundi: 'lundi' is unknown"),
        ("hours: {monday: []}", "the town hall never opens; give one day its hours"),
        ("hours: {}", "the town hall never opens; give one day its hours"),
        ("hours: []", "working_time.hours: should be a mapping; expected: {monday:"),
        (
            'opens: "09:00"\n  closes: "12:00"',
            "missing field 'weekdays'; expected: a list; each one of: mond",
        ),
        ('hours: {monday: []}\n  opens: "09:00"', "working_time.opens: cannot stand beside 'hours'"),
        (DAILY + "\n  closed: 2026-12-24", "working_time.closed: should be a list; write [2026-12-24]"),
        (
            DAILY + "\n  closed: [24/12/2026]",
            "closed[0]: '24/12/2026' is no day, and no days in a row; expec",
        ),
        (DAILY + "\n  closed: [2026-02-30]", "closed[0]: '2026-02-30' is no day"),
        (DAILY + "\n  closed: [2026-12-24/2026-12-23]", "ends before it begins, or after more than a year"),
        (DAILY + "\n  closed: [2026-12-24/2027-12-25]", "ends before it begins, or after more than a year"),
        (DAILY + "\n  closed: [2026]", "closed[0]: should be text"),
    ],
)
def test_what_is_no_working_time_is_told_once(folder: Path, written: str, says: str) -> None:
    line = edit(folder, "town.yaml", DAILY, written)
    [told] = errors(folder)
    assert says in told
    assert line - 1 <= int(told.split(":")[1]) <= line + written.count("\n")


def test_working_time_is_shown_with_its_breaks_and_closures() -> None:
    closed = ((date(2026, 12, 24),) * 2, (date(2026, 12, 28), date(2027, 1, 2)))
    shown = outline.of(changed_town(working_time=replace(WEEK, closed=closed)), "fr").splitlines()
    lines = [" ".join(line.split()) for line in shown]
    assert "ouvert lundi, mardi; 08:30-12:00, 13:30-17:30; sauf jours fériés (FR)" in lines
    assert "ouvert vendredi; 08:30-12:00; sauf jours fériés (FR)" in lines
    assert "fermé 2026-12-24, 2026-12-28/2027-01-02" in lines
