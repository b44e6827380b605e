"""Days and hours as people write them: the hour apart from the day, a deadline's day the one that ends."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.l10n import Dates

PARIS = ZoneInfo("Europe/Paris")
FRENCH, ENGLISH = Dates("fr", PARIS), Dates("en", "Europe/Paris")
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


def _at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("when", "french", "english"),
    [
        (_at(2026, 12, 1, 23, 59), "mardi 1er décembre 2026", "Tuesday 1 December 2026"),
        (date(2026, 12, 21), "lundi 21 décembre 2026", "Monday 21 December 2026"),
        (date(2026, 8, 11), "mardi 11 août 2026", "Tuesday 11 August 2026"),
        (datetime(2026, 11, 30, 23, 30, tzinfo=UTC), "mardi 1er décembre 2026", "Tuesday 1 December 2026"),
    ],
)
def test_day(when: date | datetime, french: str, english: str) -> None:
    assert (FRENCH.day(when), ENGLISH.day(when)) == (french, english)


@pytest.mark.parametrize(
    ("when", "french", "english"),
    [
        (_at(2026, 11, 22, 1, 41), "22 novembre 2026 à 1 h 41", "22 November 2026 at 01:41"),
        (_at(2026, 12, 1, 1, 1), "1er décembre 2026 à 1 h 01", "1 December 2026 at 01:01"),
        (_at(2026, 11, 11, 11, 1), "11 novembre 2026 à 11 h 01", "11 November 2026 at 11:01"),
        (_at(2026, 7, 14, 0, 5), "14 juillet 2026 à 0 h 05", "14 July 2026 at 00:05"),
    ],
)
def test_hour_is_never_an_ordinal(when: datetime, french: str, english: str) -> None:
    assert FRENCH.moment(when).replace("\u00a0", " ") == french
    assert ENGLISH.moment(when) == english


def test_no_line_breaks_inside_an_hour() -> None:
    assert FRENCH.moment(_at(2026, 11, 22, 1, 41)).endswith("à 1\u00a0h\u00a041")


@given(MOMENTS)
def test_day_and_hour_are_those_of_the_clock_on_the_wall(when: datetime) -> None:
    said = re.fullmatch(
        r"(\w+) (\d+(?:er)?) (\w+) (\d+) à (\d+)\u00a0h\u00a0(\d\d)", FRENCH.day_and_moment(when)
    )
    assert said
    local = when.astimezone(PARIS)
    day = "1er" if local.day == 1 else str(local.day)
    assert (said[2], said[4], said[5], said[6]) == (day, str(local.year), str(local.hour), f"{local:%M}")


@pytest.mark.parametrize(
    ("due", "day", "french", "english", "short"),
    [
        (
            _at(2026, 11, 28),
            "vendredi 27 novembre 2026",
            "vendredi 27 novembre 2026",
            "Friday 27 November 2026",
            "27/11/2026 à 24:00",
        ),
        (
            _at(2027, 1, 1),
            "jeudi 31 décembre 2026",
            "jeudi 31 décembre 2026",
            "Thursday 31 December 2026",
            "31/12/2026 à 24:00",
        ),
        (
            _at(2026, 3, 30),  # its eve has 23 hours
            "dimanche 29 mars 2026",
            "dimanche 29 mars 2026",
            "Sunday 29 March 2026",
            "29/03/2026 à 24:00",
        ),
        (
            _at(2026, 11, 28, 0, 1),
            "samedi 28 novembre 2026",
            "samedi 28 novembre 2026 à 0 h 01",
            "Saturday 28 November 2026 at 00:01",
            "28/11/2026 à 00:01",
        ),
    ],
)
def test_deadline_at_midnight_is_the_day_that_ends(
    due: datetime, day: str, french: str, english: str, short: str
) -> None:
    assert FRENCH.deadline_day(due) == day
    assert FRENCH.deadline(due).replace("\u00a0", " ") == french
    assert ENGLISH.deadline(due) == english
    assert FRENCH.short_deadline(due) == short


@given(MOMENTS)
def test_who_acts_on_the_day_that_is_named_is_in_time(moment: datetime) -> None:
    """The day that is named is the last one of which something is left before the deadline, to the minute."""
    due = moment.replace(second=0, microsecond=0)
    last = (due - timedelta(microseconds=1)).astimezone(PARIS).date()
    midnight = due.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
    for deadline in (due, midnight):
        named = FRENCH.short_deadline(deadline).split(" ")[0]
        before = last if deadline == due else (midnight.date() - timedelta(days=1))
        assert named == f"{before:%d/%m/%Y}"


@pytest.mark.parametrize(
    ("language", "moment", "precise", "late"),
    [
        ("fr", "01/12/2026 à 01:41", "01/12/2026 01:41:07", "30/11/2026 24:00:00"),
        ("en", "2026-12-01 01:41", "2026-12-01 01:41:07", "2026-11-30 24:00:00"),
    ],
)
def test_short_forms_sort_and_align(language: str, moment: str, precise: str, late: str) -> None:
    dates, when = Dates(language, PARIS), _at(2026, 12, 1, 1, 41, 7)
    assert dates.short_moment(when) == moment
    assert dates.short_moment(when, seconds=True) == precise
    assert dates.short_deadline(_at(2026, 12, 1), seconds=True) == late
