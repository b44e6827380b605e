"""`vigie events resend --since`: which moments it takes, and what it says of all else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import click
import pytest
import time_machine
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from shared.commands.events import _moment, events

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
NONE = [
    "99999999d",
    "99999999h",
    "999999999999999d",
    "9" * 400 + "h",
    "0001-01-01",
    "0001-01-01T00:00+14:00",
    "9999-12-31T23:59-14:00",
    "1969-12-31",
    "²d",
    "７d",
    "-1d",
    "1.5d",
    "1w",
    "d",
    "",
    "soon",
    "2026-02-30",
]


@pytest.fixture
def far_away() -> Iterator[None]:
    """A machine whose clock is far from UTC."""
    with time_machine.travel(NOW, tick=False), pytest.MonkeyPatch.context() as environment:
        environment.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize("text", NONE)
def test_what_names_no_moment_is_answered_with_what_would(text: str) -> None:
    printed = CliRunner().invoke(events, ["resend", "--since", text])
    assert (printed.exit_code, type(printed.exception)) == (2, SystemExit)
    assert "write 2026-11-22, 2026-11-22T10:00+01:00, 36h or 7d" in printed.output


@pytest.mark.parametrize("text", ["6m", "0m", "600m"])
def test_minutes_and_months_are_not_told_apart(text: str) -> None:
    printed = CliRunner().invoke(events, ["resend", "--since", text])
    assert printed.exit_code == 2
    assert f"{text} may be minutes or months" in printed.output


@pytest.mark.usefixtures("far_away")
@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("36h", NOW - timedelta(hours=36)),
        ("7d", NOW - timedelta(days=7)),
        ("0h", NOW),
        ("2026-11-22", datetime(2026, 11, 21, 15, tzinfo=UTC)),
        ("2026-11-22T10:00+01:00", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ("2026-11-22T09:00:00Z", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ("1970-01-02", datetime(1970, 1, 1, 15, tzinfo=UTC)),
    ],
)
def test_what_names_a_moment_is_that_moment(text: str, moment: datetime) -> None:
    assert _moment(text) == moment


@given(
    st.text(max_size=12) | st.builds("".join, st.lists(st.sampled_from("0123456789hdm-:T+Z²"), max_size=30))
)
def test_any_text_is_a_moment_or_is_refused(text: str) -> None:
    with suppress(click.UsageError):  # anything else is a traceback
        assert _moment(text).tzinfo is not None
