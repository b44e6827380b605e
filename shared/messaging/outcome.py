"""What may become of a message: done, retried later, or parked with its cause."""

from __future__ import annotations


class Retry(Exception):
    """Not now: try this message again after `after` seconds, or after the next of the usual delays."""

    def __init__(self, cause: str, after: float | None = None) -> None:
        super().__init__(cause)
        self.cause = cause
        self.after = after


class Park(Exception):
    """Never: no retry can save this message, so it is parked with its cause."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Refuse(Park):
    """Never, by its sender's own fault: parked within what one sender may have there."""


Outcome = Retry | Park


class Overtaken(Exception):
    """Another replica did the same a moment earlier: run the batch again and see what it left."""
