"""What a client is told instead of what it asked for, in GeoReport's own form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class GeoReportError(Exception):
    """`status` of HTTP, and what is wrong: a description each. `retry_after`: seconds."""

    def __init__(self, status: int, descriptions: Sequence[str], retry_after: int | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.descriptions = tuple(descriptions)
        self.retry_after = retry_after

    def with_more(self, descriptions: Iterable[str]) -> GeoReportError:
        """The same, and what else is wrong: of each parameter the first alone."""
        by_parameter: dict[str, str] = {}
        for described in (*self.descriptions, *descriptions):
            by_parameter.setdefault(described.partition(":")[0], described)
        return GeoReportError(self.status, list(by_parameter.values()), self.retry_after)


def refusal(status: int, description: str) -> GeoReportError:
    """With one thing wrong."""
    return GeoReportError(status, [description])
