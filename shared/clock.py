"""The time, in one place."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def timestamp() -> str:
    """This moment as RFC 3339 with milliseconds, the form of every `time` on the bus."""
    return rfc3339(now())


def rfc3339(moment: datetime) -> str:
    """`moment` (aware) in UTC as RFC 3339 with milliseconds: `2026-11-22T09:00:00.000Z`."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
