"""What the author of a report does about it later. No input, no output."""

from __future__ import annotations

from dataclasses import dataclass

from services.intake.domain.reports import WEB
from shared.contracts.states import Act


@dataclass(frozen=True, slots=True)
class AuthorAct:
    """One such act. `outcome`: why it is withdrawn (`gone` …), or how it is rated (`satisfied` …).

    `photos`: ids of those that were added, uploads of the report's own (`photos_of`).
    """

    act: Act
    text: str | None = None
    outcome: str | None = None
    photos: tuple[str, ...] = ()


def photos_of(report_id: str) -> str:
    """Who owns photos that are added to a report: that report alone."""
    return f"{WEB}/{report_id}"


def sequence_after(last: str | None) -> str:
    """Where an act stands among a report's steps: after `last`, and before the next that routing publishes.

    `last` is the last step's sequence, routing's (`0000000002`) or an act's (`0000000002.01`).
    """
    number, _, own = (last or "0" * 10).partition(".")
    return f"{number}.{int(own or 0) + 1:02}"
