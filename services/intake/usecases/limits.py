"""How many submissions an hour are taken from one front end, and for one address."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from cachetools import TTLCache

from services.intake.domain.reports import FieldError
from services.intake.domain.submissions import Submission

HOUR = 3600.0
_KNOWN = 100_000  # senders or addresses that are counted at once; beyond, the oldest are forgotten


@dataclass(slots=True)
class _Count:
    """Submissions since `began`, a moment of the counter's clock."""

    began: float
    taken: int = 0


class HourlyCount:
    """Counts by key for an hour from its first, `most` at the most, 0 for no limit; lost at a restart."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._counts: TTLCache[Hashable, _Count] = TTLCache(_KNOWN, HOUR, clock)

    def wait(self, key: Hashable) -> float:
        """Seconds until `key` may go on; 0 where it may now."""
        count = self._counts.get(key)
        if not self._most or count is None or count.taken < self._most:
            return 0.0
        return max(0.0, count.began + HOUR - self._clock())

    def add(self, key: Hashable) -> None:
        """One more was taken."""
        if self._most:
            count = self._counts.get(key)
            if count is None:
                count = self._counts[key] = _Count(self._clock())
            count.taken += 1


class Limits:
    """The limits of one process; front ends that are `trusted` have none."""

    def __init__(
        self, per_front_end: HourlyCount, per_address: HourlyCount, trusted: Sequence[str] = ()
    ) -> None:
        self._front_ends = per_front_end
        self._addresses = per_address
        self._trusted = frozenset(trusted)

    def errors(self, submission: Submission) -> list[FieldError]:
        """Why the submission comes too soon; nothing where it does not."""
        if submission.sender in self._trusted:
            return []
        return [
            *_too_soon("", self._front_ends.wait(_front_end(submission))),
            *_too_soon("/data/citizen/email", self._addresses.wait(_address(submission))),
        ]

    def add(self, submission: Submission) -> None:
        """The submission was taken."""
        if submission.sender not in self._trusted:
            self._front_ends.add(_front_end(submission))
            self._addresses.add(_address(submission))


def _too_soon(pointer: str, seconds: float) -> list[FieldError]:
    return [FieldError(pointer, f"too_often:{max(1, round(seconds / 60))}")] if seconds else []


def _front_end(submission: Submission) -> Hashable:
    return submission.town, submission.sender


def _address(submission: Submission) -> Hashable:
    return submission.town, submission.author.key
