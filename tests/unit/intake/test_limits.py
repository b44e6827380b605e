"""How many submissions an hour are taken."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.reports import FieldError
from services.intake.domain.submissions import Author, Submission
from services.intake.usecases.limits import HOUR, HourlyCount, Limits

SUBMISSION = Submission(
    "gentilly", "web", "problem", "voirie/trou", "fr", "Trou", Author("Ada", "Martin", "ada@example.org")
)


class Clock:
    """Seconds that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def limits(per_front_end: int, per_address: int, clock: Clock, trusted: tuple[str, ...] = ()) -> Limits:
    return Limits(HourlyCount(per_front_end, clock), HourlyCount(per_address, clock), trusted)


def other(number: int) -> Submission:
    """From another person, by the same front end."""
    return replace(SUBMISSION, author=Author("Bea", "Martin", f"bea{number}@example.org"))


def test_a_front_end_has_its_share_and_another_has_its_own() -> None:
    clock = Clock()
    own = limits(2, 0, clock)
    own.add(other(1))
    assert own.errors(other(2)) == []
    own.add(other(2))
    assert own.errors(other(3)) == [FieldError("", "too_often:60")]
    assert own.errors(replace(other(3), sender="kiosk")) == []
    assert own.errors(replace(other(3), town="arcueil")) == []


def test_an_address_has_its_share_however_it_is_written() -> None:
    own = limits(0, 1, Clock())
    own.add(SUBMISSION)
    again = replace(SUBMISSION, author=Author("A", "M", "ADA@example.org"))
    assert own.errors(again) == [FieldError("/data/citizen/email", "too_often:60")]
    assert own.errors(other(1)) == []


def test_when_to_come_again_is_said_and_true() -> None:
    clock = Clock()
    own = limits(1, 0, clock)
    own.add(SUBMISSION)
    clock.now += HOUR - 90
    assert own.errors(SUBMISSION) == [FieldError("", "too_often:2")]
    clock.now += 91
    assert own.errors(SUBMISSION) == []


def test_a_trusted_front_end_has_no_limit() -> None:
    own = limits(1, 1, Clock(), ("web",))
    own.add(SUBMISSION)
    own.add(SUBMISSION)
    assert own.errors(SUBMISSION) == []


@given(st.integers(1, 20), st.lists(st.floats(0, 600), max_size=60))
def test_no_hour_from_the_first_has_more(most: int, pauses: list[float]) -> None:
    clock = Clock()
    own, taken = HourlyCount(most, clock), list[float]()
    for pause in pauses:
        clock.now += pause
        if not own.wait("key"):
            own.add("key")
            taken.append(clock.now)
    windows: list[list[float]] = []
    for moment in taken:
        if not windows or moment - windows[-1][0] >= HOUR:
            windows.append([])
        windows[-1].append(moment)
    assert all(len(window) <= most for window in windows)
