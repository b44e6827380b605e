"""A front end that loses its connection and goes on: what has no answer is sent again under the same id."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any, Self

import pika.exceptions

from tests.e2e.tool import Tool, front_end, submission

_WINDOW = 100
_AGAIN = 10.0


class PatientFrontEnd:
    """Sends `number` submissions, at most a window of them unanswered, until each has its receipt."""

    def __init__(self, url: str, number: int) -> None:
        self._url = url
        self._waiting = [_event(n) for n in range(number)]
        self._asked: dict[str, dict[str, Any]] = {}
        self.receipts: dict[str, dict[str, Any]] = {}
        self._tool: Tool | None = None
        self._heard = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drop()

    def wait_for(self, number: int, timeout: float = 180.0) -> dict[str, dict[str, Any]]:
        """Go on until there are `number` receipts; returns all there are by submission."""
        deadline = time.monotonic() + timeout
        while len(self.receipts) < number:
            assert time.monotonic() < deadline, f"{len(self.receipts)} of {number} receipts"
            try:
                self._step()
            except (pika.exceptions.AMQPError, OSError):
                self._drop()
        return self.receipts

    def _step(self) -> None:
        tool = self._connected()
        while self._waiting and len(self._asked) < _WINDOW:
            event = self._waiting.pop()
            self._asked[event["id"]] = event
            tool.send(event)
        before = len(tool.answers)
        tool.listen(0.5)
        self._take(tool.answers[before:])

    def _take(self, answers: list[tuple[str, dict[str, Any]]]) -> None:
        for event_id, answer in answers:
            self.receipts[event_id] = answer
            self._asked.pop(event_id, None)
        if answers:
            self._heard = time.monotonic()
        elif time.monotonic() - self._heard > _AGAIN:
            self._drop()

    def _connected(self) -> Tool:
        if self._tool is None:
            self._tool = front_end(self._url)
            self._heard = time.monotonic()
        return self._tool

    def _drop(self) -> None:
        """Give the connection up; what was asked on it is to be asked again."""
        tool, self._tool = self._tool, None
        self._waiting += self._asked.values()
        self._asked = {}
        if tool is not None:
            tool.abandon()


def _event(number: int) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"patient-{number}",
        "source": "urn:tool:patient",
        "type": "submission.sent.v1",
        "town": "gentilly",
        "time": "2026-11-22T10:00:00+01:00",
        "data": submission(number),
    }
